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

// Of all threads.
inline std::atomic<long> instructions{0};

inline void Require(bool holds, const char* what) {
  if (holds) return;
  fprintf(stderr, "expected %s\n", what);
  abort();
}

// tmm `reg`, `rm` and `other`, or memory at `address`, whose rows are `stride` bytes apart.
struct Instruction {
  int opcode, prefix, other, mod, reg, rm;
  uint64_t address;
  int64_t stride;
  const uint8_t* next;
};

// Four bytes of an instruction, signed.
inline int64_t Displacement(const uint8_t** at) {
  int32_t number;
  memcpy(&number, *at, 4);
  *at += 4;
  return number;
}

// The address of an instruction with memory, which begins behind its ModRM byte; x and b are 8 for registers from r8 on.
inline void DecodeAddress(const greg_t* registers, int x, int b, Instruction* found) {
  static const int kOrder[] = {REG_RAX, REG_RCX, REG_RDX, REG_RBX, REG_RSP, REG_RBP, REG_RSI, REG_RDI,
                               REG_R8,  REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15};
  int base = found->rm;
  if (base == 4) {
    const uint8_t sib = *found->next++;
    const int index = (sib >> 3 & 7) + x;
    if (index != 4) found->stride = registers[kOrder[index]] << (sib >> 6);
    base = sib & 7;
  }
  const bool relative = base == 5 && found->mod == 0;
  if (relative) found->address = Displacement(&found->next);
  if (relative && found->rm == 5) found->address += reinterpret_cast<uint64_t>(found->next);
  if (!relative) found->address = registers[kOrder[base + b]];
  if (found->mod == 1) found->address += static_cast<int8_t>(*found->next++);
  if (found->mod == 2) found->address += Displacement(&found->next);
}

inline Instruction Decode(const greg_t* registers) {
  const uint8_t* at = reinterpret_cast<const uint8_t*>(registers[REG_RIP]);
  Require(at[0] == 0xc4 && (at[1] & 0x9f) == 0x82 && (at[2] & 0x84) == 0, "an instruction of AMX");
  Instruction found = {at[3], at[2] & 3, ~(at[2] >> 3) & 15, at[4] >> 6, at[4] >> 3 & 7, at[4] & 7, 0, 0, at + 5};
  if (found.mod != 3) DecodeAddress(registers, at[1] & 0x40 ? 0 : 8, at[1] & 0x20 ? 0 : 8, &found);
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
    auto* memory = reinterpret_cast<uint8_t*>(given.address + given.stride * row);
    uint8_t* tile = tiles.data[given.reg][row];
    if (load) memcpy(tile, memory, tiles.bytes[given.reg]);
    else memcpy(memory, tile, tiles.bytes[given.reg]);
  }
}

inline float WithoutSubnormal(float number) { return std::fpclassify(number) == FP_SUBNORMAL ? 0.0f : number; }
inline float Number(const uint8_t* tile, int index) {
  uint32_t bits = 0;
  memcpy(reinterpret_cast<uint8_t*>(&bits) + 2, tile + 2 * index, 2);
  float number;
  memcpy(&number, &bits, 4);
  return WithoutSubnormal(number);
}

// sums += a b: pairs of bfloat16 along the rows of a and down those of b.
__attribute__((target("fma"))) inline void Multiply(int sums, int a, int b) {
  Require(tiles.configured && sums != a && sums != b && a != b, "three tiles that were configured");
  Require(tiles.rows[sums] == tiles.rows[a] && tiles.bytes[sums] == tiles.bytes[b] && tiles.bytes[a] == 4 * tiles.rows[b],
          "tiles whose shapes go together");
  for (int row = 0; row < tiles.rows[sums]; row++) {
    for (int n = 0; n < tiles.bytes[sums] / 4; n++) {
      float parts[2] = {}, sum;
      for (int k = 0; k < tiles.rows[b]; k++) {
        for (int i = 0; i < 2; i++) {
          const float one = Number(tiles.data[a][row], 2 * k + i), other = Number(tiles.data[b][k], 2 * n + i);
          parts[i] = WithoutSubnormal(std::fma(one, other, parts[i]));
        }
      }
      uint8_t* place = tiles.data[sums][row] + 4 * n;
      memcpy(&sum, place, 4);
      sum = WithoutSubnormal(WithoutSubnormal(sum) + WithoutSubnormal(parts[0] + parts[1]));
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
      else Configure(reinterpret_cast<const uint8_t*>(given.address + given.stride));
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
