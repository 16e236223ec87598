// The rank of one score of each row, in one pass over the row: how many of the row's scores reach it, itself included.
// Letters: N rows, V scores of a row.
#include "kernel.h"

namespace peterrec {
namespace {

typedef int32_t Counts __attribute__((vector_size(32)));

AVX2 int32_t Reaching(const float* row, int64_t V, float own) {
  Counts counts = {};
  int64_t v = 0;
  for (; v + kLanes <= V; v += kLanes) counts -= Load(row + v) >= own;  // true is -1
  int32_t rank = 0;
  for (int64_t lane = 0; lane < kLanes; lane++) rank += counts[lane];
  for (; v < V; v++) rank += row[v] >= own;
  return rank;
}

void Compute(void*, TF_OpKernelContext* context) {
  Call call(context);
  const TF_Tensor* scores = call.Input(0);
  const int64_t N = TF_Dim(scores, 0), V = TF_Dim(scores, 1);
  const float* rows = Call::Values(scores);
  const int32_t* labels = Call::Values<int32_t>(call.Input(1));
  int32_t* ranks = call.IntOutput(0, {N});
  for (int64_t row = 0; row < N; row++) {
    if (labels[row] < 0 || labels[row] >= V) return call.Refuse("RankOfLabel: a label is not a column of the scores");
  }
  Parallel([&](int part) {
    ForRows(N, part, [&](int64_t row) {
      const float* from = rows + row * V;
      ranks[row] = Reaching(from, V, from[labels[row]]);
    });
  });
}

// As many ranks as labels.
void InferShape(TF_ShapeInferenceContext* context, TF_Status* status) {
  TF_ShapeHandle* shape = TF_NewShapeHandle();
  TF_ShapeInferenceContextGetInput(context, 1, shape, status);
  TF_ShapeInferenceContextSetOutput(context, 0, shape, status);
  TF_DeleteShapeHandle(shape);
}

const bool registered = Register({"RankOfLabel",
                                  {"scores: float", "labels: int32"},
                                  {"ranks: int32"},
                                  {},
                                  InferShape, nullptr, Compute, nullptr});

}  // namespace
}  // namespace peterrec
