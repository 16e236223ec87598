// Which instructions the kernels use.
#pragma once

#include <cstdint>

namespace peterrec {

enum class Isa { none, avx2, avx2x16, avx512 };

// The most that the processor has; PETERREC_ISA=avx2, avx2x16 or none asks for less, for tests and benchmarks.
Isa InUse();

// How products in bfloat16 are computed. Tests run the sources of `dot` and `amx` by AVX2's ordinary arithmetic.
enum class Bf16 { none, dotByAvx2, dot, amxByAvx2, amx };

// The quickest where it beats float32: AMX, or avx512_bf16 on AMD's processors. PETERREC_BF16=none, dot-by-avx2 or amx-by-avx2
// asks for less.
Bf16 Bf16InUse();

// Columns of the tiles with one vector of 8 numbers, and of those with two of 16.
constexpr int64_t kNarrowTile = 8, kWideTile = 32;

inline bool FillsWide(int64_t columns) { return columns % kWideTile == 0 || columns >= 2 * kWideTile; }

template <typename Kernel>
Kernel ByIsa(Isa isa, Kernel avx2, Kernel avx2x16, Kernel avx512) {
  return isa == Isa::avx512 ? avx512 : isa == Isa::avx2x16 ? avx2x16 : avx2;
}

// The kernel of the set in use for rows of so many columns, but narrow tiles for one vector of 8 numbers, and no vectors of 16
// where rows of 24 or 48 numbers would fill the last tile by half.
template <typename Kernel>
Kernel KernelFor(int64_t columns, Kernel narrow, Kernel avx2, Kernel avx2x16, Kernel avx512) {
  return columns <= kNarrowTile ? narrow : ByIsa(FillsWide(columns) ? InUse() : Isa::avx2, avx2, avx2x16, avx512);
}

}  // namespace peterrec
