// What a layer norm over the last axis takes and gives. N rows of C channels.
#pragma once
#include <cmath>
#include <cstdint>

namespace peterrec {

struct Rows {
  const float *x, *gain, *shift;
  int64_t C, N;
};

// y [N, C], and of each row its mean and reciprocal deviation [N].
struct Normalised {
  float *y, *mean, *scale;
};

// The gradient of y [N, C], with what the forward pass found.
struct Slopes {
  const float *dy, *mean, *scale;
};

// What is computed of rows [from, to), by one set of instructions.
struct Kernels {
  void (*normalise)(const Rows&, int64_t from, int64_t to, const float* residual, float epsilon, const Normalised&);
  void (*inputSlopes)(const Rows&, int64_t from, int64_t to, const Slopes&, float* dx);
  // The same, and adds to `sums` what the rows add to dgain [C] and, after it, dshift [C].
  void (*allSlopes)(const Rows&, int64_t from, int64_t to, const Slopes&, float* dx, float* sums);
};

}  // namespace peterrec
