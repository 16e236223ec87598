// Runs a function over parts of a range on a few threads that live as long as the process.
#pragma once
#include <functional>

namespace peterrec {

// Parts of a range: PETERREC_THREADS, which lib/engine/threads.ts sets. It decides the order of sums.
int Parts();

// Calls part(p) for p in 0 … Parts() - 1 and returns when all are done. The calling thread runs the last, and each for which no
// thread can be started.
void Parallel(const std::function<void(int)>& part);

}  // namespace peterrec
