// Compiles the file EACH_ISA names once for each set of instructions, into a namespace of its own:
//   base        vectors of 8 numbers by AVX2, on ARM of 4 by NEON, which has 32 registers
//   narrow      the same, with tiles of 8 columns
// on x86:
//   avx512      vectors of 16 numbers
//   avx2x16     the source of 16 numbers compiled down to AVX2, which tests it where there is no more
// and where EACH_BF16 is defined for products in bfloat16:
//   bf16        by avx512_bf16, which multiplies pairs
//   amx         by tiles of AMX
//   bf16avx2, amxavx2  the same sources by the ordinary arithmetic of AVX2, which tests them where there is no more
// A function that uses vectors says TARGET. Files included here include nothing of the standard library: what is compiled
// for one set must not be found by code for another.
//   SIZES: numbers of a vector; rows of a tile, and vectors of its columns: as many sums as stay in registers.
#define BF16_NONE 0
#define BF16_DOT_BY_AVX2 1
#define BF16_DOT 2
#define BF16_AMX_BY_AVX2 3
#define BF16_AMX 4
#define BF16_BY_TILES (BF16 >= BF16_AMX_BY_AVX2)

#define BF16 BF16_NONE
#define TARGET EIGHTS
#ifdef __aarch64__
#define BASE_SIZES 4, 6, 4
#define NARROW_SIZES 4, 12, 2
#else
#define BASE_SIZES 8, 6, 2
#define NARROW_SIZES 8, 12, 1
#endif
#define ISA base
#define SIZES BASE_SIZES
#include EACH_ISA
#undef ISA
#undef SIZES
#define ISA narrow
#define SIZES NARROW_SIZES
#include EACH_ISA
#undef ISA
#undef SIZES
#ifndef __aarch64__
#define ISA avx2x16
#define SIZES 16, 14, 2
#include EACH_ISA
#undef ISA
#undef TARGET
#define TARGET __attribute__((target("avx512f,avx2,fma")))
#define ISA avx512
#include EACH_ISA
#undef ISA
#undef SIZES
#endif
#undef TARGET
#undef BF16

#ifdef EACH_BF16
#define SIZES 16, 14, 2
#define TARGET __attribute__((target("avx512f,avx512bw,avx512bf16,avx2,fma")))
#define BF16 BF16_DOT
#define ISA bf16
#include EACH_ISA
#undef ISA
#undef BF16
#undef TARGET
#define TARGET EIGHTS
#define BF16 BF16_DOT_BY_AVX2
#define ISA bf16avx2
#include EACH_ISA
#undef ISA
#undef BF16
#undef SIZES
#define SIZES 16, 32, 2
#define BF16 BF16_AMX_BY_AVX2
#define ISA amxavx2
#include EACH_ISA
#undef ISA
#undef BF16
#undef TARGET
#define TARGET __attribute__((target("avx512f,avx512bw,avx512bf16,amx-tile,amx-bf16,avx2,fma")))
#define BF16 BF16_AMX
#define ISA amx
#include EACH_ISA
#undef ISA
#undef BF16
#undef TARGET
#undef SIZES
#endif
