// Layer norm over the last axis with the ReLU and the residual sum after it, in one pass each way:
//   n = (x - mean(x)) / sqrt(var(x) + epsilon), y = relu(n gain + shift) + residual.
// TensorFlow's own route (batch norm, product, sum, ReLU, sum) goes over x five times.
// Letters: N rows, C channels, a multiple of 8.
#include <cmath>

#include "kernel.h"

namespace peterrec {
namespace {

struct Rows {
  const float *x, *gain, *shift;
  int64_t C, N;
};

// y, mean and reciprocal deviation of one row.
AVX2 void Normalise(const Rows& rows, int64_t row, const float* residual, float epsilon, float* y, float* mean,
                    float* scale) {
  const int64_t C = rows.C, at = row * C;
  Lanes sum = {}, squares = {};
  for (int64_t c = 0; c < C; c += kLanes) sum += Load(rows.x + at + c);
  const float m = Sum(sum) / C;
  for (int64_t c = 0; c < C; c += kLanes) {
    const Lanes d = Load(rows.x + at + c) - m;
    squares += d * d;
  }
  const float s = 1 / std::sqrt(Sum(squares) / C + epsilon);
  for (int64_t c = 0; c < C; c += kLanes) {
    const Lanes z = (Load(rows.x + at + c) - m) * s * Load(rows.gain + c) + Load(rows.shift + c);
    const Lanes positive = z > 0 ? z : Lanes{};
    Store(y + at + c, residual ? positive + Load(residual + at + c) : positive);
  }
  mean[row] = m;
  scale[row] = s;
}

// What passes the ReLU of dy [8] at channel c of a row whose normalised values are n.
AVX2 inline Lanes Passed(const Rows& rows, int64_t at, int64_t c, const Lanes& n, const float* dy) {
  return n * Load(rows.gain + c) + Load(rows.shift + c) > 0 ? Load(dy + at + c) : Lanes{};
}

// dx of one row.
AVX2 void InputSlope(const Rows& rows, int64_t row, const float* dy, float mean, float scale, float* dx) {
  const int64_t C = rows.C, at = row * C;
  Lanes first = {}, second = {};
  for (int64_t c = 0; c < C; c += kLanes) {
    const Lanes n = (Load(rows.x + at + c) - mean) * scale;
    const Lanes g = Passed(rows, at, c, n, dy) * Load(rows.gain + c);
    Store(dx + at + c, g);
    first += g;
    second += g * n;
  }
  const float a = Sum(first) / C, b = Sum(second) / C;
  for (int64_t c = 0; c < C; c += kLanes) {
    const Lanes n = (Load(rows.x + at + c) - mean) * scale;
    Store(dx + at + c, (Load(dx + at + c) - a - n * b) * scale);
  }
}

// Adds one row's part of dgain and dshift.
AVX2 void AddWeightSlopes(const Rows& rows, int64_t row, const float* dy, float mean, float scale, float* dgain,
                          float* dshift) {
  const int64_t at = row * rows.C;
  for (int64_t c = 0; c < rows.C; c += kLanes) {
    const Lanes n = (Load(rows.x + at + c) - mean) * scale;
    const Lanes g = Passed(rows, at, c, n, dy);
    Store(dgain + c, Load(dgain + c) + g * n);
    Store(dshift + c, Load(dshift + c) + g);
  }
}

// The inputs x, gain and shift from the index of x on.
Rows RowsOf(Call& call, int first) {
  const TF_Tensor* x = call.Input(first);
  const int64_t C = TF_Dim(x, TF_NumDims(x) - 1);
  if (C % kLanes != 0) call.Refuse("NormRelu: the channels are not a multiple of 8");
  return {Call::Values(x), Call::Values(call.Input(first + 1)), Call::Values(call.Input(first + 2)), C,
          TF_TensorElementCount(x) / C};
}

template <bool kSum>
void Forward(void* kernel, TF_OpKernelContext* context) {
  Call call(context);
  const float epsilon = *static_cast<float*>(kernel);
  const Rows rows = RowsOf(call, 0);
  const float* residual = kSum ? Call::Values(call.Input(3)) : nullptr;
  float* y = call.Output(0, ShapeOf(call.Input(0)));
  float *mean = call.Output(1, {rows.N}), *scale = call.Output(2, {rows.N});
  if (!call.Fine()) return;
  Parallel([&](int part) {
    ForRows(rows.N, part, [&](int64_t row) { Normalise(rows, row, residual, epsilon, y, mean, scale); });
  });
}

void InputGradient(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Rows rows = RowsOf(call, 1);
  const float* dy = Call::Values(call.Input(0));
  const float *mean = Call::Values(call.Input(4)), *scale = Call::Values(call.Input(5));
  float* dx = call.Output(0, ShapeOf(call.Input(1)));
  if (!call.Fine()) return;
  Parallel([&](int part) {
    ForRows(rows.N, part, [&](int64_t row) { InputSlope(rows, row, dy, mean[row], scale[row], dx); });
  });
}

void WeightGradient(void*, TF_OpKernelContext* context) {
  Call call(context);
  const Rows rows = RowsOf(call, 1);
  const float* dy = Call::Values(call.Input(0));
  const float *mean = Call::Values(call.Input(4)), *scale = Call::Values(call.Input(5));
  float* slopes[] = {call.Output(0, {rows.C}), call.Output(1, {rows.C})};
  if (!call.Fine()) return;
  std::vector<float> sums(2 * rows.C * Parts());
  Parallel([&](int part) {
    float* own = sums.data() + 2 * rows.C * part;
    ForRows(rows.N, part, [&](int64_t row) {
      AddWeightSlopes(rows, row, dy, mean[row], scale[row], own, own + rows.C);
    });
  });
  for (int64_t i = 0; i < 2 * rows.C; i++) {
    float total = 0;
    for (int part = 0; part < Parts(); part++) total += sums[2 * rows.C * part + i];
    slopes[i / rows.C][i % rows.C] = total;
  }
}

void* ReadEpsilon(TF_OpKernelConstruction* construction) {
  TF_Status* status = TF_NewStatus();
  auto* epsilon = new float(0);
  TF_OpKernelConstruction_GetAttrFloat(construction, "epsilon", epsilon, status);
  if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
  TF_DeleteStatus(status);
  return epsilon;
}

void Delete(void* epsilon) { delete static_cast<float*>(epsilon); }

const std::vector<const char*> kSlopeInputs = {"dy: float",    "x: float",    "gain: float",
                                               "shift: float", "mean: float", "scale: float"};

const bool registered =
    Register({"NormRelu",
              {"x: float", "gain: float", "shift: float"},
              {"y: float", "mean: float", "scale: float"},
              {"epsilon: float"},
              UnknownShape, ReadEpsilon, Forward<false>, Delete}) &&
    Register({"NormReluSum",
              {"x: float", "gain: float", "shift: float", "residual: float"},
              {"y: float", "mean: float", "scale: float"},
              {"epsilon: float"},
              UnknownShape, ReadEpsilon, Forward<true>, Delete}) &&
    Register({"NormReluGrad", kSlopeInputs, {"dx: float"}, {}, UnknownShape, nullptr, InputGradient, nullptr}) &&
    Register({"NormReluWeightsGrad",
              kSlopeInputs,
              {"dgain: float", "dshift: float"},
              {},
              UnknownShape, nullptr, WeightGradient, nullptr});

}  // namespace
}  // namespace peterrec
