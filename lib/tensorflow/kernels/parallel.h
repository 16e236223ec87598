// Runs a function over parts of a range on a few threads that live as long as the process.
#pragma once
#include <functional>

namespace peterrec {

// Parts that a range is divided into: PETERREC_THREADS, which lib/tensorflow/threads.ts sets. It decides the order in which sums
// are taken.
int Parts();

// Calls part(p) for p in 0 … Parts() - 1, the last on the calling thread, and so each for which no thread can be started; returns
// when all are done.
void Parallel(const std::function<void(int)>& part);

}  // namespace peterrec
