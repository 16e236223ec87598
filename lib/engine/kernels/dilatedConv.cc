// Dilated convolution along time and its gradients, straight from the rows of x: nothing is padded or unfolded, and taps
// that would read padding are skipped. conv.h says what is computed; convolution/*.inc how, for each set of instructions.
#ifndef __aarch64__
#include <immintrin.h>
#define EACH_BF16
#endif

#include <algorithm>
#include <memory>
#include <numeric>

#include "convolution/conv.h"
#include "isa.h"
#include "kernel.h"

#define EACH_ISA "../convolution/each.inc"
#include "tiles/eachIsa.h"

namespace peterrec {
namespace {

struct Geometry {
  typedef int64_t Number;
  int64_t left, dilation, step, length;  // length: O of the forward op, P of the input's gradient, w of the kernel's
  int64_t bf16;                          // whether products may be in bfloat16
  static constexpr const char* kNames[] = {"left", "dilation", "step", "length", "bf16"};
};

#ifdef EACH_BF16
// Whether products with rows of so many columns are in bfloat16, which needs full tiles.
bool InBf16(const Geometry& g, int64_t columns) { return g.bf16 && Bf16InUse() != Bf16::none && FillsWide(columns); }

// One of four kernels for products in bfloat16.
template <typename Kernel>
Kernel Bf16KernelFor(Kernel dotByAvx2, Kernel dot, Kernel amxByAvx2, Kernel amx) {
  if (Bf16InUse() == Bf16::amx) return amx;
  if (Bf16InUse() == Bf16::amxByAvx2) return amxByAvx2;
  return Bf16InUse() == Bf16::dot ? dot : dotByAvx2;
}
#endif

auto MultiplyFor(const Geometry& g, int64_t columns) {
#ifdef EACH_BF16
  if (InBf16(g, columns)) return Bf16KernelFor(bf16avx2::Multiply, bf16::Multiply, amxavx2::Multiply, amx::Multiply);
#endif
  return KernelFor(columns, EACH_SET(Multiply));
}

// Of a kernel of w taps. Those of one tap stay in float32: packing them would cost more than the products.
auto KernelGradientFor(const Geometry& g, int64_t w, int64_t columns) {
#ifdef EACH_BF16
  if (w > 1 && InBf16(g, columns))
    return Bf16KernelFor(bf16avx2::KernelGradient, bf16::KernelGradient, amxavx2::KernelGradient, amx::KernelGradient);
#endif
  return KernelFor(columns, EACH_SET(KernelGradient));
}

// Whether the numbers are positive and rows has a shape [any, any, 1 or more]; refuses others.
bool IsPossible(Call& call, const Geometry& g, const char* name, const TF_Tensor* rows) {
  return call.IsPositive("dilation", g.dilation) && call.IsPositive("step", g.step) &&
         call.IsPositive("length", g.length) && call.Has(name, rows, {kAny, kAny, kSome});
}

// The residual may be empty.
void Forward(void* kernel, TF_OpKernelContext* context) {
  Call call(context, "DilatedConv");
  const Geometry g = *static_cast<Geometry*>(kernel);
  const TF_Tensor *x = call.Input(0), *K = call.Input(1), *bias = call.Input(2), *sum = call.Input(3);
  if (!IsPossible(call, g, "x", x) || !call.Has("kernel", K, {kSome, TF_Dim(x, 2), kSome})) return;
  const int64_t B = TF_Dim(x, 0), P = TF_Dim(x, 1), C = TF_Dim(x, 2), w = TF_Dim(K, 0), D = TF_Dim(K, 2);
  if (!call.Has("bias", bias, {D}) || (!IsEmpty(sum) && !call.Has("residual", sum, {B, g.length, D}))) return;
  const Conv conv = {B, P, g.length, C, D, w, g.left, g.dilation, g.step, false};
  float* y = call.Output(0, {B, g.length, D});
  if (!call.Fine()) return;
  const float* residual = IsEmpty(sum) ? nullptr : Call::Values(sum);
  MultiplyFor(g, D)(conv, Call::Values(x), Call::Values(K), Call::Values(bias), residual, y);
}

// The addend may be empty, as the residual of the forward op.
void InputGradient(void* kernel, TF_OpKernelContext* context) {
  Call call(context, "DilatedConvInputGrad");
  const Geometry g = *static_cast<Geometry*>(kernel);
  const TF_Tensor *dy = call.Input(0), *K = call.Input(1), *sum = call.Input(2);
  if (!IsPossible(call, g, "dy", dy) || !call.Has("kernel", K, {kSome, kSome, TF_Dim(dy, 2)})) return;
  const int64_t B = TF_Dim(dy, 0), O = TF_Dim(dy, 1), D = TF_Dim(dy, 2), w = TF_Dim(K, 0), C = TF_Dim(K, 1);
  if (!IsEmpty(sum) && !call.Has("residual", sum, {B, g.length, C})) return;
  const Conv conv = {B, O, g.length, D, C, w, g.left, g.dilation, g.step, true};
  float* dx = call.Output(0, {B, g.length, C});
  if (!call.Fine()) return;
  const float* residual = IsEmpty(sum) ? nullptr : Call::Values(sum);
  MultiplyFor(g, C)(conv, Call::Values(dy), Call::Values(K), nullptr, residual, dx);
}

// Sums over the rows [rows, D] of columns [from, to).
EIGHTS void ColumnSums(const float* rows, int64_t count, int64_t D, int64_t from, int64_t to, float* sums) {
  std::fill(sums + from, sums + to, 0.0f);
  for (int64_t row = 0; row < count; row++) {
    int64_t d = from;
    for (; d + kLanes <= to; d += kLanes) Store(sums + d, Load(sums + d) + Load(rows + row * D + d));
    for (; d < to; d++) sums[d] += rows[row * D + d];
  }
}

void KernelGradient(void* kernel, TF_OpKernelContext* context) {
  Call call(context, "DilatedConvKernelGrad");
  const Geometry g = *static_cast<Geometry*>(kernel);
  const TF_Tensor *x = call.Input(0), *dy = call.Input(1);
  if (!IsPossible(call, g, "x", x) || !call.Has("dy", dy, {TF_Dim(x, 0), kSome, kSome})) return;
  const int64_t B = TF_Dim(x, 0), P = TF_Dim(x, 1), C = TF_Dim(x, 2), O = TF_Dim(dy, 1), D = TF_Dim(dy, 2);
  float *dK = call.Output(0, {g.length, C, D}), *dbias = call.Output(1, {D});
  if (!call.Fine()) return;
  const float* slopes = Call::Values(dy);
  const Conv conv = {B, P, O, C, D, g.length, g.left, g.dilation, g.step, false};
  KernelGradientFor(g, g.length, D)(conv, Call::Values(x), slopes, dK);
  Parallel([&](int part) {
    ColumnSums(slopes, B * O, D, D * part / Parts(), D * (part + 1) / Parts(), dbias);
  });
}

constexpr Keeping<Geometry> kGeometry;
const bool registered = Register({"DilatedConv", {"x", "kernel", "bias", "residual"}, {"y"}, Forward}, kGeometry) &&
                        Register({"DilatedConvInputGrad", {"dy", "kernel", "residual"}, {"dx"}, InputGradient}, kGeometry) &&
                        Register({"DilatedConvKernelGrad", {"x", "dy"}, {"dkernel", "dbias"}, KernelGradient}, kGeometry);

}  // namespace
}  // namespace peterrec
