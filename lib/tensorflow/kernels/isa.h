// Which instructions the kernels use.
#pragma once

#include <cstdint>

namespace peterrec {

enum class Isa { none, avx2, avx2x16, avx512 };

// The most that the processor has; PETERREC_ISA=avx2, avx2x16 or none asks for less, for tests and benchmarks.
Isa InUse();

// Its name as in PETERREC_ISA.
const char* NameOf(Isa isa);

// Compilers before these do not know the instructions for bfloat16.
#if defined(__clang__) || __GNUC__ >= 11
#define PETERREC_BF16 1
#else
#define PETERREC_BF16 0
#endif

// How products in bfloat16 are computed; the sources of `dot` and `amx` by AVX2's ordinary arithmetic are slower than float32,
// and there for tests.
enum class Bf16 { none, dotByAvx2, dot, amxByAvx2, amx };

// What is taken to be quicker than float32: AMX, or avx512_bf16 on AMD's processors; on Intel's it is slower. PETERREC_BF16=none, dot-by-avx2
// or amx-by-avx2 asks for less.
Bf16 Bf16InUse();

// Columns of the tiles with one vector of 8 numbers, and of those with two of 16.
constexpr int64_t kNarrowTile = 8, kWideTile = 32;

inline bool FillsWide(int64_t columns) { return columns % kWideTile == 0 || columns >= 2 * kWideTile; }

// One of four kernels for rows of so many columns: that of the set in use, but narrow tiles for what one vector of 8 numbers
// holds, and no vectors of 16 where rows of 24 or 48 numbers would fill the last tile by half.
template <typename Kernel>
Kernel KernelFor(int64_t columns, Kernel narrow, Kernel avx2, Kernel avx2x16, Kernel avx512) {
  if (columns <= kNarrowTile) return narrow;
  switch (FillsWide(columns) ? InUse() : Isa::avx2) {
    case Isa::avx512: return avx512;
    case Isa::avx2x16: return avx2x16;
    default: return avx2;
  }
}

}  // namespace peterrec
