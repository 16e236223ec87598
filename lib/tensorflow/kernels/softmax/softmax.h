// Softmax cross-entropy of rows against a table of columns, summed by weights, and its slopes:
//   z[n, v] = h[n] . table[v] + offset[v], loss = sum over n of weights[n] (log sum over v of exp(z[n, v]) - z[n, label]).
// Against a sample the label's own logit is given besides, and a column that is the label takes no part.
// Letters: N rows, k channels, V columns.
#pragma once
#include <cstdint>

namespace peterrec {

struct Softmax {
  const float *h, *table, *offset, *weights;  // [N, k], [V, k], [V], [N]
  const int32_t* labels;                      // [N], columns of the table; of a sample, what `candidates` name
  const float* own;                           // [N], of a sample alone
  const int32_t* candidates;                  // [V], of a sample alone
  int64_t N, k, V;
};

// What one thread finds of its rows.
struct SoftmaxSums {
  double loss;
  float *dtable, *doffset;  // [V + a tile's rows, width] and [a whole number of tiles], begun with zeros
  float *dh, *down;         // [N, k] and, of a sample, [N]; those of other rows are left as they are
};

}  // namespace peterrec
