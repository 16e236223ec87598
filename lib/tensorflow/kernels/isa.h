// Which instructions the kernels use.
#pragma once

namespace peterrec {

enum class Isa { none, avx2, avx2x16, avx512 };

// The most that the processor has; PETERREC_ISA=avx2, avx2x16 or none asks for less, for tests and benchmarks.
Isa InUse();

// Its name as in PETERREC_ISA.
const char* NameOf(Isa isa);

}  // namespace peterrec
