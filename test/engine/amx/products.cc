// Convolutions and their gradients by the instructions of AMX, emulated, against the same source by ordinary arithmetic. Prints how
// far they are apart at most, by the largest number of each result, how many instructions were computed, and how many threads have
// left tiles configured.
#include <immintrin.h>

#include <cstdio>
#include <numeric>
#include <random>

#include "convolution/conv.h"
#include "emulator.h"
#include "isa.h"
#include "kernel.h"

#define EACH_ISA "../convolution/each.inc"
#define EACH_BF16 1
#include "tiles/eachIsa.h"

using namespace peterrec;
typedef std::vector<float> Numbers;

struct Kernels {
  decltype(&amx::Multiply) multiply;
  decltype(&amx::KernelGradient) kernelGradient;
};

Numbers Draw(int64_t count, int seed) {
  std::mt19937 random(seed);
  std::normal_distribution<float> normal;
  Numbers drawn(count);
  for (float& number : drawn) number = normal(random);
  return drawn;
}

// y, dx and dK of random x, K, bias, residual and dy.
std::vector<Numbers> All(const Kernels& kernels, const Conv& c) {
  const Numbers x = Draw(c.B * c.P * c.C, 1), K = Draw(c.w * c.C * c.D, 2), bias = Draw(c.D, 3);
  const Numbers residual = Draw(c.B * c.O * c.D, 4), dy = Draw(c.B * c.O * c.D, 5);
  Numbers y(dy.size()), dx(x.size()), dK(K.size());
  const Conv back = {c.B, c.O, c.P, c.D, c.C, c.w, c.left, c.dilation, c.step, true};
  kernels.multiply(c, x.data(), K.data(), bias.data(), residual.data(), y.data());
  kernels.multiply(back, dy.data(), K.data(), nullptr, nullptr, dx.data());
  kernels.kernelGradient(c, x.data(), dy.data(), dK.data());
  return {y, dx, dK};
}

float Apart(const Numbers& some, const Numbers& others) {
  float largest = 0, apart = 0;
  for (size_t i = 0; i < some.size(); i++) {
    const float off = std::abs(some[i] - others[i]);
    apart = off <= apart ? apart : off;  // what is not a number is apart
    largest = std::max(largest, std::abs(others[i]));
  }
  return apart / largest;
}

int main() {
  emulated::Begin();
  // B, P, C and D; w, left, dilation and step.
  const int64_t shapes[][4] = {{3, 40, 64, 64}, {2, 33, 20, 70}, {5, 9, 70, 33}, {1, 100, 16, 96}};
  const int64_t windows[][4] = {{3, 2, 1, 1}, {3, 8, 4, 1}, {3, 3, 3, 1}, {3, 2, 1, 2}, {1, 0, 1, 1}, {5, 4, 2, 1}};
  float apart = 0;
  for (const auto& [B, P, C, D] : shapes) {
    for (const auto& [w, left, dilation, step] : windows) {
      const Conv conv = {B, P, (P + step - 1) / step, C, D, w, left, dilation, step, false};
      const auto found = All({amx::Multiply, amx::KernelGradient}, conv);
      const auto expected = All({amxavx2::Multiply, amxavx2::KernelGradient}, conv);
      for (int i = 0; i < 3; i++) {
        const float off = Apart(found[i], expected[i]);
        apart = off <= apart ? apart : off;
      }
    }
  }
  std::atomic<int> left{0};
  Parallel([&](int) { left += emulated::tiles.configured; });
  printf("%g %ld %d\n", apart, emulated::instructions.load(), left.load());
}
