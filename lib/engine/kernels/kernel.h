// What the kernels share: tensors of a call, rows by threads, registration. They use TensorFlow's C interface, which any C++
// compiler can call.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "parallel.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"

#define AVX2 __attribute__((target("avx2,fma")))

namespace peterrec {

typedef float Lanes __attribute__((vector_size(32), aligned(4)));
constexpr int64_t kLanes = 8;

AVX2 inline Lanes Load(const float* from) { return *reinterpret_cast<const Lanes*>(from); }
AVX2 inline void Store(float* to, const Lanes& value) { *reinterpret_cast<Lanes*>(to) = value; }

inline std::vector<int64_t> ShapeOf(const TF_Tensor* tensor) {
  std::vector<int64_t> shape(TF_NumDims(tensor));
  for (size_t i = 0; i < shape.size(); i++) shape[i] = TF_Dim(tensor, i);
  return shape;
}

// Sizes that are expected of an axis: any, or any but 0.
constexpr int64_t kAny = -1, kSome = -2;

inline bool IsExpected(int64_t size, int64_t expected) {
  return size == expected || expected == kAny || (expected == kSome && size > 0);
}

// A shape as errors name it, for example "[2, any, 1 or more]".
std::string Shown(const std::vector<int64_t>& shape);

// One call of a kernel: its tensors, freed when it ends.
class Call {
 public:
  Call(TF_OpKernelContext* context, const char* op)
      : context_(context), op_(op), status_(TF_NewStatus()), refusal_(TF_NewStatus()) {}
  ~Call() {
    if (!Fine()) TF_OpKernelContext_Failure(context_, refusal_);
    for (TF_Tensor* tensor : tensors_) TF_DeleteTensor(tensor);
    TF_DeleteStatus(status_);
    TF_DeleteStatus(refusal_);
  }
  const TF_Tensor* Input(int index) {
    TF_Tensor* tensor = nullptr;
    TF_GetInput(context_, index, &tensor, status_);
    return Keep(tensor);
  }
  // Ends the call with an error of TensorFlow's that names the op.
  void Refuse(const std::string& why) {
    TF_SetStatus(refusal_, TF_INVALID_ARGUMENT, (std::string(op_) + ": " + why).c_str());
  }
  // Whether a tensor has the shape, of which sizes may be kAny or kSome; refuses it if not.
  bool Has(const char* name, const TF_Tensor* tensor, const std::vector<int64_t>& expected) {
    const std::vector<int64_t> found = ShapeOf(tensor);
    const bool fits = std::equal(found.begin(), found.end(), expected.begin(), expected.end(), IsExpected);
    if (!fits) Refuse(name + (" has shape " + Shown(found)) + ", expected " + Shown(expected));
    return fits;
  }
  // Whether a number of the op's is at least 1; refuses it if not.
  bool IsPositive(const char* name, int64_t number) {
    if (number < 1) Refuse(name + (" is " + std::to_string(number)) + ", expected at least 1");
    return number >= 1;
  }
  bool Fine() const { return TF_GetCode(refusal_) == TF_OK; }
  // Floats or 32-bit integers; null, and the call refused, without memory.
  float* Output(int index, const std::vector<int64_t>& shape) { return Allocate<float>(index, TF_FLOAT, shape); }
  int32_t* IntOutput(int index, const std::vector<int64_t>& shape) { return Allocate<int32_t>(index, TF_INT32, shape); }
  template <typename T = float>
  static T* Values(const TF_Tensor* tensor) {
    return static_cast<T*>(TF_TensorData(tensor));
  }

 private:
  template <typename T>
  T* Allocate(int index, TF_DataType type, const std::vector<int64_t>& shape) {
    int64_t count = 1;
    for (int64_t size : shape) count *= size;
    const TF_Tensor* tensor =
        Keep(TF_AllocateOutput(context_, index, type, shape.data(), shape.size(), count * sizeof(T), status_));
    if (tensor) return Values<T>(tensor);
    TF_SetStatus(refusal_, TF_GetCode(status_), TF_Message(status_));
    return nullptr;
  }
  TF_Tensor* Keep(TF_Tensor* tensor) {
    if (tensor) tensors_.push_back(tensor);
    return tensor;
  }
  TF_OpKernelContext* context_;
  const char* op_;
  TF_Status* status_;  // of TensorFlow's own calls
  TF_Status* refusal_;
  std::vector<TF_Tensor*> tensors_;
};

// n numbers without values, freed with the call.
template <typename T = float>
std::unique_ptr<T[]> Room(int64_t n) {
  return std::unique_ptr<T[]>(new T[n]);
}

// The rows of part p of all.
template <typename F>
void ForRows(int64_t rows, int part, const F& each) {
  const int64_t from = rows * part / Parts(), to = rows * (part + 1) / Parts();
  for (int64_t row = from; row < to; row++) each(row);
}

// Rows that go to whichever thread is free, a few at a time, since other programs slow processors unequally. Results must not
// depend on the thread.
class Turns {
 public:
  explicit Turns(int64_t rows) : rows_(rows), few_(std::max<int64_t>(1, rows / (kTurns * Parts()))) {}
  template <typename F>
  void Take(const F& each) {
    for (int64_t from; (from = next_.fetch_add(few_)) < rows_;) {
      for (int64_t row = from; row < std::min(rows_, from + few_); row++) each(row);
    }
  }

 private:
  static constexpr int64_t kTurns = 8;  // of each thread
  const int64_t rows_, few_;
  std::atomic<int64_t> next_{0};
};

// Reads attributes of an op by their names; a missing one fails the construction.
class Attributes {
 public:
  explicit Attributes(TF_OpKernelConstruction* of) : of_(of), status_(TF_NewStatus()) {}
  ~Attributes() { TF_DeleteStatus(status_); }
  void Read(const char* name, int64_t* number) {
    TF_OpKernelConstruction_GetAttrInt64(of_, name, number, status_);
    Require();
  }
  void Read(const char* name, float* number) {
    TF_OpKernelConstruction_GetAttrFloat(of_, name, number, status_);
    Require();
  }

 private:
  void Require() {
    if (TF_GetCode(status_) != TF_OK) TF_OpKernelConstruction_Failure(of_, status_);
  }
  TF_OpKernelConstruction* of_;
  TF_Status* status_;
};

// A kernel that keeps its attributes as a T, which reads them by T::Read.
template <typename T>
void* Create(TF_OpKernelConstruction* construction) {
  auto* own = new T{};
  Attributes from(construction);
  own->Read(from);
  return own;
}
template <typename T>
void Delete(void* own) {
  delete static_cast<T*>(own);
}

struct Op {
  const char* name;
  std::vector<const char*> inputs, outputs;  // floats, or in TensorFlow's notation, for example "labels: int32"
  std::vector<const char*> attributes;       // in TensorFlow's notation
  void (*compute)(void*, TF_OpKernelContext*);
  void* (*create)(TF_OpKernelConstruction*) = nullptr;
  void (*destroy)(void*) = nullptr;
  void (*infer)(TF_ShapeInferenceContext*, TF_Status*) = TF_ShapeInferenceContextSetUnknownShape;
};

// Makes an op with its kernel for the CPU known to TensorFlow; false without AVX2, where programs use TensorFlow's own ops.
bool Register(const Op& op);

}  // namespace peterrec
