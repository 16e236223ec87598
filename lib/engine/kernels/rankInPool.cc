// The rank of one label of each row among all of a pool by its score h[n] . table[v] + offset[v]: how many are not less, itself
// included, so that ties and NaN count against it. The scores are not written. Letters: N rows, k channels, V labels of the pool.
#include <algorithm>

#include "isa.h"
#include "kernel.h"

namespace peterrec {

struct Pool {
  const float *h, *table, *offset;  // [N, k], [V, k], [V]
  const int32_t* labels;            // [N]
  int64_t N, k, V;
};

}  // namespace peterrec

#define EACH_ISA "../rank/ranks.inc"
#include "tiles/eachIsa.h"

namespace peterrec {
namespace {

void Compute(void*, TF_OpKernelContext* context) {
  Call call(context, "RankInPool");
  const TF_Tensor *h = call.Input(0), *table = call.Input(1), *offset = call.Input(2), *labels = call.Input(3);
  if (!call.Has("h", h, {kAny, kSome}) || !call.Has("table", table, {kAny, TF_Dim(h, 1)})) return;
  if (!call.Has("offset", offset, {TF_Dim(table, 0)}) || !call.Has("labels", labels, {TF_Dim(h, 0)})) return;
  const Pool pool = {Call::Values(h), Call::Values(table), Call::Values(offset), Call::Values<int32_t>(labels),
                     TF_Dim(h, 0),    TF_Dim(h, 1),        TF_Dim(table, 0)};
  int32_t* ranks = call.Output<int32_t>(0, {pool.N});
  if (!call.Fine()) return;
  for (int64_t n = 0; n < pool.N; n++) {
    if (pool.labels[n] < 0 || pool.labels[n] >= pool.V) return call.Refuse("a label is not a row of the table");
  }
  ByIsa(true, EACH_SET(Ranks))(pool, ranks);
}

const bool registered = Register({"RankInPool", {"h", "table", "offset", "labels: int32"}, {"ranks: int32"}, Compute});

}  // namespace
}  // namespace peterrec
