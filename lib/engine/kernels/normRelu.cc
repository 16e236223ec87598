// Layer norm over the last axis with the ReLU and the residual sum after it, in one pass each way:
//   n = (x - mean(x)) / sqrt(var(x) + epsilon), y = max(n gain + shift, floor) + residual.
// A floor of 0 is the ReLU; one below all numbers leaves it out.
// TensorFlow's own route (batch norm, product, sum, ReLU, sum) goes over x five times.
// Letters: N rows, C channels, a multiple of 8.
#include <cmath>

#include "isa.h"
#include "kernel.h"

namespace peterrec {

struct Rows {
  const float *x, *gain, *shift;
  int64_t C, N;
  float epsilon, floor;
};

// y [N, C], and of each row its mean and reciprocal deviation [N].
struct Normalised {
  float *y, *mean, *scale;
};

// The gradient of y [N, C], and the forward pass's mean and scale.
struct Slopes {
  const float *dy, *mean, *scale;
};

// Kernels on rows [from, to) for one set of instructions.
struct Kernels {
  void (*normalise)(const Rows&, int64_t from, int64_t to, const float* residual, const Normalised&);
  // The second adds to `sums` what the rows add to dgain [C] and, after it, dshift [C].
  void (*inputSlopes)(const Rows&, int64_t from, int64_t to, const Slopes&, float* dx, float* sums);
  void (*allSlopes)(const Rows&, int64_t from, int64_t to, const Slopes&, float* dx, float* sums);
};

}  // namespace peterrec

#define EACH_ISA "../normalisation/rows.inc"
#include "tiles/eachIsa.h"

namespace peterrec {
namespace {

// Sixteen numbers at a time where the channels are a multiple of that.
const Kernels& KernelsFor(int64_t C) {
  return *ByIsa(C % 16 == 0, EACH_SET(kKernels));
}

// Rows that a thread takes at a time.
constexpr int64_t kFew = 64;

// Rows [from, to) at a time, by whichever thread is free.
template <typename F>
void ByRows(int64_t N, const F& each) {
  Turns turns((N + kFew - 1) / kFew);
  Parallel([&](int) { turns.Take([&](int64_t few) { each(few * kFew, std::min(N, (few + 1) * kFew)); }); });
}

struct Numbers {
  typedef float Number;
  float epsilon, floor;
  static constexpr const char* kNames[] = {"epsilon", "floor"};
};

// The inputs x, gain and shift from the index of x on; refuses shapes that do not go together.
Rows RowsOf(Call& call, int first, const void* kernel) {
  const Numbers& own = *static_cast<const Numbers*>(kernel);
  const TF_Tensor *x = call.Input(first), *gain = call.Input(first + 1), *shift = call.Input(first + 2);
  const int64_t C = TF_NumDims(x) > 0 ? TF_Dim(x, TF_NumDims(x) - 1) : 0;
  if (C == 0 || C % kLanes != 0) {
    call.Refuse("x has " + std::to_string(C) + " channels, expected 8 or a multiple of it");
    return {};
  }
  if (!call.Has("gain", gain, {C}) || !call.Has("shift", shift, {C})) return {};
  return {Call::Values(x), Call::Values(gain), Call::Values(shift), C, TF_TensorElementCount(x) / C, own.epsilon, own.floor};
}

// The inputs dy, mean and scale of the gradient of so many rows; refuses other shapes than theirs.
Slopes SlopesOf(Call& call, int64_t N) {
  const TF_Tensor *dy = call.Input(0), *mean = call.Input(4), *scale = call.Input(5);
  if (!call.Has("dy", dy, ShapeOf(call.Input(1))) || !call.Has("mean", mean, {N}) || !call.Has("scale", scale, {N})) return {};
  return {Call::Values(dy), Call::Values(mean), Call::Values(scale)};
}

// The residual may be empty.
void Forward(void* kernel, TF_OpKernelContext* context) {
  Call call(context, "NormRelu");
  const Rows rows = RowsOf(call, 0, kernel);
  if (!call.Fine()) return;
  const std::vector<int64_t> shape = ShapeOf(call.Input(0));
  const TF_Tensor* sum = call.Input(3);
  if (!IsEmpty(sum) && !call.Has("residual", sum, shape)) return;
  const float* residual = IsEmpty(sum) ? nullptr : Call::Values(sum);
  const Normalised found = {call.Output(0, shape), call.Output(1, {rows.N}), call.Output(2, {rows.N})};
  if (!call.Fine()) return;
  ByRows(rows.N, [&](int64_t from, int64_t to) {
    KernelsFor(rows.C).normalise(rows, from, to, residual, found);
  });
}

// dx alone, or with kAll dgain and dshift too, which each thread sums over some of the rows.
template <bool kAll>
void Gradient(void* kernel, TF_OpKernelContext* context) {
  Call call(context, kAll ? "NormReluGrads" : "NormReluGrad");
  const Rows rows = RowsOf(call, 1, kernel);
  if (!call.Fine()) return;
  const Slopes given = SlopesOf(call, rows.N);
  if (!call.Fine()) return;
  float* dx = call.Output(0, ShapeOf(call.Input(1)));
  float* slopes[] = {kAll ? call.Output(1, {rows.C}) : nullptr, kAll ? call.Output(2, {rows.C}) : nullptr};
  if (!call.Fine()) return;
  if (!kAll)
    return ByRows(rows.N, [&](int64_t from, int64_t to) {
      KernelsFor(rows.C).inputSlopes(rows, from, to, given, dx, nullptr);
    });
  std::vector<float> sums(2 * rows.C * Parts());
  Parallel([&](int part) {
    const int64_t from = rows.N * part / Parts(), to = rows.N * (part + 1) / Parts();
    KernelsFor(rows.C).allSlopes(rows, from, to, given, dx, sums.data() + 2 * rows.C * part);
  });
  for (int64_t i = 0; i < 2 * rows.C; i++) {
    float total = 0;
    for (int part = 0; part < Parts(); part++) total += sums[2 * rows.C * part + i];
    slopes[i / rows.C][i % rows.C] = total;
  }
}

const std::vector<const char*> kGiven = {"dy", "x", "gain", "shift", "mean", "scale"};

const bool registered = Register({"NormRelu", {"x", "gain", "shift", "residual"}, {"y", "mean", "scale"}, Forward},
                                 Keeping<Numbers>()) &&
                        Register({"NormReluGrad", kGiven, {"dx"}, Gradient<false>}, Keeping<Numbers>()) &&
                        Register({"NormReluGrads", kGiven, {"dx", "dgain", "dshift"}, Gradient<true>}, Keeping<Numbers>());

}  // namespace
}  // namespace peterrec
