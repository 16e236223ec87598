// Layer norm over the last axis with the ReLU and the residual sum after it, in one pass each way:
//   n = (x - mean(x)) / sqrt(var(x) + epsilon), y = relu(n gain + shift) + residual.
// TensorFlow's own route (batch norm, product, sum, ReLU, sum) goes over x five times.
// Letters: N rows, C channels, a multiple of 8.
#include "isa.h"
#include "kernel.h"
#include "normalisation/rows.h"

#define EACH_ISA "../normalisation/each.inc"
#include "tiles/eachIsa.h"

namespace peterrec {
namespace {

// Sixteen numbers at a time where the channels are a multiple of that.
const Kernels& KernelsFor(int64_t C) {
  switch (C % 16 == 0 ? InUse() : Isa::avx2) {
    case Isa::avx512: return avx512::kKernels;
    case Isa::avx2x16: return avx2x16::kKernels;
    default: return avx2::kKernels;
  }
}

// Rows that a thread takes at a time.
constexpr int64_t kFew = 64;

// Rows [from, to) at a time, by whichever thread is free.
template <typename F>
void ByRows(int64_t N, const F& each) {
  Turns turns((N + kFew - 1) / kFew);
  Parallel([&](int) { turns.Take([&](int64_t few) { each(few * kFew, std::min(N, (few + 1) * kFew)); }); });
}

// The inputs x, gain and shift from the index of x on; refuses shapes that do not go together.
Rows RowsOf(Call& call, int first) {
  const TF_Tensor *x = call.Input(first), *gain = call.Input(first + 1), *shift = call.Input(first + 2);
  const int64_t C = TF_NumDims(x) > 0 ? TF_Dim(x, TF_NumDims(x) - 1) : 0;
  if (C == 0 || C % avx2::kLanes != 0) {
    call.Refuse("x has " + std::to_string(C) + " channels, expected 8 or a multiple of it");
    return {};
  }
  if (!call.Has("gain", gain, {C}) || !call.Has("shift", shift, {C})) return {};
  return {Call::Values(x), Call::Values(gain), Call::Values(shift), C, TF_TensorElementCount(x) / C};
}

// The inputs dy, mean and scale of the gradient of so many rows; refuses other shapes than theirs.
Slopes SlopesOf(Call& call, int64_t N) {
  const TF_Tensor *dy = call.Input(0), *mean = call.Input(4), *scale = call.Input(5);
  if (!call.Has("dy", dy, ShapeOf(call.Input(1))) || !call.Has("mean", mean, {N}) || !call.Has("scale", scale, {N})) return {};
  return {Call::Values(dy), Call::Values(mean), Call::Values(scale)};
}

template <bool kSum>
void Forward(void* kernel, TF_OpKernelContext* context) {
  Call call(context, kSum ? "NormReluSum" : "NormRelu");
  const float epsilon = *static_cast<float*>(kernel);
  const Rows rows = RowsOf(call, 0);
  if (!call.Fine()) return;
  const std::vector<int64_t> shape = ShapeOf(call.Input(0));
  if (kSum && !call.Has("residual", call.Input(3), shape)) return;
  const float* residual = kSum ? Call::Values(call.Input(3)) : nullptr;
  const Normalised found = {call.Output(0, shape), call.Output(1, {rows.N}), call.Output(2, {rows.N})};
  if (!call.Fine()) return;
  ByRows(rows.N, [&](int64_t from, int64_t to) {
    KernelsFor(rows.C).normalise(rows, from, to, residual, epsilon, found);
  });
}

void InputGradient(void*, TF_OpKernelContext* context) {
  Call call(context, "NormReluGrad");
  const Rows rows = RowsOf(call, 1);
  if (!call.Fine()) return;
  const Slopes given = SlopesOf(call, rows.N);
  if (!call.Fine()) return;
  float* dx = call.Output(0, ShapeOf(call.Input(1)));
  if (!call.Fine()) return;
  ByRows(rows.N, [&](int64_t from, int64_t to) { KernelsFor(rows.C).inputSlopes(rows, from, to, given, dx); });
}

void AllGradients(void*, TF_OpKernelContext* context) {
  Call call(context, "NormReluGrads");
  const Rows rows = RowsOf(call, 1);
  if (!call.Fine()) return;
  const Slopes given = SlopesOf(call, rows.N);
  if (!call.Fine()) return;
  float* dx = call.Output(0, ShapeOf(call.Input(1)));
  float* slopes[] = {call.Output(1, {rows.C}), call.Output(2, {rows.C})};
  if (!call.Fine()) return;
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
    Register({"NormReluGrads",
              kSlopeInputs,
              {"dx: float", "dgain: float", "dshift: float"},
              {},
              UnknownShape, nullptr, AllGradients, nullptr});

}  // namespace
}  // namespace peterrec
