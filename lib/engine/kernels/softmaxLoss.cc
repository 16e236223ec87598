// Softmax cross-entropy of rows against all columns of a table or a sample of them, summed by weights, and its slopes:
//   z[n, v] = h[n] . table[v] + offset[v], loss = sum over n of weights[n] (log sum over v of exp(z[n, v]) - z[n, label]).
// Against a sample the label's own logit is given, and a column that is the label takes no part. A few rows at a time, so that
// logits stay in the cache; rows of weight 0 are not computed. Letters: N rows, k channels, V columns.
#include <algorithm>
#include <cmath>

#include "isa.h"
#include "kernel.h"

namespace peterrec {

struct Softmax {
  const float *h, *table, *offset, *weights;  // [N, k], [V, k], [V], [N]
  const int32_t* labels;                      // [N], columns of the table; of a sample, what `candidates` name
  const float* own;                           // [N], of a sample alone
  const int32_t* candidates;                  // [V], of a sample alone
  int64_t N, k, V;
};

// One thread's part of the loss and slopes.
struct SoftmaxSums {
  double loss;
  float *dtable, *doffset;  // [V + a tile's rows, width] and [a whole number of tiles], begun with zeros
  float *dh, *down;         // [N, k] and, of a sample, [N]; those of other rows are left as they are
};

}  // namespace peterrec

#define EACH_ISA "../softmax/rows.inc"
#include "tiles/eachIsa.h"

namespace peterrec {
namespace {

// Whether the inputs' shapes go together; refuses those that do not. Without a sample its two inputs are empty.
bool Fit(Call& call, bool sampled) {
  const TF_Tensor *h = call.Input(0), *table = call.Input(1);
  if (!call.Has("h", h, {kAny, kSome}) || !call.Has("table", table, {kAny, TF_Dim(h, 1)})) return false;
  const int64_t N = TF_Dim(h, 0), V = TF_Dim(table, 0);
  return call.Has("offset", call.Input(2), {V}) && call.Has("labels", call.Input(3), {N}) &&
         call.Has("weights", call.Input(4), {N}) && call.Has("own", call.Input(5), {sampled ? N : 0}) &&
         call.Has("candidates", call.Input(6), {sampled ? V : 0});
}

void Compute(void*, TF_OpKernelContext* context) {
  Call call(context, "SoftmaxLoss");
  const TF_Tensor *h = call.Input(0), *table = call.Input(1), *own = call.Input(5), *candidates = call.Input(6);
  const bool sampled = !IsEmpty(candidates);
  if (!Fit(call, sampled)) return;
  Softmax s = {Call::Values(h), Call::Values(table), Call::Values(call.Input(2)), Call::Values(call.Input(4))};
  s.labels = Call::Values<int32_t>(call.Input(3));
  s.own = sampled ? Call::Values(own) : nullptr;
  s.candidates = sampled ? Call::Values<int32_t>(candidates) : nullptr;
  s.N = TF_Dim(h, 0), s.k = TF_Dim(h, 1), s.V = TF_Dim(table, 0);
  std::vector<int32_t> weighed;
  for (int64_t n = 0; n < s.N; n++) {
    if (!sampled && (s.labels[n] < 0 || s.labels[n] >= s.V)) return call.Refuse("a label is not a row of the table");
    if (s.weights[n] != 0) weighed.push_back(n);
  }
  float *loss = call.Output(0, {}), *dh = call.Output(1, {s.N, s.k}), *dtable = call.Output(2, {s.V, s.k});
  float *doffset = call.Output(3, {s.V}), *down = call.Output(4, {sampled ? s.N : 0});
  if (!call.Fine()) return;
  std::fill(dh, dh + s.N * s.k, 0.0f);
  if (sampled) std::fill(down, down + s.N, 0.0f);
  const auto softmaxLoss = KernelFor(s.k, EACH_SET(SoftmaxLoss));
  *loss = static_cast<float>(softmaxLoss(s, weighed, dh, dtable, doffset, down));
}

const bool registered = Register({"SoftmaxLoss",
                                  {"h", "table", "offset", "labels: int32", "weights", "own", "candidates: int32"},
                                  {"loss", "dh", "dtable", "doffset", "down"},
                                  Compute});

}  // namespace
}  // namespace peterrec
