// A layer of gated recurrent units (Cho et al. 2014, in the form of cuDNN and PyTorch) along sequences, and its gradients:
//   r = sigmoid(x_r + h U_r + c_r), z = sigmoid(x_z + h U_z + c_z), n = tanh(x_n + r (h U_n + c_n)), h' = (1 - z) n + z h,
// where x holds the products of the inputs. The state is 0 before the first position and at padding. Each thread takes some of the
// sequences through all positions. Letters: B sequences, T positions, k channels.
#include <cmath>

#include "isa.h"
#include "kernel.h"

namespace peterrec {

struct Gru {
  const float* x;          // [B, T, 3 k]: r, z, n
  const float* recurrent;  // U [k, 3 k]
  const float* bias;       // c [3 k]
  const float* real;       // [B, T], 0 at padding
  int64_t B, T, k;
};

// The states [B, T, k], and what their gradient needs of each: r, z, n and h U_n + c_n [B, T, 4 k].
struct GruStates {
  float *h, *gates;
};

// The gradient of the states, and what the forward op gave.
struct GruGiven {
  const float *dy, *h, *gates;
};

// The gradients of x [B, T, 3 k] and, added up over a thread's sequences, of U and c [k + 1, 3 k].
struct GruSlopes {
  float *dx, *sums;
};

// Sequences [from, to) for one set of instructions.
struct GruKernels {
  void (*states)(const Gru&, int64_t from, int64_t to, const GruStates&);
  void (*slopes)(const Gru&, int64_t from, int64_t to, const GruGiven&, const GruSlopes&);
};

}  // namespace peterrec

#define EACH_ISA "../gru/sequences.inc"
#include "tiles/eachIsa.h"

namespace peterrec {
namespace {

const GruKernels& KernelsOf(const Gru& g) {
  return *KernelFor(g.k, EACH_SET(kGru));
}

// Refuses inputs whose shapes do not go together.
Gru GruOf(Call& call, const TF_Tensor* x, const TF_Tensor* recurrent, const TF_Tensor* bias, const TF_Tensor* real) {
  if (!call.Has("recurrent", recurrent, {kSome, kAny})) return {};
  const int64_t k = TF_Dim(recurrent, 0);
  if (!call.Has("recurrent", recurrent, {k, 3 * k}) || !call.Has("bias", bias, {3 * k})) return {};
  if (!call.Has("x", x, {kAny, kSome, 3 * k})) return {};
  const int64_t B = TF_Dim(x, 0), T = TF_Dim(x, 1);
  if (!call.Has("real", real, {B, T})) return {};
  return {Call::Values(x), Call::Values(recurrent), Call::Values(bias), Call::Values(real), B, T, k};
}

void Forward(void*, TF_OpKernelContext* context) {
  Call call(context, "Gru");
  const Gru g = GruOf(call, call.Input(0), call.Input(1), call.Input(2), call.Input(3));
  if (!call.Fine()) return;
  const GruStates found = {call.Output(0, {g.B, g.T, g.k}), call.Output(1, {g.B, g.T, 4 * g.k})};
  if (!call.Fine()) return;
  Parallel([&](int part) { KernelsOf(g).states(g, g.B * part / Parts(), g.B * (part + 1) / Parts(), found); });
}

void Gradients(void*, TF_OpKernelContext* context) {
  Call call(context, "GruGrads");
  const Gru g = GruOf(call, call.Input(1), call.Input(2), call.Input(3), call.Input(4));
  if (!call.Fine()) return;
  const TF_Tensor *dy = call.Input(0), *h = call.Input(5), *gates = call.Input(6);
  if (!call.Has("dy", dy, {g.B, g.T, g.k}) || !call.Has("h", h, {g.B, g.T, g.k})) return;
  if (!call.Has("gates", gates, {g.B, g.T, 4 * g.k})) return;
  float *dx = call.Output(0, {g.B, g.T, 3 * g.k}), *du = call.Output(1, {g.k, 3 * g.k}), *dc = call.Output(2, {3 * g.k});
  if (!call.Fine()) return;
  const int64_t own = (g.k + 1) * 3 * g.k;
  std::vector<float> sums(own * Parts());
  Parallel([&](int part) {
    KernelsOf(g).slopes(g, g.B * part / Parts(), g.B * (part + 1) / Parts(),
                        {Call::Values(dy), Call::Values(h), Call::Values(gates)}, {dx, sums.data() + own * part});
  });
  for (int64_t i = 0; i < own; i++) {
    float total = 0;
    for (int part = 0; part < Parts(); part++) total += sums[own * part + i];
    (i < g.k * 3 * g.k ? du[i] : dc[i - g.k * 3 * g.k]) = total;
  }
}

const bool registered = Register({"Gru", {"x", "recurrent", "bias", "real"}, {"h", "gates"}, Forward}) &&
                        Register({"GruGrads",
                                  {"dy", "x", "recurrent", "bias", "real", "h", "gates"},
                                  {"dx", "drecurrent", "dbias"},
                                  Gradients});

}  // namespace
}  // namespace peterrec
