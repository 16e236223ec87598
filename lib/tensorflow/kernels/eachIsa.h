// Compiles the file EACH_ISA names once for each set of instructions, into a namespace of its own:
//   avx2        vectors of 8 numbers
//   avx2narrow  the same, with tiles of one vector
//   avx512      vectors of 16 numbers
//   avx2x16     the source of 16 numbers compiled down to AVX2, which tests it where there is no more
// and where EACH_BF16 is defined for products in bfloat16:
//   bf16        vectors of 16 numbers, pairs multiplied by the processor
//   bf16avx2    the same source by ordinary arithmetic of AVX2, which tests it where there is no more
// A function that uses vectors says TARGET. Files included here include nothing of the standard library: what is compiled
// for one set must not be found by code for another.
//   LANES numbers of a vector; a tile has ROWS rows and VECTORS vectors of columns: as many sums as stay in registers.
#define BF16_NONE 0
#define BF16_ARITHMETIC 1
#define BF16_PROCESSOR 2
#define BF16 BF16_NONE
#define TARGET __attribute__((target("avx2,fma")))
#define LANES 8
#define ISA avx2
#define ROWS 6
#define VECTORS 2
#include EACH_ISA
#undef ISA
#undef ROWS
#undef VECTORS

#define ISA avx2narrow
#define ROWS 12
#define VECTORS 1
#include EACH_ISA
#undef ISA
#undef ROWS
#undef VECTORS
#undef LANES

#define LANES 16
#define ISA avx2x16
#define ROWS 14
#define VECTORS 2
#include EACH_ISA
#undef ISA

#ifdef EACH_BF16
#undef BF16
#define BF16 BF16_ARITHMETIC
#define ISA bf16avx2
#include EACH_ISA
#undef ISA
#undef BF16
#define BF16 BF16_NONE
#endif
#undef TARGET

#define TARGET __attribute__((target("avx512f,avx2,fma")))
#define ISA avx512
#include EACH_ISA
#undef ISA
#undef TARGET

#ifdef EACH_BF16
#undef BF16
#define BF16 BF16_PROCESSOR
#define TARGET __attribute__((target("avx512f,avx512bw,avx512bf16,avx2,fma")))
#define ISA bf16
#include EACH_ISA
#undef ISA
#undef TARGET
#endif
#undef BF16
#undef ROWS
#undef VECTORS
#undef LANES
