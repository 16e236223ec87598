#include "kernel.h"

#include "isa.h"

namespace peterrec {

std::string Shown(const std::vector<int64_t>& shape) {
  std::string sizes;
  for (int64_t size : shape) {
    if (!sizes.empty()) sizes += ", ";
    sizes += size == kAny ? "any" : size == kSome ? "1 or more" : std::to_string(size);
  }
  return "[" + sizes + "]";
}

bool Register(const Op& op) {
  if (InUse() == Isa::none) return false;
  const auto typed = [](std::string name) { return name.find(':') == name.npos ? name + ": float" : name; };
  TF_OpDefinitionBuilder* definition = TF_NewOpDefinitionBuilder(op.name);
  for (const char* input : op.inputs) TF_OpDefinitionBuilderAddInput(definition, typed(input).c_str());
  for (const char* output : op.outputs) TF_OpDefinitionBuilderAddOutput(definition, typed(output).c_str());
  for (const std::string& attribute : op.attributes) TF_OpDefinitionBuilderAddAttr(definition, attribute.c_str());
  TF_OpDefinitionBuilderSetShapeInferenceFunction(definition, TF_ShapeInferenceContextSetUnknownShape);
  TF_Status* status = TF_NewStatus();
  TF_RegisterOpDefinition(definition, status);
  TF_KernelBuilder* kernel = TF_NewKernelBuilder(op.name, "CPU", op.create, op.compute, op.destroy);
  TF_RegisterKernelBuilder(op.name, kernel, status);
  const bool known = TF_GetCode(status) == TF_OK;
  TF_DeleteStatus(status);
  return known;
}

}  // namespace peterrec
