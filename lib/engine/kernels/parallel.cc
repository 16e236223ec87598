#include "parallel.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

namespace peterrec {
namespace {

// Kernels of one step follow each other within microseconds; waking a sleeping thread takes longer.
constexpr int kSpins = 2000;

// Tells the processor that a thread waits.
inline void Pause() {
#ifdef __aarch64__
  asm volatile("yield");
#else
  __builtin_ia32_pause();
#endif
}

class Workers {
 public:
  // As many as can be started, `count` at most.
  explicit Workers(int count) {
    try {
      for (; started_ < count; started_++) std::thread([this, i = started_] { Serve(i); }).detach();
    } catch (const std::system_error&) {
    }
  }

  // Parts 0 … count - 1: one for each thread that was started, the rest here.
  void Run(const std::function<void(int)>& part, int count) {
    std::lock_guard<std::mutex> one_at_a_time(turn_);
    part_ = &part;
    waiting_.store(started_);
    {
      std::lock_guard<std::mutex> lock(mutex_);
      round_.fetch_add(1);
    }
    called_.notify_all();
    for (int i = started_; i < count; i++) part(i);
    for (int spins = 0; waiting_.load() > 0;) {
      if (spins < kSpins) spins++;
      else sched_yield();
    }
  }

 private:
  void Serve(int index) {
    for (unsigned seen = 0;; seen++) {
      for (int spins = 0; round_.load() == seen && spins < kSpins; spins++) Pause();
      if (round_.load() == seen) {
        std::unique_lock<std::mutex> lock(mutex_);
        called_.wait(lock, [&] { return round_.load() != seen; });
      }
      (*part_)(index);
      waiting_.fetch_sub(1);
    }
  }

  const std::function<void(int)>* part_ = nullptr;
  int started_ = 0;
  std::atomic<unsigned> round_{0};
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
  workers.Run(part, Parts());
}

}  // namespace peterrec
