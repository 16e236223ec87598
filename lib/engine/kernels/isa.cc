#include "isa.h"

#include "kernel.h"

#ifndef __aarch64__
#include <cpuid.h>
#include <sys/syscall.h>
#include <unistd.h>
#endif

#include <cstdlib>
#include <cstring>

namespace peterrec {
namespace {

bool Asked(const char* variable, const char* name) {
  const char* asked = std::getenv(variable);
  return asked && std::strcmp(asked, name) == 0;
}

#ifdef __aarch64__

Isa Choose() { return Asked("PETERREC_ISA", "none") ? Isa::none : Isa::neon; }
Bf16 ChooseBf16() { return Bf16::none; }

#else

struct Registers {
  unsigned a = 0, b = 0, c = 0, d = 0;
};

Registers Cpuid(unsigned leaf, unsigned part = 0) {
  Registers r;
  __get_cpuid_count(leaf, part, &r.a, &r.b, &r.c, &r.d);
  return r;
}

bool Bit(unsigned word, int bit) { return word >> bit & 1; }

// Instructions that the processor has and the system saves for a process: __builtin_cpu_supports says no where a compiler lacks its library.
struct Processor {
  bool avx2, avx512, bf16, amx, isAmd;
};

Processor ThisProcessor() {
  const Registers base = Cpuid(1), more = Cpuid(7), rest = Cpuid(7, 1), vendor = Cpuid(0);
  unsigned saved = 0, high = 0;
  if (Bit(base.c, 27)) asm volatile("xgetbv" : "=a"(saved), "=d"(high) : "c"(0));
  constexpr unsigned kVectors = 0x6, kWideVectors = 0xe6, kTiles = 0x60000;
  const bool vectors = (saved & kVectors) == kVectors, wide = (saved & kWideVectors) == kWideVectors;
  Processor found;
  found.avx2 = vectors && Bit(base.c, 12) && Bit(base.c, 28) && Bit(more.b, 5);  // FMA, AVX, AVX2
  found.avx512 = found.avx2 && wide && Bit(more.b, 16);
  found.bf16 = found.avx512 && Bit(more.b, 30) && Bit(rest.a, 5);  // AVX512-BW, AVX512-BF16
  found.amx = found.bf16 && (saved & kTiles) == kTiles && Bit(more.d, 24) && Bit(more.d, 22);
  found.isAmd = vendor.b == 0x68747541 && vendor.d == 0x69746e65 && vendor.c == 0x444d4163;  // AuthenticAMD
  return found;
}

Isa Choose() {
  const Processor has = ThisProcessor();
  if (!has.avx2 || Asked("PETERREC_ISA", "none")) return Isa::none;
  if (Asked("PETERREC_ISA", "avx2")) return Isa::avx2;
  if (Asked("PETERREC_ISA", "avx2x16")) return Isa::avx2x16;
  return has.avx512 ? Isa::avx512 : Isa::avx2;
}

Bf16 ChooseBf16() {
  if (InUse() == Isa::none || Asked("PETERREC_BF16", "none")) return Bf16::none;
  if (Asked("PETERREC_BF16", "dot-by-avx2")) return Bf16::dotByAvx2;
  if (Asked("PETERREC_BF16", "amx-by-avx2")) return Bf16::amxByAvx2;
  const Processor has = ThisProcessor();
  if (InUse() != Isa::avx512 || !has.bf16) return Bf16::none;
  constexpr int kAskPermission = 0x1023, kTileData = 18;  // Linux lets a process use the tiles of AMX where it asks
  if (has.amx && syscall(SYS_arch_prctl, kAskPermission, kTileData) == 0) return Bf16::amx;
  return has.isAmd ? Bf16::dot : Bf16::none;
}

#endif
}  // namespace

Isa InUse() {
  static const Isa isa = Choose();
  return isa;
}

Bf16 Bf16InUse() {
  static const Bf16 bf16 = ChooseBf16();
  return bf16;
}

namespace {

// The places of what is in use among the sets of isa.h.
void Compute(void*, TF_OpKernelContext* context) {
  Call call(context, "IsaInUse");
  int32_t *isa = call.Output<int32_t>(0, {}), *bf16 = call.Output<int32_t>(1, {});
  if (!call.Fine()) return;
  *isa = static_cast<int32_t>(InUse());
  *bf16 = static_cast<int32_t>(Bf16InUse());
}

const bool registered = Register({"IsaInUse", {}, {"isa: int32", "bf16: int32"}, Compute});

}  // namespace
}  // namespace peterrec
