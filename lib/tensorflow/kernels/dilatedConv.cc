// Dilated convolution along time and its gradients, straight from the rows of x: nothing is padded, unfolded or cut out,
// and taps that would read padding are skipped.
//   y[b, i] = bias + sum over j of x[b, i step + j dilation - left] K_j [+ residual[b, i]], where x is zero outside of
// its rows.
// Letters: B batch, P rows given and O rows asked for of a sequence, C and D channels, w kernel width.
#include <algorithm>
#include <memory>

#include "tile.h"

namespace peterrec {
namespace {

struct Geometry {
  int64_t left, dilation, step, length;  // length: O of the forward op, P of the input's gradient, w of the kernel's
};

// Which row of a sequence another one reads through tap j, or -1.
using Reads = int64_t (*)(const Geometry&, int64_t row, int64_t tap, int64_t length);

int64_t InputOfOutput(const Geometry& g, int64_t output, int64_t tap, int64_t P) {
  const int64_t input = output * g.step + tap * g.dilation - g.left;
  return input >= 0 && input < P ? input : -1;
}

int64_t OutputOfInput(const Geometry& g, int64_t input, int64_t tap, int64_t O) {
  const int64_t ahead = input + g.left - tap * g.dilation;
  if (ahead < 0 || (g.step > 1 && ahead % g.step != 0)) return -1;
  const int64_t output = g.step > 1 ? ahead / g.step : ahead;
  return output < O ? output : -1;
}

// n numbers that are freed with the call; the values are not set.
std::unique_ptr<float[]> Room(int64_t n) { return std::unique_ptr<float[]>(new float[n]); }

int64_t Tiles(int64_t columns) { return (columns + kColumns - 1) / kColumns; }

// One panel [rows, 16]: columns [from, from + 16) of a matrix [rows, columns] or, transposed, of one [columns, rows].
AVX2 void PackPanel(const float* matrix, int64_t rows, int64_t columns, int64_t from, bool transposed, float* to) {
  const int64_t width = std::min(kColumns, columns - from);
  for (int64_t r = 0; r < rows; r++, to += kColumns) {
    if (!transposed && width == kColumns) {
      Store(to, Load(matrix + r * columns + from));
      Store(to + kLanes, Load(matrix + r * columns + from + kLanes));
      continue;
    }
    for (int64_t d = 0; d < width; d++) {
      to[d] = transposed ? matrix[(from + d) * rows + r] : matrix[r * columns + from + d];
    }
    std::fill(to + width, to + kColumns, 0.0f);
  }
}

// Panels [tiles of columns, w, rows, 16] of w matrices.
void Pack(const float* matrices, int64_t w, int64_t rows, int64_t columns, bool transposed, float* panels) {
  Parallel([&](int part) {
    ForRows(Tiles(columns) * w, part, [&](int64_t panel) {
      const float* matrix = matrices + panel % w * rows * columns;
      PackPanel(matrix, rows, columns, panel / w * kColumns, transposed, panels + panel * rows * kColumns);
    });
  });
}

// A product of rows with w matrices: what forward op and input gradient have in common.
struct Product {
  Geometry geometry;
  Reads reads;
  const float* from;           // [B, given, in]
  float* to;                   // [B, asked, out]
  const float* panels;         // [tiles of out, w, in, 16]
  const float* bias;           // [out], and zeros up to a whole tile
  const float* residual;       // [B, asked, out] or none
  const float* zeros;          // [in]
  int64_t B, given, asked, in, out, w;
  int64_t classes;             // rows that are this far apart read through the same taps
};

struct Row {
  int64_t sequence, position;
};

// The n-th row asked for, class by class, so that the rows of a tile share their taps.
Row RowAt(const Product& p, int64_t n) {
  const int64_t sequence = n / p.asked;
  int64_t rest = n % p.asked;
  for (int64_t start = 0; start < p.classes; start++) {
    const int64_t members = (p.asked - start + p.classes - 1) / p.classes;
    if (rest < members) return {sequence, start + rest * p.classes};
    rest -= members;
  }
  return {};
}

// The terms of up to six rows: the taps that at least one of them reads through. Returns their number.
int FindTerms(const Product& p, const Row* rows, int count, Term* terms, int64_t* taps) {
  int found = 0;
  for (int64_t j = 0; j < p.w; j++) {
    bool any = false;
    for (int r = 0; r < kRows; r++) {
      const int64_t source = r < count ? p.reads(p.geometry, rows[r].position, j, p.given) : -1;
      terms[found].rows[r] = source < 0 ? p.zeros : p.from + (rows[r].sequence * p.given + source) * p.in;
      any = any || source >= 0;
    }
    taps[found] = j;
    if (any) found++;
  }
  return found;
}

void MultiplyRows(const Product& p, int64_t first, int count, Term* terms, int64_t* taps) {
  Row rows[kRows] = {};
  for (int r = 0; r < count; r++) rows[r] = RowAt(p, first + r);
  const int found = FindTerms(p, rows, count, terms, taps);
  for (int64_t tile = 0; tile < Tiles(p.out); tile++) {
    const int64_t column = tile * kColumns, width = std::min(kColumns, p.out - column);
    for (int t = 0; t < found; t++) terms[t].panel = p.panels + (tile * p.w + taps[t]) * p.in * kColumns;
    const bool whole = width == kColumns;
    float spare[kRows][kColumns], added[kRows][kColumns] = {};
    float* to[kRows];
    const float* plus[kRows];
    for (int r = 0; r < kRows; r++) {
      const int64_t at = (rows[r].sequence * p.asked + rows[r].position) * p.out + column;
      to[r] = r < count && whole ? p.to + at : spare[r];
      plus[r] = r < count && whole && p.residual ? p.residual + at : added[r];
      if (r < count && !whole && p.residual) std::copy_n(p.residual + at, width, added[r]);
    }
    SumOfTerms(terms, found, p.in, p.bias + column, p.residual ? plus : nullptr, to);
    for (int r = 0; r < count && !whole; r++) {
      std::copy_n(spare[r], width, p.to + (rows[r].sequence * p.asked + rows[r].position) * p.out + column);
    }
  }
}

void Multiply(const Product& p) {
  const int64_t rows = p.B * p.asked, tiles = (rows + kRows - 1) / kRows;
  Parallel([&](int part) {
    std::vector<Term> terms(p.w);
    std::vector<int64_t> taps(p.w);
    ForRows(tiles, part, [&](int64_t tile) {
      const int64_t first = tile * kRows, count = std::min<int64_t>(kRows, rows - first);
      MultiplyRows(p, first, static_cast<int>(count), terms.data(), taps.data());
    });
  });
}

template <bool kSum>
void Forward(void* kernel, TF_OpKernelContext* context) {
  Call call(context);
  const Geometry geometry = *static_cast<Geometry*>(kernel);
  const TF_Tensor *x = call.Input(0), *K = call.Input(1);
  const int64_t B = TF_Dim(x, 0), P = TF_Dim(x, 1), C = TF_Dim(x, 2), w = TF_Dim(K, 0), D = TF_Dim(K, 2);
  float* y = call.Output(0, {B, geometry.length, D});
  const auto panels = Room(Tiles(D) * w * C * kColumns);
  const std::vector<float> zeros(C);
  std::vector<float> bias(Tiles(D) * kColumns);
  std::copy_n(Call::Values(call.Input(2)), D, bias.begin());
  Pack(Call::Values(K), w, C, D, false, panels.get());
  Multiply({geometry, InputOfOutput, Call::Values(x), y, panels.get(), bias.data(),
            kSum ? Call::Values(call.Input(3)) : nullptr, zeros.data(), B, P, geometry.length, C, D, w, 1});
}

void InputGradient(void* kernel, TF_OpKernelContext* context) {
  Call call(context);
  const Geometry geometry = *static_cast<Geometry*>(kernel);
  const TF_Tensor *dy = call.Input(0), *K = call.Input(1);
  const int64_t B = TF_Dim(dy, 0), O = TF_Dim(dy, 1), D = TF_Dim(dy, 2), w = TF_Dim(K, 0), C = TF_Dim(K, 1);
  float* dx = call.Output(0, {B, geometry.length, C});
  const auto panels = Room(Tiles(C) * w * D * kColumns);
  const std::vector<float> zeros(std::max(D, Tiles(C) * kColumns));
  Pack(Call::Values(K), w, D, C, true, panels.get());
  Multiply({geometry, OutputOfInput, Call::Values(dy), dx, panels.get(), zeros.data(), nullptr, zeros.data(), B,
            O, geometry.length, D, C, w, geometry.step});
}

// Pairs of rows of x [B, P, C] and dy [B, O, D] that meet in one tap: in each sequence the outputs [first, end).
struct Meetings {
  const float *x, *dy;
  int64_t P, O, C, D, offset, step, first, end;  // output i reads input i step + offset

  int64_t InSequence() const { return end - first; }
  const float* X(int64_t sequence, int64_t i) const { return x + (sequence * P + i * step + offset) * C; }
  const float* Y(int64_t sequence, int64_t i) const { return dy + (sequence * O + i) * D; }
};

Meetings Meet(const Geometry& g, int64_t tap, const float* x, const float* dy, int64_t P, int64_t O, int64_t C,
              int64_t D) {
  const int64_t offset = tap * g.dilation - g.left;
  const int64_t first = offset < 0 ? (-offset + g.step - 1) / g.step : 0;
  const int64_t end = P > offset ? std::min(O, (P - 1 - offset) / g.step + 1) : 0;
  return {x, dy, P, O, C, D, offset, g.step, first, std::max(first, end)};
}

// Rows that are packed at a time: few enough for the cache, many enough to pay for reading the sums.
constexpr int64_t kBlock = 192;

// Numbers that a row of six spills over into the next one, which is packed after it.
constexpr int64_t kSpill = kLanes - kRows;

// Columns [from, to) of a row of `given`, in tiles of six or sixteen columns that are `apart` numbers apart.
template <int64_t size>
AVX2 inline void PackRow(const float* row, int64_t given, int64_t from, int64_t to, int64_t apart, float* packed) {
  constexpr int64_t taken = (size + kLanes - 1) / kLanes * kLanes;
  for (; from + size <= to && from + taken <= given; from += size, packed += apart) {
    for (int64_t c = 0; c < taken; c += kLanes) Store(packed + c, Load(row + from + c));
  }
  for (; from < to; from += size, packed += apart) {
    for (int64_t c = 0; c < size; c++) packed[c] = from + c < to ? row[from + c] : 0;
  }
}

// dK rows [from, to): sums of x[c] dy[d] over the meetings of one tap. X and Y are room for packed rows.
AVX2 void KernelRows(const Meetings& m, int64_t B, int64_t from, int64_t to, float* dK, float* X, float* Y) {
  const int64_t D = m.D, rows = B * m.InSequence();
  std::fill(dK + from * D, dK + to * D, 0.0f);
  int64_t sequence = 0, i = m.first;
  for (int64_t start = 0; start < rows; start += kBlock) {
    const int64_t n = std::min(kBlock, rows - start), apart = n * kRows + kSpill;
    for (int64_t row = 0; row < n; row++) {
      PackRow<kRows>(m.X(sequence, i), m.C, from, to, apart, X + row * kRows);
      PackRow<kColumns>(m.Y(sequence, i), D, 0, D, n * kColumns, Y + row * kColumns);
      if (++i == m.end) i = m.first, sequence++;
    }
    for (int64_t c = from; c < to; c += kRows) {
      const int64_t height = std::min<int64_t>(kRows, to - c);
      for (int64_t d = 0; d < D; d += kColumns) {
        const int64_t width = std::min(kColumns, D - d);
        float spare[kRows][kColumns] = {};
        float* sums[kRows];
        for (int64_t r = 0; r < kRows; r++) {
          sums[r] = r < height && width == kColumns ? dK + (c + r) * D + d : spare[r];
        }
        for (int64_t r = 0; r < height && width < kColumns; r++) std::copy_n(dK + (c + r) * D + d, width, spare[r]);
        AddOuterProducts(X + (c - from) / kRows * apart, Y + d * n, n, sums);
        for (int64_t r = 0; r < height && width < kColumns; r++) std::copy_n(spare[r], width, dK + (c + r) * D + d);
      }
    }
  }
}

// Sums over the rows [rows, D] of columns [from, to).
AVX2 void ColumnSums(const float* rows, int64_t count, int64_t D, int64_t from, int64_t to, float* sums) {
  std::fill(sums + from, sums + to, 0.0f);
  for (int64_t row = 0; row < count; row++) {
    int64_t d = from;
    for (; d + kLanes <= to; d += kLanes) Store(sums + d, Load(sums + d) + Load(rows + row * D + d));
    for (; d < to; d++) sums[d] += rows[row * D + d];
  }
}

void KernelGradient(void* kernel, TF_OpKernelContext* context) {
  Call call(context);
  const Geometry geometry = *static_cast<Geometry*>(kernel);
  const TF_Tensor *x = call.Input(0), *dy = call.Input(1);
  const int64_t B = TF_Dim(x, 0), P = TF_Dim(x, 1), C = TF_Dim(x, 2), O = TF_Dim(dy, 1), D = TF_Dim(dy, 2);
  const int64_t w = geometry.length, tiles = (C + kRows - 1) / kRows;
  float *dK = call.Output(0, {w, C, D}), *dbias = call.Output(1, {D});
  const float* slopes = Call::Values(dy);
  Parallel([&](int part) {
    const int64_t from = tiles * part / Parts() * kRows, to = std::min(C, tiles * (part + 1) / Parts() * kRows);
    const auto X = Room(tiles * (kBlock * kRows + kSpill)), Y = Room(kBlock * Tiles(D) * kColumns);
    for (int64_t j = 0; j < w && from < to; j++) {
      const Meetings meetings = Meet(geometry, j, Call::Values(x), slopes, P, O, C, D);
      KernelRows(meetings, B, from, to, dK + j * C * D, X.get(), Y.get());
    }
    ColumnSums(slopes, B * O, D, D * part / Parts(), D * (part + 1) / Parts(), dbias);
  });
}

void* Create(TF_OpKernelConstruction* construction) {
  TF_Status* status = TF_NewStatus();
  auto* geometry = new Geometry{};
  TF_OpKernelConstruction_GetAttrInt64(construction, "left", &geometry->left, status);
  TF_OpKernelConstruction_GetAttrInt64(construction, "dilation", &geometry->dilation, status);
  TF_OpKernelConstruction_GetAttrInt64(construction, "step", &geometry->step, status);
  TF_OpKernelConstruction_GetAttrInt64(construction, "length", &geometry->length, status);
  if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
  TF_DeleteStatus(status);
  return geometry;
}

void Delete(void* kernel) { delete static_cast<Geometry*>(kernel); }

const std::vector<const char*> kGeometry = {"left: int", "dilation: int", "step: int", "length: int"};

const bool registered =
    Register({"DilatedConv",
              {"x: float", "kernel: float", "bias: float"},
              {"y: float"},
              kGeometry,
              UnknownShape, Create, Forward<false>, Delete}) &&
    Register({"DilatedConvSum",
              {"x: float", "kernel: float", "bias: float", "residual: float"},
              {"y: float"},
              kGeometry,
              UnknownShape, Create, Forward<true>, Delete}) &&
    Register({"DilatedConvInputGrad",
              {"dy: float", "kernel: float"},
              {"dx: float"},
              kGeometry,
              UnknownShape, Create, InputGradient, Delete}) &&
    Register({"DilatedConvKernelGrad",
              {"x: float", "dy: float"},
              {"dkernel: float", "dbias: float"},
              kGeometry,
              UnknownShape, Create, KernelGradient, Delete});

}  // namespace
}  // namespace peterrec
