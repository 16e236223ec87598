// Softmax cross-entropy of each row's own logit against sampled candidates, and its slopes, in one pass over the row:
//   z_j = dots_j + offset_j, left out where candidate j is the row's label; loss = log(exp(own) + sum exp(z_j)) - own.
// Letters: N rows, S candidates.
#include <algorithm>
#include <cmath>

#include "kernel.h"

namespace peterrec {
namespace {

typedef int32_t Ints __attribute__((vector_size(32), aligned(4)));
constexpr float kNever = -1e30f;

// exp of numbers that are at most 0, to two units in the last place: 2^n times a polynomial on [-ln 2 / 2, ln 2 / 2]
// (coefficients of Cephes' expf). Below -87 it is 0.
AVX2 inline Lanes Exp(const Lanes& x) {
  const Lanes given = x < -87.0f ? Lanes{} - 87.0f : x;
  const Ints n = __builtin_convertvector(given * 1.44269504088896341f - 0.5f, Ints);  // rounds to the nearest
  const Lanes whole = __builtin_convertvector(n, Lanes);
  const Lanes r = given - whole * 0.693359375f + whole * 2.12194440e-4f;
  Lanes y = r * 1.9875691500e-4f + 1.3981999507e-3f;
  y = y * r + 8.3334519073e-3f;
  y = y * r + 4.1665795894e-2f;
  y = y * r + 1.6666665459e-1f;
  y = y * r + 5.0000001201e-1f;
  y = y * r * r + r + 1.0f;
  const Ints bits = (n + 127) << 23;
  return x < -87.0f ? Lanes{} : y * (Lanes)bits;  // a cast between vectors keeps the bits
}

AVX2 inline float Greatest(const Lanes& v) {
  float greatest = v[0];
  for (int i = 1; i < kLanes; i++) greatest = std::max(greatest, v[i]);
  return greatest;
}

struct Sample {
  const float* offset;
  const int32_t* candidates;
  int64_t S;
};

// Slopes [S] of one row, of its own logit, and its loss.
AVX2 void Row(const Sample& sample, const float* dots, float own, int32_t label, float* slopes, float* ownSlope,
              float* loss) {
  const int64_t S = sample.S, whole = S - S % kLanes;
  Lanes top = Lanes{} + own;
  float greatest = own;
  for (int64_t j = 0; j < whole; j += kLanes) {
    const Ints hit = *reinterpret_cast<const Ints*>(sample.candidates + j) == label;
    const Lanes z = hit ? Lanes{} + kNever : Load(dots + j) + Load(sample.offset + j);
    Store(slopes + j, z);
    top = z > top ? z : top;
  }
  for (int64_t j = whole; j < S; j++) {
    slopes[j] = sample.candidates[j] == label ? kNever : dots[j] + sample.offset[j];
    greatest = std::max(greatest, slopes[j]);
  }
  greatest = std::max(greatest, Greatest(top));
  Lanes sums = {};
  float sum = std::exp(own - greatest);
  for (int64_t j = 0; j < whole; j += kLanes) {
    const Lanes e = Exp(Load(slopes + j) - greatest);
    Store(slopes + j, e);
    sums += e;
  }
  for (int64_t j = whole; j < S; j++) sum += slopes[j] = std::exp(slopes[j] - greatest);
  sum += Sum(sums);
  const float scale = 1 / sum;
  for (int64_t j = 0; j < whole; j += kLanes) Store(slopes + j, Load(slopes + j) * scale);
  for (int64_t j = whole; j < S; j++) slopes[j] *= scale;
  *loss = std::log(sum) + greatest - own;
  *ownSlope = std::exp(own - greatest) * scale - 1;
}

void Compute(void*, TF_OpKernelContext* context) {
  Call call(context);
  const TF_Tensor* given = call.Input(0);
  const int64_t N = TF_Dim(given, 0), S = TF_Dim(given, 1);
  const float *dots = Call::Values(given), *own = Call::Values(call.Input(1));
  const Sample sample = {Call::Values(call.Input(2)), Call::Values<int32_t>(call.Input(4)), S};
  const int32_t* labels = Call::Values<int32_t>(call.Input(3));
  float *losses = call.Output(0, {N}), *slopes = call.Output(1, {N, S}), *ownSlopes = call.Output(2, {N});
  Parallel([&](int part) {
    ForRows(N, part, [&](int64_t row) {
      Row(sample, dots + row * S, own[row], labels[row], slopes + row * S, ownSlopes + row, losses + row);
    });
  });
}

const bool registered = Register({"SampledSoftmax",
                                  {"dots: float", "own: float", "offset: float", "labels: int32", "candidates: int32"},
                                  {"losses: float", "slopes: float", "own_slopes: float"},
                                  {},
                                  UnknownShape, nullptr, Compute, nullptr});

}  // namespace
}  // namespace peterrec
