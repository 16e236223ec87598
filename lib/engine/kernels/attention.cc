// Attention of the queries of a sequence to its keys, one head after the other, and its gradients:
//   s[i, j] = q[i] . key[j] / sqrt(d), y[i] = sum over visible j of softmax(s[i])[j] value[j].
// A key is visible if it is real and, in a causal trunk, not behind its query; a query that sees none gives zeros. A few queries at
// a time, so that weights stay in the cache and are never there at once: their gradient takes them from the logarithm of their sum
// (Dao et al. 2022). Letters: B batch, T keys, Q queries, which stand at the last positions, k channels, d channels of a head.
#include <cmath>

#include "isa.h"
#include "kernel.h"

namespace peterrec {

struct Attention {
  const float *q, *key, *value;  // [B, Q, k], [B, T, k], [B, T, k]
  const float* real;             // [B, T], 0 at padding
  int64_t B, Q, T, k, d;
  bool causal;
};

// Outputs of the queries [B, Q, k], and the logarithm of each one's sum of exp(s) [B, heads, Q].
struct Attended {
  float *y, *logSum;
};

// The gradient of y, and what the forward op gave.
struct AttendedSlopes {
  const float *dy, *y, *logSum;
};

// Gradients of queries, keys and values.
struct AttentionSlopes {
  float *dq, *dkey, *dvalue;
};

// Kernels of one head of one sequence for one set of instructions.
struct AttentionKernels {
  void (*attend)(const Attention&, int64_t b, int64_t head, const Attended&);
  void (*slopes)(const Attention&, int64_t b, int64_t head, const AttendedSlopes&, const AttentionSlopes&);
};

}  // namespace peterrec

#define EACH_ISA "../attention/head.inc"
#include "tiles/eachIsa.h"

namespace peterrec {
namespace {

struct Heads {
  typedef int64_t Number;
  int64_t heads, causal;
  static constexpr const char* kNames[] = {"heads", "causal"};
};

const AttentionKernels& KernelsOf(const Attention& a) {
  return *KernelFor(a.d, EACH_SET(kAttention));
}

// The inputs q, key, value and real from an index on; refuses shapes that do not go together.
Attention AttentionOf(Call& call, int first, const Heads& given) {
  const TF_Tensor *q = call.Input(first), *key = call.Input(first + 1);
  if (!call.IsPositive("heads", given.heads)) return {};
  if (!call.Has("key", key, {kAny, kSome, kSome})) return {};
  const int64_t B = TF_Dim(key, 0), T = TF_Dim(key, 1), k = TF_Dim(key, 2);
  if (k % given.heads != 0) return call.Refuse("channels do not divide into the heads"), Attention{};
  if (!call.Has("q", q, {B, kAny, k}) || !call.Has("value", call.Input(first + 2), {B, T, k})) return {};
  if (!call.Has("real", call.Input(first + 3), {B, T})) return {};
  const int64_t Q = TF_Dim(q, 1);
  if (Q > T) return call.Refuse("there are more queries than keys"), Attention{};
  const float *values = Call::Values(call.Input(first + 2)), *real = Call::Values(call.Input(first + 3));
  return {Call::Values(q), Call::Values(key), values, real, B, Q, T, k, k / given.heads, given.causal != 0};
}

// Each head of each sequence, by whichever thread is free.
template <typename F>
void ForHeads(const Attention& a, const F& each) {
  const int64_t heads = a.k / a.d;
  Turns turns(a.B * heads);
  Parallel([&](int) { turns.Take([&](int64_t one) { each(one / heads, one % heads); }); });
}

void Forward(void* kernel, TF_OpKernelContext* context) {
  Call call(context, "Attention");
  const Heads& given = *static_cast<Heads*>(kernel);
  const Attention a = AttentionOf(call, 0, given);
  if (!call.Fine()) return;
  const Attended found = {call.Output(0, {a.B, a.Q, a.k}), call.Output(1, {a.B, given.heads, a.Q})};
  if (!call.Fine()) return;
  ForHeads(a, [&](int64_t b, int64_t head) { KernelsOf(a).attend(a, b, head, found); });
}

void Gradients(void* kernel, TF_OpKernelContext* context) {
  Call call(context, "AttentionGrads");
  const Heads& given = *static_cast<Heads*>(kernel);
  const Attention a = AttentionOf(call, 1, given);
  if (!call.Fine()) return;
  const TF_Tensor *dy = call.Input(0), *y = call.Input(5), *logSum = call.Input(6);
  if (!call.Has("dy", dy, {a.B, a.Q, a.k}) || !call.Has("y", y, {a.B, a.Q, a.k})) return;
  if (!call.Has("log_sum", logSum, {a.B, given.heads, a.Q})) return;
  const AttendedSlopes slopes = {Call::Values(dy), Call::Values(y), Call::Values(logSum)};
  const AttentionSlopes found = {call.Output(0, {a.B, a.Q, a.k}), call.Output(1, {a.B, a.T, a.k}),
                                 call.Output(2, {a.B, a.T, a.k})};
  if (!call.Fine()) return;
  ForHeads(a, [&](int64_t b, int64_t head) { KernelsOf(a).slopes(a, b, head, slopes, found); });
}

const bool registered =
    Register({"Attention", {"q", "key", "value", "real"}, {"y", "log_sum"}, Forward}, Keeping<Heads>()) &&
    Register({"AttentionGrads", {"dy", "q", "key", "value", "real", "y", "log_sum"}, {"dq", "dkey", "dvalue"}, Gradients},
             Keeping<Heads>());

}  // namespace
}  // namespace peterrec
