// Positions first, first + step, … of sequences, and the gradient: whole rows are copied, where TensorFlow's strided slice
// goes number by number.
// Letters: B batch, T length, C numbers of a position, O positions taken.
#include <algorithm>

#include "kernel.h"

namespace peterrec {
namespace {

struct Stride {
  typedef int64_t Number;
  int64_t first, step, length;  // length: O of the forward op, T of the gradient
  static constexpr const char* kNames[] = {"first", "step", "length"};
};

template <bool kBack>
void Compute(void* kernel, TF_OpKernelContext* context) {
  Call call(context, kBack ? "EveryNthPositionGrad" : "EveryNthPosition");
  const Stride s = *static_cast<Stride*>(kernel);
  const TF_Tensor* given = call.Input(0);
  std::vector<int64_t> shape = ShapeOf(given);
  if (shape.size() < 2) return call.Refuse(std::string(kBack ? "dy" : "x") + " has shape " + Shown(shape) + ", expected [any, any, …]");
  if (!call.IsPositive("step", s.step)) return;
  const int64_t B = shape[0], rows = shape[1], C = TF_TensorElementCount(given) / std::max<int64_t>(1, B * rows);
  if (!kBack && (s.first < 0 || s.first + (s.length - 1) * s.step >= rows)) return call.Refuse("a position is not there");
  shape[1] = s.length;
  const float* from = Call::Values(given);
  float* to = call.Output(0, shape);
  if (!call.Fine()) return;
  Parallel([&](int part) {
    ForRows(B * s.length, part, [&](int64_t row) {
      const int64_t b = row / s.length, i = row % s.length, ahead = i - s.first;
      const bool taken = !kBack || (ahead >= 0 && ahead % s.step == 0 && ahead / s.step < rows);
      const int64_t read = kBack ? ahead / s.step : s.first + i * s.step;
      if (taken) std::copy_n(from + (b * rows + read) * C, C, to + row * C);
      else std::fill_n(to + row * C, C, 0.0f);
    });
  });
}

const bool registered = Register({"EveryNthPosition", {"x"}, {"y"}, Compute<false>}, Keeping<Stride>()) &&
                        Register({"EveryNthPositionGrad", {"dy"}, {"dx"}, Compute<true>}, Keeping<Stride>());

}  // namespace
}  // namespace peterrec
