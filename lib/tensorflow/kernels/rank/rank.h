// The rank of one label of each row among all of a pool by its score h[n] . table[v] + offset[v]: how many are not less, itself
// included. So a score that is not a number counts against it, and if its own is none it is the last.
// Letters: N rows, k channels, V labels of the pool.
#pragma once
#include <cstdint>

namespace peterrec {

struct Pool {
  const float *h, *table, *offset;  // [N, k], [V, k], [V]
  const int32_t* labels;            // [N]
  int64_t N, k, V;
};

}  // namespace peterrec
