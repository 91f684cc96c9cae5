// A processor in a card's part: a block's threads are fibers on one thread, which change places
// wherever they wait for each other; blocks run one after another.
#include "shim.h"

#include <setjmp.h>
#include <ucontext.h>

#include <string>
#include <vector>

#include "watch.h"

namespace shim {
Place place;

namespace {
const size_t STACK = 64 * 1024;

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
  int index;
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
  Barrier memory; // __syncwarp, which alone orders what lanes read and write
  int living;
  uint64_t slot[2][32];
  const uint16_t* rows[32];
  uint32_t a[32][4];
  uint32_t b[32][2];
};

std::vector<Fiber> fibers;
std::vector<Warp> warps;
Barrier block;
int living;
long progress;
Fiber* self;
jmp_buf scheduler;
std::vector<char> shared;
std::string failure;
const Launch* launched;

[[noreturn]] void fail(const std::string& what) {
  failure = what;
  _longjmp(scheduler, 2);
}

void yield() {
  if (_setjmp(self->at) == 0) {
    _longjmp(scheduler, 1);
  }
}

void wait(Barrier& barrier, const int& expected) {
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

Warp& warp() { return warps[self->index / 32]; }

void meetWarp() { wait(warp().barrier, warp().living); }

watch::Moment now() { return {block.round, warp().memory.round}; }

void access(const void* at, size_t bytes, watch::Kind kind, const void* by) {
  bool ofPlace = at >= (const void*)&place && at < (const void*)(&place + 1);
  if (!ofPlace) {
    std::string wrong = watch::access(at, bytes, kind, self->index, now(), by);
    if (!wrong.empty()) fail(wrong);
  }
}

// A fiber takes the same thread of every block.
void enter() {
  while (true) {
    launched->body(launched->arguments);
    self->done = true;
    living--;
    warp().living--;
    progress++;
    yield();
  }
}

void runBlock() {
  int threads = launched->threads;
  int sharedBytes = launched->sharedBytes;
  if ((int)fibers.size() < threads) {
    fibers.clear(); // those begun know where they were
    fibers.resize(threads);
  }
  warps.resize((threads + 31) / 32);
  for (auto& w : warps) {
    w.barrier = w.memory = Barrier();
    w.living = 32;
  }
  living = threads;
  block = Barrier();
  // Room to spare, so that an overrun of one kernel is not another's heap.
  shared.assign(sharedBytes + 1024, (char)0xff);
  memset(launched->variables, 0xff, launched->variablesBytes);
  watch::beginBlock(threads, shared.data(), sharedBytes);
  int unfinished = threads;
  for (int i = 0; i < threads; i++) {
    fibers[i].index = i;
    fibers[i].done = false;
    fibers[i].exchanges = 0;
    fibers[i].stack.resize(STACK);
    if (fibers[i].groups.size() != 1 || !fibers[i].groups[0].empty()) fibers[i].groups.assign(1, {});
  }
  while (unfinished > 0) {
    volatile long before = progress;
    volatile int left = 0;
    for (volatile int i = 0; i < threads; i++) {
      Fiber& f = fibers[i];
      if (f.done) continue;
      self = &f;
      place.thread = {i, 0, 0};
      watch::enter(f.stack.data(), STACK);
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
  watch::endBlock();
  for (int i = sharedBytes; i < sharedBytes + 1024; i++) {
    if (shared[i] != (char)0xff) {
      failure = "shared memory was written beyond its end";
    }
  }
}

float widen(uint32_t bits) {
  bits <<= 16;
  float x;
  memcpy(&x, &bits, 4);
  return x;
}
} // namespace

const char* run(const Launch& launch) {
  launched = &launch;
  failure.clear();
  place.gridSize = launch.grid;
  place.blockSize = {launch.threads, 1, 1};
  watch::beginLaunch(
      launch.kernel, (const void*)launch.body, launch.variables, launch.variablesBytes);
  for (int y = 0; y < launch.grid.y && failure.empty(); y++) {
    for (int x = 0; x < launch.grid.x && failure.empty(); x++) {
      place.block = {x, y, 0};
      runBlock();
    }
  }
  watch::endLaunch();
  return failure.c_str();
}

void* dynamicShared() { return shared.data(); }

void checkAligned(const void* pointer, size_t bytes) {
  if ((uintptr_t)pointer % bytes != 0) {
    fail("an address is not aligned to " + std::to_string(bytes) + " bytes");
  }
}

void waitForBlock() { wait(block, living); }

void waitForWarp() { wait(warp().memory, warp().living); }

void fence() { watch::fence(self->index, now()); }

int lane() { return self->index % 32; }

void exchange(void* value, size_t bytes, int from) {
  // Two sets of slots by turns: nobody writes to one before all have read the other.
  uint64_t* slot = warp().slot[self->exchanges++ % 2];
  memcpy(slot + lane(), value, bytes);
  meetWarp();
  memcpy(value, slot + from, bytes);
}

void reads(const void* at, size_t bytes, const void* by) { access(at, bytes, watch::READ, by); }

void writes(void* at, size_t bytes, const void* by) { access(at, bytes, watch::WRITE, by); }

void updates(void* at, size_t bytes) {
  access(at, bytes, watch::ATOMIC, __builtin_return_address(0));
}

void gather(uint32_t* to, const void* row, bool transposed) {
  checkAligned(row, 16);
  access(row, 16, watch::READ, __builtin_return_address(0));
  Warp& w = warp();
  w.rows[lane()] = (const uint16_t*)row;
  meetWarp();
  int major = lane() / 4;
  int minor = lane() % 4 * 2;
  for (int i = 0; i < 4; i++) {
    uint16_t low = transposed ? w.rows[i * 8 + minor][major] : w.rows[i * 8 + major][minor];
    uint16_t high = transposed ? w.rows[i * 8 + minor + 1][major] : w.rows[i * 8 + major][minor + 1];
    to[i] = low | (uint32_t)high << 16;
  }
  meetWarp();
}

// Which lane holds what: PTX ISA, "Matrix Fragments for mma.m16n8k16 with floating point type".
void multiply(float* sum, const uint32_t* a, uint32_t b0, uint32_t b1) {
  Warp& w = warp();
  int me = lane();
  if (me == 0) watch::multiplied();
  memcpy(w.a[me], a, sizeof w.a[me]);
  w.b[me][0] = b0;
  w.b[me][1] = b1;
  meetWarp();
  for (int e = 0; e < 4; e++) {
    int row = me / 4 + e / 2 * 8;
    int column = me % 4 * 2 + e % 2;
    float added = 0;
    for (int k = 0; k < 16; k++) {
      int lane = k % 8 / 2;
      uint32_t left = w.a[row % 8 * 4 + lane][row / 8 + k / 8 * 2];
      uint32_t right = w.b[column * 4 + lane][k / 8];
      int shift = k % 2 * 16;
      added += widen(left >> shift & 0xffff) * widen(right >> shift & 0xffff);
    }
    sum[e] += added;
  }
  meetWarp();
}

// Copies happen when they are waited for, and not before.
void copyAsync(void* to, const void* from, bool there) {
  checkAligned(to, 16);
  checkAligned(from, 16);
  if (there) access(from, 16, watch::READ, __builtin_return_address(0));
  access(to, 16, watch::COPY_BEGINS, __builtin_return_address(0));
  self->groups.back().push_back({to, from, there});
}

void commitCopies() { self->groups.emplace_back(); }

void waitForCopies(int pending) {
  auto& groups = self->groups;
  while ((int)groups.size() - 1 > pending) {
    for (auto& c : groups.front()) {
      access(c.to, 16, watch::COPY_ENDS, __builtin_return_address(0));
      if (c.there) {
        memcpy(c.to, c.from, 16);
      } else {
        memset(c.to, 0, 16);
      }
    }
    groups.erase(groups.begin());
  }
}
} // namespace shim

// What g++ has a kernel call before it reads or writes (-fsanitize=thread), whose own library is
// not linked.
#define WATCHED(n)                                                                            \
  void __tsan_read##n(void* at) {                                                             \
    shim::access(at, n, watch::READ, __builtin_return_address(0));                            \
  }                                                                                           \
  void __tsan_write##n(void* at) {                                                            \
    shim::access(at, n, watch::WRITE, __builtin_return_address(0));                           \
  }                                                                                           \
  void __tsan_unaligned_read##n(void* at) {                                                   \
    shim::access(at, n, watch::READ, __builtin_return_address(0));                            \
  }                                                                                           \
  void __tsan_unaligned_write##n(void* at) {                                                  \
    shim::access(at, n, watch::WRITE, __builtin_return_address(0));                           \
  }

extern "C" {
WATCHED(1)
WATCHED(2)
WATCHED(4)
WATCHED(8)
WATCHED(16)

void __tsan_read_range(void* at, size_t bytes) {
  shim::access(at, bytes, watch::READ, __builtin_return_address(0));
}

void __tsan_write_range(void* at, size_t bytes) {
  shim::access(at, bytes, watch::WRITE, __builtin_return_address(0));
}

void __tsan_init() {}

void __tsan_func_entry(void*) {}

void __tsan_func_exit(void*) {}
}
