#include "parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <thread>
#include <vector>

namespace peterrec {
namespace {

// Kernels of one step follow each other within microseconds; waking a sleeping thread costs more than that.
constexpr int kSpins = 2000;

class Workers {
 public:
  explicit Workers(int count) {
    for (int i = 0; i < count; i++) std::thread([this, i] { Serve(i); }).detach();
  }

  void Run(const std::function<void(int)>& part, int count) {
    std::lock_guard<std::mutex> one_at_a_time(turn_);
    part_ = &part;
    waiting_.store(count);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      round_.fetch_add(1);
    }
    called_.notify_all();
    part(count);
    for (int spins = 0; waiting_.load() > 0; spins++) {
      if (spins > kSpins) sched_yield();
    }
  }

 private:
  void Serve(int index) {
    for (int seen = 0;; seen++) {
      for (int spins = 0; round_.load() == seen && spins < kSpins; spins++) __builtin_ia32_pause();
      if (round_.load() == seen) {
        std::unique_lock<std::mutex> lock(mutex_);
        called_.wait(lock, [&] { return round_.load() != seen; });
      }
      (*part_)(index);
      waiting_.fetch_sub(1);
    }
  }

  const std::function<void(int)>* part_ = nullptr;
  std::atomic<int> round_{0};
  std::atomic<int> waiting_{0};
  std::mutex turn_;
  std::mutex mutex_;
  std::condition_variable called_;
};

}  // namespace

int Parts() {
  static const int parts = [] {
    const char* asked = std::getenv("PETERREC_THREADS");
    return asked ? std::max(1, std::atoi(asked)) : 1;
  }();
  return parts;
}

void Parallel(const std::function<void(int)>& part) {
  static Workers& workers = *new Workers(Parts() - 1);
  workers.Run(part, Parts() - 1);
}

}  // namespace peterrec
