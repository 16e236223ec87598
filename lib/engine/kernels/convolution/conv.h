// A dilated convolution along time, and the route with the fewest products.
//   y[b, i] = start + sum over j of x[b, i step + j dilation - left] K_j [+ residual[b, i]], where x is zero outside of its rows.
// Letters: B batch, P rows given and O rows asked for of a sequence, C and D channels of the two, w kernel width.
#pragma once
#include <algorithm>
#include <cstdint>

namespace peterrec {

struct Conv {
  int64_t B, P, O, C, D, w, left, dilation, step;
  // Whether this is the gradient of an input: x is dy, K_j [D, C] are read from the last on and transposed, and `left` is
  // that of the forward op.
  bool transposed;
};

// The row that row i asked for reads through tap j, or -1.
inline int64_t RowRead(const Conv& c, int64_t i, int64_t j) {
  if (!c.transposed) {
    const int64_t row = i * c.step + j * c.dilation - c.left;
    return row >= 0 && row < c.P ? row : -1;
  }
  const int64_t ahead = i + c.left - (c.w - 1 - j) * c.dilation;
  if (ahead < 0 || (c.step > 1 && ahead % c.step != 0)) return -1;
  const int64_t row = c.step > 1 ? ahead / c.step : ahead;
  return row < c.P ? row : -1;
}

// Winograd's F(2, 3) along time: the two rows i and i + dilation asked for read x0 to x3, a dilation apart, and are made of
// four products where six are direct:
//   X = (x0 - x2, x1 + x2, x2 - x1, x3 - x1), U = (K0, (K0 + K1 + K2) / 2, (K0 - K1 + K2) / 2, K2), M_n = X_n U_n,
//   y[i] = M0 + M1 + M2, y[i + dilation] = M1 - M2 + M3.
constexpr int64_t kProducts = 4;

// Pairs of a sequence; the partner of a last single row lies behind the end.
inline int64_t PairsOfSequence(const Conv& c) {
  const int64_t both = 2 * c.dilation;
  return c.O / both * c.dilation + std::min(c.dilation, c.O % both);
}

// The first row of the n-th pair of a sequence.
inline int64_t FirstOfPair(const Conv& c, int64_t n) { return n / c.dilation * 2 * c.dilation + n % c.dilation; }

// The first row that is read for the pair that begins with row i.
inline int64_t ReadFirst(const Conv& c, int64_t i) {
  return c.transposed ? i + c.left - (c.w - 1) * c.dilation : i - c.left;
}

// Whether pairs are the quicker route. Four products of a pair with their sums take as long as 4.3 direct ones.
inline bool ByPairs(const Conv& c) {
  if (c.w != 3 || c.step != 1 || c.O < 2) return false;
  int64_t direct = 0;
  for (int64_t i = 0; i < c.O; i++) {
    for (int64_t j = 0; j < c.w; j++) direct += RowRead(c, i, j) >= 0;
  }
  return 4.3 * PairsOfSequence(c) < direct;
}

}  // namespace peterrec
