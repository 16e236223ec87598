// Compiles the file EACH_ISA names once for each set of instructions, into a namespace of its own: avx2 with vectors of 8
// numbers, avx512 with 16, and avx2x16, the source of 16 numbers compiled down to AVX2, which tests it where there is no
// more. A function that uses vectors says TARGET. Files included here include nothing of the standard library: what is
// compiled for one set must not be found by code for another.
//   LANES numbers of a vector; ROWS of a tile: twice as many sums stay in registers.
#define ISA avx2
#define LANES 8
#define ROWS 6
#define TARGET __attribute__((target("avx2,fma")))
#include EACH_ISA
#undef ISA
#undef LANES
#undef ROWS

#define ISA avx2x16
#define LANES 16
#define ROWS 14
#include EACH_ISA
#undef ISA
#undef TARGET

#define ISA avx512
#define TARGET __attribute__((target("avx512f,avx2,fma")))
#include EACH_ISA
#undef ISA
#undef LANES
#undef ROWS
#undef TARGET
