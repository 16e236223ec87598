// The rank of a label of each row in a pool, without writing the scores of the pool. rank/rank.h says what is computed,
// rank/*.inc how, for each set of instructions.
#include <algorithm>

#include "isa.h"
#include "kernel.h"
#include "rank/rank.h"

#define EACH_ISA "../rank/each.inc"
#include "tiles/eachIsa.h"

namespace peterrec {
namespace {

void Compute(void*, TF_OpKernelContext* context) {
  Call call(context, "RankInPool");
  const TF_Tensor *h = call.Input(0), *table = call.Input(1), *offset = call.Input(2), *labels = call.Input(3);
  if (!call.Has("h", h, {kAny, kSome}) || !call.Has("table", table, {kAny, TF_Dim(h, 1)})) return;
  if (!call.Has("offset", offset, {TF_Dim(table, 0)}) || !call.Has("labels", labels, {TF_Dim(h, 0)})) return;
  const Pool pool = {Call::Values(h),
                     Call::Values(table),
                     Call::Values(offset),
                     Call::Values<int32_t>(labels),
                     TF_Dim(h, 0),
                     TF_Dim(h, 1),
                     TF_Dim(table, 0)};
  int32_t* ranks = call.IntOutput(0, {pool.N});
  if (!call.Fine()) return;
  for (int64_t n = 0; n < pool.N; n++) {
    if (pool.labels[n] < 0 || pool.labels[n] >= pool.V) return call.Refuse("a label is not a row of the table");
  }
  switch (InUse()) {
    case Isa::avx512: return avx512::Ranks(pool, ranks);
    case Isa::avx2x16: return avx2x16::Ranks(pool, ranks);
    default: return avx2::Ranks(pool, ranks);
  }
}

// As many ranks as labels.
void InferShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeHandle* shape = TF_NewShapeHandle();
  TF_ShapeInferenceContextGetInput(context, 3, shape, status);
  TF_ShapeInferenceContextSetOutput(context, 0, shape, status);
  TF_DeleteShapeHandle(shape);
}

const bool registered = Register({"RankInPool",
                                  {"h: float", "table: float", "offset: float", "labels: int32"},
                                  {"ranks: int32"},
                                  {},
                                  InferShape, nullptr, Compute, nullptr});

}  // namespace
}  // namespace peterrec
