// What a kernel's source sees when a processor takes a card's part (shim.cpp), so that kernels can
// be tested without one. What a card would not forgive ends the launch with a message: addresses
// that are not aligned, threads that wait for each other for ever. Shared memory begins as NaNs.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <utility>

#define HOST_SHIM
#define __device__
#define __forceinline__ inline
// A section of their own says where they are.
#define __shared__ static __attribute__((section("shared_variables"), used))
// Of the shim, not of a kernel: its memory is not watched.
#define SHIM __attribute__((no_sanitize("thread")))

struct dim3 {
  int x, y, z;
};

namespace shim {
// Where the thread is that runs now.
struct Place {
  dim3 thread, block, blockSize, gridSize;
};

extern Place place;

// What is launched: `body` for each thread.
struct Launch {
  const char* kernel;
  dim3 grid;
  int threads;
  int sharedBytes;
  char* variables;
  size_t variablesBytes;
  void (*body)(void*);
  void* arguments;
};

// Says what went wrong, if anything did.
const char* run(const Launch& launch);

void* dynamicShared();
void checkAligned(const void* pointer, size_t bytes);
void waitForBlock();
void waitForWarp();
void fence();
// The value of another lane in place of one's own.
void exchange(void* value, size_t bytes, int lane);
int lane();
// Says to those who watch that one instruction accesses so much.
void reads(const void* at, size_t bytes, const void* by);
void writes(void* at, size_t bytes, const void* by);
void updates(void* at, size_t bytes);
void gather(uint32_t* to, const void* row, bool transposed);
void multiply(float* sum, const uint32_t* a, uint32_t b0, uint32_t b1);
void copyAsync(void* to, const void* from, bool there);
void commitCopies();
void waitForCopies(int pending);

template <class A>
SHIM A argument(void* at) {
  A value;
  memcpy(&value, at, sizeof value);
  return value;
}

template <class... A, size_t... I>
SHIM void call(void (*kernel)(A...), void** arguments, std::index_sequence<I...>) {
  kernel(argument<A>(arguments[I])...);
}

// Without arguments says only how many there are.
template <class... A>
SHIM const char* run(
    void (*kernel)(A...), Launch launch, void** arguments, int* count) {
  struct Call {
    void (*kernel)(A...);
    void** arguments;
  } these = {kernel, arguments};
  *count = sizeof...(A);
  if (!arguments) {
    return "";
  }
  launch.body = [](void* c) SHIM {
    call(((Call*)c)->kernel, ((Call*)c)->arguments, std::index_sequence_for<A...>());
  };
  launch.arguments = &these;
  return run(launch);
}

// One instruction of up to 16 bytes.
template <class P>
SHIM __attribute__((noinline)) P load(const void* from) {
  checkAligned(from, sizeof(P));
  reads(from, sizeof(P), __builtin_return_address(0));
  P value;
  memcpy(&value, from, sizeof value);
  return value;
}

template <class P>
SHIM __attribute__((noinline)) void put(void* to, P value) {
  checkAligned(to, sizeof(P));
  writes(to, sizeof(P), __builtin_return_address(0));
  memcpy(to, &value, sizeof value);
}
} // namespace shim

#define threadIdx (shim::place.thread)
#define blockIdx (shim::place.block)
#define blockDim (shim::place.blockSize)
#define gridDim (shim::place.gridSize)

inline void __syncthreads() { shim::waitForBlock(); }

inline void __syncwarp() { shim::waitForWarp(); }

inline void __threadfence() { shim::fence(); }

template <class N>
N __shfl_sync(unsigned, N value, int lane) {
  shim::exchange(&value, sizeof value, lane);
  return value;
}

template <class N>
N __shfl_xor_sync(unsigned, N value, int mask) {
  shim::exchange(&value, sizeof value, shim::lane() ^ mask);
  return value;
}

template <class N>
SHIM N atomicAdd(N* to, N value) {
  shim::updates(to, sizeof value);
  N before = *to;
  *to += value;
  return before;
}

inline float __uint_as_float(uint32_t bits) {
  float x;
  memcpy(&x, &bits, 4);
  return x;
}

inline float rsqrtf(float x) { return 1 / std::sqrt(x); }

inline int min(int a, int b) { return a < b ? a : b; }

inline uint16_t roundToBf16(float x) {
  uint32_t bits;
  memcpy(&bits, &x, 4);
  return x != x ? 0x7fff : (bits + 0x7fff + (bits >> 16 & 1)) >> 16;
}

inline uint32_t packBf16(float low, float high) {
  return roundToBf16(low) | (uint32_t)roundToBf16(high) << 16;
}

inline void loadMatrices(uint32_t* to, const void* row) { shim::gather(to, row, false); }

inline void loadTransposed(uint32_t* to, const void* row) { shim::gather(to, row, true); }

inline void multiply(float* sum, const uint32_t* a, uint32_t b0, uint32_t b1) {
  shim::multiply(sum, a, b0, b1);
}

inline void copyAsync(void* to, const void* from, bool there) { shim::copyAsync(to, from, there); }

inline float powerOf2(float x) { return std::exp2(x); }

inline void commitCopies() { shim::commitCopies(); }

template <int Pending>
void waitForCopies() {
  shim::waitForCopies(Pending);
}
