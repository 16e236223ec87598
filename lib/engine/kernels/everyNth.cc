// Positions first, first + step, … of sequences, and the gradient: whole rows are copied, where TensorFlow's strided slice
// goes number by number.
// Letters: B batch, T length, C numbers of a position, O positions taken.
#include <algorithm>

#include "kernel.h"

namespace peterrec {
namespace {

struct Stride {
  int64_t first, step, length;  // length: O of the forward op, T of the gradient
  void Read(Attributes& from) {
    from.Read("first", &first);
    from.Read("step", &step);
    from.Read("length", &length);
  }
};

int64_t RowSize(const TF_Tensor* x) { return TF_TensorElementCount(x) / std::max<int64_t>(1, TF_Dim(x, 0) * TF_Dim(x, 1)); }

std::vector<int64_t> Resized(const TF_Tensor* x, int64_t length) {
  std::vector<int64_t> shape = ShapeOf(x);
  shape[1] = length;
  return shape;
}

// Whether the tensor has axes of sequences and positions; refuses it if not.
bool HasPositions(Call& call, const char* name, const TF_Tensor* tensor) {
  const bool has = TF_NumDims(tensor) >= 2;
  if (!has) call.Refuse(name + (" has shape " + Shown(ShapeOf(tensor))) + ", expected [any, any, …]");
  return has;
}

void Forward(void* kernel, TF_OpKernelContext* context) {
  Call call(context, "EveryNthPosition");
  const Stride s = *static_cast<Stride*>(kernel);
  const TF_Tensor* x = call.Input(0);
  if (!HasPositions(call, "x", x) || !call.IsPositive("step", s.step)) return;
  const int64_t B = TF_Dim(x, 0), T = TF_Dim(x, 1), C = RowSize(x);
  if (s.first < 0 || s.first + (s.length - 1) * s.step >= T) return call.Refuse("a position is not there");
  const float* from = Call::Values(x);
  float* y = call.Output(0, Resized(x, s.length));
  if (!call.Fine()) return;
  Parallel([&](int part) {
    ForRows(B * s.length, part, [&](int64_t row) {
      const int64_t b = row / s.length, t = s.first + row % s.length * s.step;
      std::copy_n(from + (b * T + t) * C, C, y + row * C);
    });
  });
}

void Gradient(void* kernel, TF_OpKernelContext* context) {
  Call call(context, "EveryNthPositionGrad");
  const Stride s = *static_cast<Stride*>(kernel);
  const TF_Tensor* dy = call.Input(0);
  if (!HasPositions(call, "dy", dy) || !call.IsPositive("step", s.step)) return;
  const int64_t B = TF_Dim(dy, 0), O = TF_Dim(dy, 1), C = RowSize(dy);
  const float* from = Call::Values(dy);
  float* dx = call.Output(0, Resized(dy, s.length));
  if (!call.Fine()) return;
  Parallel([&](int part) {
    ForRows(B * s.length, part, [&](int64_t row) {
      const int64_t b = row / s.length, ahead = row % s.length - s.first;
      const bool taken = ahead >= 0 && ahead % s.step == 0 && ahead / s.step < O;
      if (taken) {
        std::copy_n(from + (b * O + ahead / s.step) * C, C, dx + row * C);
      } else {
        std::fill_n(dx + row * C, C, 0.0f);
      }
    });
  });
}

const std::vector<const char*> kStride = {"first: int", "step: int", "length: int"};

const bool registered =
    Register({"EveryNthPosition", {"x"}, {"y"}, kStride, Forward, Create<Stride>, Delete<Stride>}) &&
    Register({"EveryNthPositionGrad", {"dy"}, {"dx"}, kStride, Gradient, Create<Stride>, Delete<Stride>});

}  // namespace
}  // namespace peterrec
