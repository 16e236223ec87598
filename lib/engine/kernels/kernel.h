// Shared by the kernels: tensors of a call, rows by threads, registration. They use TensorFlow's C interface, which any C++
// compiler can call.
#pragma once
#include <algorithm>
#include <atomic>
#include <cstdint>
#include <memory>
#include <string>
#include <type_traits>
#include <vector>

#include "parallel.h"
#include "tensorflow/c/kernels.h"
#include "tensorflow/c/ops.h"

// For functions that use vectors of 8 numbers: AVX2, or two registers of NEON, which every 64-bit ARM has.
#ifdef __aarch64__
#define EIGHTS
#else
#define EIGHTS __attribute__((target("avx2,fma")))
#endif

namespace peterrec {

typedef float Lanes __attribute__((vector_size(32), aligned(4)));
constexpr int64_t kLanes = 8;

EIGHTS inline Lanes Load(const float* from) { return *reinterpret_cast<const Lanes*>(from); }
EIGHTS inline void Store(float* to, const Lanes& value) { *reinterpret_cast<Lanes*>(to) = value; }

inline std::vector<int64_t> ShapeOf(const TF_Tensor* tensor) {
  std::vector<int64_t> shape(TF_NumDims(tensor));
  for (size_t i = 0; i < shape.size(); i++) shape[i] = TF_Dim(tensor, i);
  return shape;
}

inline bool IsEmpty(const TF_Tensor* tensor) { return TF_TensorElementCount(tensor) == 0; }

// Sizes that are expected of an axis: any, or any but 0.
constexpr int64_t kAny = -1, kSome = -2;

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
    const auto is = [](int64_t size, int64_t asked) { return size == asked || asked == kAny || (asked == kSome && size > 0); };
    const bool fits = std::equal(found.begin(), found.end(), expected.begin(), expected.end(), is);
    if (!fits) Refuse(name + (" has shape " + Shown(found)) + ", expected " + Shown(expected));
    return fits;
  }
  // Whether a number of the op's is at least 1; refuses it if not.
  bool IsPositive(const char* name, int64_t number) {
    if (number < 1) Refuse(name + (" is " + std::to_string(number)) + ", expected at least 1");
    return number >= 1;
  }
  bool Fine() const { return TF_GetCode(refusal_) == TF_OK; }
  template <typename T = float>
  static T* Values(const TF_Tensor* tensor) {
    return static_cast<T*>(TF_TensorData(tensor));
  }
  // Floats or 32-bit integers; null, and the call refused, without memory.
  template <typename T = float>
  T* Output(int index, const std::vector<int64_t>& shape) {
    constexpr TF_DataType type = std::is_same_v<T, float> ? TF_FLOAT : TF_INT32;
    int64_t count = sizeof(T);
    for (int64_t size : shape) count *= size;
    const TF_Tensor* tensor = Keep(TF_AllocateOutput(context_, index, type, shape.data(), shape.size(), count, status_));
    if (tensor) return Values<T>(tensor);
    TF_SetStatus(refusal_, TF_GetCode(status_), TF_Message(status_));
    return nullptr;
  }

 private:
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

// The attributes of an op, all of one type, under the names T::kNames: a kernel keeps them as a T, whose fields they are.
template <typename T>
void* Create(TF_OpKernelConstruction* construction) {
  auto* own = new T{};
  TF_Status* status = TF_NewStatus();
  typename T::Number* number = reinterpret_cast<typename T::Number*>(own);
  for (const char* name : T::kNames) {
    if constexpr (std::is_same_v<typename T::Number, float>) {
      TF_OpKernelConstruction_GetAttrFloat(construction, name, number++, status);
    } else {
      TF_OpKernelConstruction_GetAttrInt64(construction, name, number++, status);
    }
    if (TF_GetCode(status) != TF_OK) TF_OpKernelConstruction_Failure(construction, status);
  }
  TF_DeleteStatus(status);
  return own;
}

struct Op {
  const char* name;
  std::vector<const char*> inputs, outputs;  // floats, or in TensorFlow's notation, for example "labels: int32"
  void (*compute)(void*, TF_OpKernelContext*);
  std::vector<std::string> attributes = {};  // in TensorFlow's notation
  void* (*create)(TF_OpKernelConstruction*) = nullptr;
  void (*destroy)(void*) = nullptr;
};

// Makes an op with its kernel for the CPU known to TensorFlow; false without AVX2 or NEON, where programs use TensorFlow's own ops.
bool Register(const Op& op);

template <typename T>
struct Keeping {};

// Registers an op whose kernel keeps its attributes as a T.
template <typename T>
bool Register(Op op, Keeping<T>) {
  const char* type = std::is_same_v<typename T::Number, float> ? ": float" : ": int";
  for (const char* name : T::kNames) op.attributes.push_back(std::string(name) + type);
  op.create = Create<T>;
  op.destroy = [](void* own) { delete static_cast<T*>(own); };
  return Register(op);
}

}  // namespace peterrec
