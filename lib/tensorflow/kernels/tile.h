// The inner loops of the convolutions: tiles of a matrix product whose sums stay in registers.
#pragma once
#include "kernel.h"

namespace peterrec {

// Rows and columns of a tile; with AVX2, twelve of sixteen registers hold its sums.
constexpr int kRows = 6;
constexpr int64_t kColumns = 2 * kLanes;

// One term of the sums of a tile: six rows of C numbers and a panel [C, 16].
struct Term {
  const float* rows[kRows];
  const float* panel;
};

// to[r] = start + plus[r] + sum over terms of rows[r] panel: [6, C] x [C, 16]; start, plus[r] (if there is a plus) and
// to[r] hold 16 numbers each.
AVX2 inline void SumOfTerms(const Term* terms, int count, int64_t C, const float* start, const float* const* plus,
                            float* const* to) {
  Lanes sum[kRows][2];
  for (int r = 0; r < kRows; r++) {
    sum[r][0] = plus ? Load(start) + Load(plus[r]) : Load(start);
    sum[r][1] = plus ? Load(start + kLanes) + Load(plus[r] + kLanes) : Load(start + kLanes);
  }
  for (int t = 0; t < count; t++) {
    const Term& term = terms[t];
    const float *a = term.rows[0], *b = term.rows[1], *c = term.rows[2], *d = term.rows[3], *e = term.rows[4],
                *f = term.rows[5], *panel = term.panel;
    for (int64_t i = 0; i < C; i++, panel += kColumns) {
      const Lanes left = Load(panel), right = Load(panel + kLanes);
      sum[0][0] += a[i] * left;
      sum[0][1] += a[i] * right;
      sum[1][0] += b[i] * left;
      sum[1][1] += b[i] * right;
      sum[2][0] += c[i] * left;
      sum[2][1] += c[i] * right;
      sum[3][0] += d[i] * left;
      sum[3][1] += d[i] * right;
      sum[4][0] += e[i] * left;
      sum[4][1] += e[i] * right;
      sum[5][0] += f[i] * left;
      sum[5][1] += f[i] * right;
    }
  }
  for (int r = 0; r < kRows; r++) {
    Store(to[r], sum[r][0]);
    Store(to[r] + kLanes, sum[r][1]);
  }
}

// to[r] += X^T Y over n rows: X [n, 6] and Y [n, 16] are packed, each to[r] holds 16 numbers.
AVX2 inline void AddOuterProducts(const float* X, const float* Y, int64_t n, float* const* to) {
  Lanes sum[kRows][2];
  for (int r = 0; r < kRows; r++) {
    sum[r][0] = Load(to[r]);
    sum[r][1] = Load(to[r] + kLanes);
  }
  for (int64_t row = 0; row < n; row++, X += kRows, Y += kColumns) {
    const Lanes left = Load(Y), right = Load(Y + kLanes);
#pragma GCC unroll 6
    for (int r = 0; r < kRows; r++) {
      sum[r][0] += X[r] * left;
      sum[r][1] += X[r] * right;
    }
  }
  for (int r = 0; r < kRows; r++) {
    Store(to[r], sum[r][0]);
    Store(to[r] + kLanes, sum[r][1]);
  }
}

}  // namespace peterrec
