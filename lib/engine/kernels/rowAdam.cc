// Adam for gathered rows, or for a whole weight, in one pass: m and v move towards g and g squared, and the change follows,
//   m += share1 (g - m), v += share2 (g g - v), change = rate m / (sqrt(v) + epsilon), where a share is 1 - beta.
#include <cmath>

#include "kernel.h"

namespace peterrec {
namespace {

struct Shares {
  typedef float Number;
  float first, second, epsilon;
  static constexpr const char* kNames[] = {"share1", "share2", "epsilon"};
};

// Vectors that are done sooner than other threads are awake.
constexpr int64_t kAlone = 256;

EIGHTS void Eight(const Shares& shares, const float* g, const float* m, const float* v, float rate, int64_t at, float* newM,
                float* newV, float* change) {
  const Lanes slope = Load(g + at), first = Load(m + at), second = Load(v + at);
  const Lanes movedFirst = first + (slope - first) * shares.first;
  const Lanes movedSecond = second + (slope * slope - second) * shares.second;
  Lanes root;
  for (int i = 0; i < kLanes; i++) root[i] = std::sqrt(movedSecond[i]);
  Store(newM + at, movedFirst);
  Store(newV + at, movedSecond);
  Store(change + at, rate * movedFirst / (root + shares.epsilon));
}

void Compute(void* kernel, TF_OpKernelContext* context) {
  Call call(context, "RowAdam");
  const Shares shares = *static_cast<Shares*>(kernel);
  const TF_Tensor *gradient = call.Input(0), *first = call.Input(1), *second = call.Input(2), *speed = call.Input(3);
  const std::vector<int64_t> shape = ShapeOf(gradient);
  if (!call.Has("m", first, shape) || !call.Has("v", second, shape) || !call.Has("rate", speed, {})) return;
  const float *g = Call::Values(gradient), *m = Call::Values(first), *v = Call::Values(second);
  const float rate = *Call::Values(speed);
  float *newM = call.Output(0, shape), *newV = call.Output(1, shape), *change = call.Output(2, shape);
  if (!call.Fine()) return;
  const int64_t count = TF_TensorElementCount(gradient), whole = count / kLanes;
  const auto eight = [&](int64_t n) { Eight(shares, g, m, v, rate, n * kLanes, newM, newV, change); };
  if (whole < kAlone) {
    for (int64_t n = 0; n < whole; n++) eight(n);
  } else {
    Parallel([&](int part) { ForRows(whole, part, eight); });
  }
  for (int64_t i = whole * kLanes; i < count; i++) {
    newM[i] = m[i] + (g[i] - m[i]) * shares.first;
    newV[i] = v[i] + (g[i] * g[i] - v[i]) * shares.second;
    change[i] = rate * newM[i] / (std::sqrt(newV[i]) + shares.epsilon);
  }
}

const bool registered =
    Register({"RowAdam", {"g", "m", "v", "rate"}, {"new_m", "new_v", "change"}, Compute}, Keeping<Shares>());

}  // namespace
}  // namespace peterrec
