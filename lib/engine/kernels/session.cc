// Options of sessions: addon.js has the addon call this in place of TensorFlow's own function, which tfjs gives no way to change.
#undef TF_NewSessionOptions
#include <cstdlib>
#include <cstring>

#include "tensorflow/c/c_api.h"

// ConfigProto { inter_op_parallelism_threads: -1, graph_options { rewrite_options { disable_meta_optimizer: true } } }
constexpr unsigned char kOnCpu[] = {0x28, 255, 255, 255, 255, 255, 255, 255, 255, 255, 1, 0x52, 5, 0x52, 3, 0x98, 1, 1};

// On a CPU the calling thread runs one op after the other, each on all threads: to hand ops on takes longer. And without
// TensorFlow's optimiser of graphs, which took longer than many a training and left steps as slow as they were.
extern "C" TF_SessionOptions* PeterrecSessionOptions() {
  TF_SessionOptions* options = TF_NewSessionOptions();
  const char* device = std::getenv("PETERREC_DEVICE");
  if (device && std::strcmp(device, "cpu") == 0) {
    TF_Status* status = TF_NewStatus();
    TF_SetConfig(options, kOnCpu, sizeof kOnCpu, status);
    if (TF_GetCode(status) != TF_OK) std::abort();  // bytes that this TensorFlow does not know
    TF_DeleteStatus(status);
  }
  return options;
}
