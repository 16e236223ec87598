// The rank of one label of each row among all of a pool by its score h[n] . table[v] + offset[v]: how many reach it, itself
// included.
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
