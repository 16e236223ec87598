#include "isa.h"

#include "kernel.h"

#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdlib>
#include <cstring>
#include <initializer_list>

namespace peterrec {
namespace {

bool Asked(const char* variable, const char* name) {
  const char* asked = std::getenv(variable);
  return asked && std::strcmp(asked, name) == 0;
}

Isa Choose() {
  if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma")) return Isa::none;
  for (Isa isa : {Isa::none, Isa::avx2, Isa::avx2x16}) {
    if (Asked("PETERREC_ISA", NameOf(isa))) return isa;
  }
  return __builtin_cpu_supports("avx512f") ? Isa::avx512 : Isa::avx2;
}

// Whether the processor has AMX for bfloat16 and Linux lets this process use its tiles.
bool HaveAmx() {
  unsigned a, b, c, d = 0;
  constexpr unsigned kBf16 = 1u << 22, kTiles = 1u << 24;
  if (!__get_cpuid_count(7, 0, &a, &b, &c, &d) || !(d & kBf16) || !(d & kTiles)) return false;
  constexpr int kAskPermission = 0x1023, kTileData = 18;
  return syscall(SYS_arch_prctl, kAskPermission, kTileData) == 0;
}

Bf16 ChooseBf16() {
  if (InUse() == Isa::none || Asked("PETERREC_BF16", "none")) return Bf16::none;
  if (Asked("PETERREC_BF16", "dot-by-avx2")) return Bf16::dotByAvx2;
  if (Asked("PETERREC_BF16", "amx-by-avx2")) return Bf16::amxByAvx2;
  const bool has = __builtin_cpu_supports("avx512bf16") && __builtin_cpu_supports("avx512bw");
  if (InUse() != Isa::avx512 || !has) return Bf16::none;
  if (HaveAmx()) return Bf16::amx;
  return __builtin_cpu_is("amd") ? Bf16::dot : Bf16::none;
}

}  // namespace

Isa InUse() {
  static const Isa isa = Choose();
  return isa;
}

Bf16 Bf16InUse() {
  static const Bf16 bf16 = ChooseBf16();
  return bf16;
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
