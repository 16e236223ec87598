// AMX on a processor that lacks it: its instructions raise SIGILL there, and are computed by the pseudo-code of Intel's manual. What
// such a processor would refuse, or what the kernels have no use for, ends the program.
#pragma once
#include <signal.h>
#include <ucontext.h>

#include <atomic>
#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>

namespace emulated {

// The tiles of a thread: of each how many bytes of how many rows are used.
struct Tiles {
  bool configured;
  uint16_t bytes[8];
  uint8_t rows[8];
  uint8_t data[8][16][64];
};
inline thread_local Tiles tiles;
inline std::atomic<long> instructions{0};  // of all threads

inline void Require(bool holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "expected %s\n", what);
  abort();
}

// The T that bytes begin with.
template <typename T>
T Read(const uint8_t* from) {
  T value;
  memcpy(&value, from, sizeof value);
  return value;
}

// tmm `reg`, `rm` and `other`, or memory at `address`, whose rows are `stride` bytes apart.
struct Instruction {
  int opcode, prefix, other, mod, reg, rm;
  uint8_t* address;
  int64_t stride;
  const uint8_t* next;
};

inline Instruction Decode(const greg_t* registers) {
  static const int kOrder[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                               REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  const uint8_t* at = reinterpret_cast<const uint8_t*>(registers[REG_RIP]);
  Require(at[0] == 0xc4 && (at[1] & 0x9f) == 0x82 && (at[2] & 0x84) == 0, "an instruction of AMX");
  Instruction found = {at[3], at[2] & 3, ~(at[2] >> 3) & 15, at[4] >> 6, at[4] >> 3 & 7, at[4] & 7, nullptr, 0, at + 5};
  if (found.mod == 3) return found;
  const int x = at[1] & 0x40 ? 0 : 8, b = at[1] & 0x20 ? 0 : 8;  // 8 for registers from r8 on
  int base = found.rm;
  if (base == 4) {
    const uint8_t sib = *found.next++;
    const int index = (sib >> 3 & 7) + x;
    if (index != 4) found.stride = registers[kOrder[index]] << (sib >> 6);
    base = sib & 7;
  }
  const bool relative = base == 5 && found.mod == 0;
  const int width = found.mod == 1 ? 1 : found.mod == 2 || relative ? 4 : 0;
  int64_t place = width == 1 ? Read<int8_t>(found.next) : width == 4 ? Read<int32_t>(found.next) : 0;
  found.next += width;
  if (!relative) place += registers[kOrder[base + b]];
  else if (found.rm == 5) place += reinterpret_cast<int64_t>(found.next);
  found.address = reinterpret_cast<uint8_t*>(place);
  return found;
}

inline void Configure(const uint8_t* shapes) {
  Require(shapes[0] == 1 && shapes[1] == 0, "palette 1 from row 0 on");
  for (int i = 2; i < 64; i++) Require((i >= 16 && i < 32) || (i >= 48 && i < 56) || shapes[i] == 0, "zeros between shapes");
  tiles = {true};
  memcpy(tiles.bytes, shapes + 16, sizeof tiles.bytes);
  memcpy(tiles.rows, shapes + 48, sizeof tiles.rows);
  for (int n = 0; n < 8; n++) Require(tiles.bytes[n] <= 64 && tiles.rows[n] <= 16, "at most 16 rows of 64 bytes");
}

inline void Move(const Instruction& given, bool load) {
  Require(tiles.configured && tiles.rows[given.reg] > 0, "a tile that was configured");
  for (int row = 0; row < tiles.rows[given.reg]; row++) {
    uint8_t *memory = given.address + given.stride * row, *tile = tiles.data[given.reg][row];
    memcpy(load ? tile : memory, load ? memory : tile, tiles.bytes[given.reg]);
  }
}

inline float WithoutSubnormal(float number) { return std::fpclassify(number) == FP_SUBNORMAL ? 0.0f : number; }
inline float Number(const uint8_t* tile, int index) {
  const uint32_t bits = Read<uint16_t>(tile + 2 * index) << 16;
  return WithoutSubnormal(Read<float>(reinterpret_cast<const uint8_t*>(&bits)));
}

// sums += a b: pairs of bfloat16 along the rows of a and down those of b.
__attribute__((target("fma"))) inline void Multiply(int sums, int a, int b) {
  Require(tiles.configured && sums != a && sums != b && a != b, "three tiles that were configured");
  Require(tiles.rows[sums] == tiles.rows[a] && tiles.bytes[sums] == tiles.bytes[b] && tiles.bytes[a] == 4 * tiles.rows[b],
          "tiles whose shapes go together");
  for (int row = 0; row < tiles.rows[sums]; row++) {
    for (int n = 0; n < tiles.bytes[sums] / 4; n++) {
      float parts[2] = {};
      for (int k = 0; k < 2 * tiles.rows[b]; k++) {
        const float one = Number(tiles.data[a][row], k), other = Number(tiles.data[b][k / 2], 2 * n + k % 2);
        parts[k % 2] = WithoutSubnormal(std::fma(one, other, parts[k % 2]));
      }
      uint8_t* place = tiles.data[sums][row] + 4 * n;
      const float sum = WithoutSubnormal(WithoutSubnormal(Read<float>(place)) + WithoutSubnormal(parts[0] + parts[1]));
      memcpy(place, &sum, 4);
    }
  }
}

inline void Compute(int, siginfo_t*, void* context) {
  greg_t* registers = static_cast<ucontext_t*>(context)->uc_mcontext.gregs;
  const Instruction given = Decode(registers);
  switch (given.opcode << 8 | given.prefix) {
    case 0x4900:
      if (given.mod == 3) tiles = {};
      else Configure(given.address + given.stride);
      break;
    case 0x4b02: Move(given, false); break;
    case 0x4b03: Move(given, true); break;
    case 0x5c02: Multiply(given.reg, given.rm, given.other); break;
    default: Require(false, "an instruction that the kernels use");
  }
  instructions++;
  registers[REG_RIP] = reinterpret_cast<greg_t>(given.next);
}

// From now on, in all threads.
inline void Begin() {
  struct sigaction action = {};
  action.sa_sigaction = Compute;
  action.sa_flags = SA_SIGINFO;
  sigaction(SIGILL, &action, nullptr);
}

}  // namespace emulated
