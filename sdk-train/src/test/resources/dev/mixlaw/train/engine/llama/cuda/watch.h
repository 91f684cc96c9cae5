// Watches what a kernel's threads read and write: finds races, reads of what was never written and
// accesses outside of memory, and counts what a card would have to move.
#pragma once

#include <cstddef>
#include <string>

namespace watch {
enum Kind { READ, WRITE, ATOMIC, COPY_BEGINS, COPY_ENDS };

// How often the block's threads, and those of the warp, have waited for each other.
struct Moment {
  long block;
  long warp;
};

// What is wrong with an access, or nothing.
std::string access(
    const void* at, size_t bytes, Kind kind, int thread, Moment now, const void* by);

void fence(int thread, Moment now);

// The stack of the thread that runs now, which is its own business.
void enter(const void* stack, size_t bytes);

void beginLaunch(const char* kernel, const void* code, const void* variables, size_t bytes);
void endLaunch();
void beginBlock(int threads, const void* shared, size_t bytes);
void endBlock();

// A warp's product of fragments.
void multiplied();

// Of the card's memory; a part may be forbidden to kernels.
void allocated(const void* at, size_t bytes);
void freed(const void* at);
void forbid(const void* at, size_t bytes);
} // namespace watch
