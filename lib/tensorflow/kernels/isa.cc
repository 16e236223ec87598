#include "isa.h"

#include "kernel.h"

#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace peterrec {
namespace {

bool Asked(Isa isa) {
  const char* asked = std::getenv("PETERREC_ISA");
  return asked && std::strcmp(asked, NameOf(isa)) == 0;
}

Isa Choose() {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return Isa::none;
  for (Isa isa : {Isa::none, Isa::avx2, Isa::avx2x16}) {
    if (Asked(isa)) return isa;
  }
  return __builtin_cpu_supports("avx512f") ? Isa::avx512 : Isa::avx2;
}

}  // namespace

Isa InUse() {
  static const Isa isa = Choose();
  return isa;
}

Bf16 Bf16InUse() {
  if (InUse() == Isa::avx2x16) return Bf16::arithmetic;
  const bool quick = InUse() == Isa::avx512 && __builtin_cpu_is("amd") && __builtin_cpu_supports("avx512bf16");
  return quick && __builtin_cpu_supports("avx512bw") ? Bf16::avx512 : Bf16::none;
}

const char* NameOf(Isa isa) {
  switch (isa) {
    case Isa::avx2: return "avx2";
    case Isa::avx2x16: return "avx2x16";
    case Isa::avx512: return "avx512";
    default: return "none";
  }
}

namespace {

// The places of what is in use among the sets of isa.h.
void Compute(void*, TF_OpKernelContext* context) {
  Call call(context);
  call.IntOutput(0, {})[0] = static_cast<int32_t>(InUse());
  call.IntOutput(1, {})[0] = static_cast<int32_t>(Bf16InUse());
}

const bool registered =
    Register({"IsaInUse", {}, {"isa: int32", "bf16: int32"}, {}, UnknownShape, nullptr, Compute, nullptr});

}  // namespace
}  // namespace peterrec
