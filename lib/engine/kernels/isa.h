// Which instructions the kernels use.
#pragma once

#include <cstdint>

namespace peterrec {

enum class Isa { none, avx2, avx2x16, avx512, neon };

// The most that the processor has; PETERREC_ISA=avx2, avx2x16 or none asks for less, for tests and benchmarks. On ARM neon or none.
Isa InUse();

// How products in bfloat16 are computed. Tests run the sources of `dot` and `amx` by AVX2's ordinary arithmetic.
enum class Bf16 { none, dotByAvx2, dot, amxByAvx2, amx };

// The quickest where it beats float32: AMX, or avx512_bf16 on AMD's processors; none on ARM. PETERREC_BF16=none, dot-by-avx2 or amx-by-avx2
// asks for less.
Bf16 Bf16InUse();

// Columns of the tiles with one vector of 8 numbers, and of those with two of 16.
constexpr int64_t kNarrowTile = 8, kWideTile = 32;

inline bool FillsWide(int64_t columns) { return columns % kWideTile == 0 || columns >= 2 * kWideTile; }

// What is called `name` in each namespace of tiles/eachIsa.h.
#ifdef __aarch64__
#define EACH_SET(name) &narrow::name, &base::name
#else
#define EACH_SET(name) &narrow::name, &base::name, &avx2x16::name, &avx512::name
#endif

// The kernel of the set in use, or the base set unless rows fill those of 16.
template <typename Kernel>
Kernel ByIsa(bool fills16, Kernel, Kernel base, Kernel avx2x16 = nullptr, Kernel avx512 = nullptr) {
  const Isa isa = fills16 ? InUse() : Isa::none;
  return isa == Isa::avx512 ? avx512 : isa == Isa::avx2x16 ? avx2x16 : base;
}

// The kernel of the set in use for rows of so many columns, but narrow tiles for one vector of 8 numbers, and no vectors of 16
// where rows of 24 or 48 numbers would fill the last tile by half.
template <typename Kernel, typename... Wider>
Kernel KernelFor(int64_t columns, Kernel narrow, Wider... wider) {
  return columns <= kNarrowTile ? narrow : ByIsa(FillsWide(columns), narrow, wider...);
}

}  // namespace peterrec
