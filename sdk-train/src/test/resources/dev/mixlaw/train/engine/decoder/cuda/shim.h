// Lets a processor take a card's part, so that kernels can be tested without one: a block's threads
// are fibers on one thread, which change places wherever they wait for each other. What a card
// would not forgive ends the launch with a message: addresses that are not aligned, threads that
// wait for each other for ever. Shared memory begins as NaNs.
#include <setjmp.h>
#include <ucontext.h>

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <string>
#include <utility>
#include <vector>

#define HOST_SHIM
#define __device__
#define __forceinline__ inline
#define __shared__ static


struct dim3 {
  int x, y, z;
};

namespace shim {
struct Barrier {
  int arrived = 0;
  long round = 0;
};

struct Copy {
  void* to;
  const void* from;
  bool there;
};

struct Fiber {
  dim3 index;
  jmp_buf at;
  bool started = false;
  bool done;
  int exchanges;
  std::vector<char> stack;
  ucontext_t context;
  std::vector<std::vector<Copy>> groups; // the last one is open
};

struct Warp {
  Barrier barrier;
  int living;
  uint64_t slot[2][32];
  const uint16_t* rows[32];
  uint32_t a[32][4];
  uint32_t b[32][2];
};

inline std::vector<Fiber> fibers;
inline std::vector<Warp> warps;
inline Barrier block;
inline int living;
inline long progress;
inline Fiber* self;
inline jmp_buf scheduler;
inline std::vector<char> shared;
inline std::string failure;
inline dim3 blockIndex, blockSize, gridSize;
inline void (*body)(void*);
inline void* bodyArguments;

inline void* dynamicShared() { return shared.data(); }

[[noreturn]] inline void fail(const std::string& what) {
  failure = what;
  _longjmp(scheduler, 2);
}

inline void yield() {
  if (_setjmp(self->at) == 0) {
    _longjmp(scheduler, 1);
  }
}

inline void wait(Barrier& barrier, const int& expected) {
  long round = barrier.round;
  barrier.arrived++;
  progress++;
  while (barrier.round == round) {
    if (barrier.arrived >= expected) {
      barrier.arrived = 0;
      barrier.round++;
      progress++;
    } else {
      yield();
    }
  }
}

inline Warp& warp() { return warps[self->index.x / 32]; }

inline int lane() { return self->index.x % 32; }

inline void waitForWarp() { wait(warp().barrier, warp().living); }

inline void checkAligned(const void* pointer, size_t bytes) {
  if ((uintptr_t)pointer % bytes != 0) {
    fail("an address is not aligned to " + std::to_string(bytes) + " bytes");
  }
}

// A fiber takes the same thread of every block.
inline void enter() {
  while (true) {
    body(bodyArguments);
    self->done = true;
    living--;
    warp().living--;
    progress++;
    yield();
  }
}

inline void runBlock(int threads, int sharedBytes) {
  static const size_t STACK = 64 * 1024;
  if ((int)fibers.size() < threads) {
    fibers.clear(); // those begun know where they were
    fibers.resize(threads);
  }
  warps.assign((threads + 31) / 32, Warp());
  for (auto& w : warps) w.living = 32;
  living = threads;
  block = Barrier();
  // Room to spare, so that an overrun of one kernel is not another's heap.
  shared.assign(sharedBytes + 1024, (char)0xff);
  int unfinished = threads;
  for (int i = 0; i < threads; i++) {
    fibers[i].index = {i, 0, 0};
    fibers[i].done = false;
    fibers[i].exchanges = 0;
    fibers[i].stack.resize(STACK);
    fibers[i].groups.assign(1, {});
  }
  while (unfinished > 0) {
    volatile long before = progress;
    volatile int left = 0;
    for (volatile int i = 0; i < threads; i++) {
      Fiber& f = fibers[i];
      if (f.done) continue;
      self = &f;
      int how = _setjmp(scheduler);
      if (how == 2) {
        fibers.clear();
        return;
      }
      if (how == 0) {
        if (f.started) _longjmp(f.at, 1);
        f.started = true;
        progress++;
        getcontext(&f.context);
        f.context.uc_stack.ss_sp = f.stack.data();
        f.context.uc_stack.ss_size = STACK;
        f.context.uc_link = nullptr;
        makecontext(&f.context, (void (*)())enter, 0);
        setcontext(&f.context);
      }
      if (!fibers[i].done) left = left + 1;
    }
    unfinished = left;
    if (unfinished > 0 && progress == before) {
      failure = "threads wait for each other for ever";
      fibers.clear();
      return;
    }
  }
  for (int i = sharedBytes; i < sharedBytes + 1024; i++) {
    if (shared[i] != (char)0xff) {
      failure = "shared memory was written beyond its end";
    }
  }
}

template <class A>
A argument(void* at) {
  A value;
  memcpy(&value, at, sizeof value);
  return value;
}

template <class... A, size_t... I>
void call(void (*kernel)(A...), void** arguments, std::index_sequence<I...>) {
  kernel(argument<A>(arguments[I])...);
}

// Without arguments says only how many there are.
template <class... A>
int run(void (*kernel)(A...), dim3 grid, int threads, int sharedBytes, void** arguments) {
  struct Call {
    void (*kernel)(A...);
    void** arguments;
  } these = {kernel, arguments};
  if (!arguments) {
    return sizeof...(A);
  }
  body = [](void* c) {
    call(((Call*)c)->kernel, ((Call*)c)->arguments, std::index_sequence_for<A...>());
  };
  bodyArguments = &these;
  gridSize = grid;
  blockSize = {threads, 1, 1};
  for (int y = 0; y < grid.y && failure.empty(); y++) {
    for (int x = 0; x < grid.x && failure.empty(); x++) {
      blockIndex = {x, y, 0};
      runBlock(threads, sharedBytes);
    }
  }
  return sizeof...(A);
}

template <class N>
N exchange(N value, int from) {
  // Two sets of slots by turns: nobody writes to one before all have read the other.
  uint64_t* slot = warp().slot[self->exchanges++ % 2];
  memcpy(slot + lane(), &value, sizeof value);
  waitForWarp();
  N result;
  memcpy(&result, slot + from, sizeof result);
  return result;
}

inline float widen(uint32_t bits) {
  bits <<= 16;
  float x;
  memcpy(&x, &bits, 4);
  return x;
}
} // namespace shim

#define threadIdx (shim::self->index)
#define blockIdx shim::blockIndex
#define blockDim shim::blockSize
#define gridDim shim::gridSize

inline void __syncthreads() { shim::wait(shim::block, shim::living); }

inline void __syncwarp() { shim::waitForWarp(); }

inline void __threadfence() {}

template <class N>
N __shfl_sync(unsigned, N value, int lane) {
  return shim::exchange(value, lane);
}

template <class N>
N __shfl_xor_sync(unsigned, N value, int mask) {
  return shim::exchange(value, shim::lane() ^ mask);
}

template <class N>
N atomicAdd(N* to, N value) {
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

struct bf16;

namespace shim {
inline void gather(uint32_t* to, const void* row, bool transposed) {
  checkAligned(row, 16);
  Warp& w = warp();
  w.rows[lane()] = (const uint16_t*)row;
  waitForWarp();
  int major = lane() / 4;
  int minor = lane() % 4 * 2;
  for (int i = 0; i < 4; i++) {
    uint16_t low = transposed ? w.rows[i * 8 + minor][major] : w.rows[i * 8 + major][minor];
    uint16_t high = transposed ? w.rows[i * 8 + minor + 1][major] : w.rows[i * 8 + major][minor + 1];
    to[i] = low | (uint32_t)high << 16;
  }
  waitForWarp();
}
} // namespace shim

inline void loadMatrices(uint32_t* to, const bf16* row) { shim::gather(to, row, false); }

inline void loadTransposed(uint32_t* to, const bf16* row) { shim::gather(to, row, true); }

// Which lane holds what: PTX ISA, "Matrix Fragments for mma.m16n8k16 with floating point type".
inline void multiply(float* sum, const uint32_t* a, uint32_t b0, uint32_t b1) {
  shim::Warp& w = shim::warp();
  int me = shim::lane();
  memcpy(w.a[me], a, sizeof w.a[me]);
  w.b[me][0] = b0;
  w.b[me][1] = b1;
  shim::waitForWarp();
  for (int e = 0; e < 4; e++) {
    int row = me / 4 + e / 2 * 8;
    int column = me % 4 * 2 + e % 2;
    float added = 0;
    for (int k = 0; k < 16; k++) {
      int lane = k % 8 / 2;
      uint32_t left = w.a[row % 8 * 4 + lane][row / 8 + k / 8 * 2];
      uint32_t right = w.b[column * 4 + lane][k / 8];
      int shift = k % 2 * 16;
      added += shim::widen(left >> shift & 0xffff) * shim::widen(right >> shift & 0xffff);
    }
    sum[e] += added;
  }
  shim::waitForWarp();
}

// Copies happen when they are waited for, and not before.
inline void copyAsync(bf16* to, const bf16* from, bool there) {
  shim::checkAligned(to, 16);
  shim::checkAligned(from, 16);
  shim::self->groups.back().push_back({to, from, there});
}

inline void commitCopies() { shim::self->groups.emplace_back(); }

template <int Pending>
void waitForCopies() {
  auto& groups = shim::self->groups;
  while ((int)groups.size() - 1 > Pending) {
    for (auto& c : groups.front()) {
      if (c.there) {
        memcpy(c.to, c.from, 16);
      } else {
        memset(c.to, 0, 16);
      }
    }
    groups.erase(groups.begin());
  }
}
