#include "watch.h"

#include <dlfcn.h>
#include <sys/mman.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <map>
#include <set>
#include <tuple>
#include <unordered_set>
#include <vector>

namespace watch {
namespace {
// What is known of two bytes. Blocks have numbers that are never given again, so that what former
// launches left is known by its age.
struct Cell {
  struct {
    uint32_t block, epoch, warpEpoch, by;
    uint16_t thread, fences;
    bool atomic;
  } written;
  struct {
    uint32_t block, epoch, warpEpoch, by;
    uint32_t lanes; // that read since the warp met
    uint16_t warp; // SEVERAL if more than one did since the block met
    uint16_t fences;
    uint32_t launch; // in which several blocks did
  } read;
  uint32_t copyBlock; // in which a copy is under way
  bool forbidden;
};

const uint16_t SEVERAL = 0xffff;

enum Space { SHARED, VARIABLES, GLOBAL };

struct Region {
  const char* begin;
  size_t bytes;
  Cell* cells;
  Space space;
};

// What a thread made visible to whom: accesses of its block before `epoch`, its own before a fence.
struct Release {
  int thread;
  long epoch;
  int fences;
};

struct Acquired {
  Release from;
  int thread;
  long epoch;
};

struct Thread {
  int fences = 0;
  long fenced = -1; // when it did so last
};

// One instruction of a warp is what its lanes do at one place of the code for the n-th time.
struct Instruction {
  Space space;
  bool write;
  std::map<int, std::pair<uint64_t, int>> byLane;

  std::vector<std::pair<uint64_t, int>> accesses() const {
    std::vector<std::pair<uint64_t, int>> all;
    for (auto& a : byLane) all.push_back(a.second);
    return all;
  }
};

struct Count {
  uint64_t instructions = 0, bytes = 0, moved = 0, least = 0;
};

bool counting = false;
std::string kernelName;
const char* code;
std::string codeFile;
uint32_t launchFirst = 0;
uint32_t blockNumber = 0;
const char* stack;
size_t stackBytes;
Region dynamic = {nullptr, 0, nullptr, SHARED};
Region variables = {nullptr, 0, nullptr, VARIABLES};
std::vector<Region> global;
size_t lately = 0;
std::vector<Thread> threads;
std::map<int, std::map<uint32_t, Release>> observed; // by thread and block, of use after a fence
std::map<uint32_t, Acquired> acquired;
std::map<const void*, std::map<uint32_t, Release>> released;

std::vector<std::map<uint32_t, uint32_t>> occurrences;
std::map<std::tuple<int, uint32_t, uint32_t>, Instruction> instructions;
std::map<std::tuple<std::string, std::string, int, bool>, Count> counts;
// By kernel: bytes read and written, each once a launch; launches; products of fragments.
std::map<std::string, std::array<uint64_t, 4>> touched;
std::unordered_set<uint64_t> touchedNow[2];

Cell* cells(size_t bytes) {
  size_t n = (bytes / 2 + 1) * sizeof(Cell);
  void* at = mmap(nullptr, n, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (at == MAP_FAILED) abort();
  return (Cell*)at;
}

void forget(Region& region) {
  if (region.cells) munmap(region.cells, (region.bytes / 2 + 1) * sizeof(Cell));
  region.cells = nullptr;
}

bool isIn(const Region& region, const char* at, size_t bytes) {
  return at >= region.begin && at + bytes <= region.begin + region.bytes;
}

Region* find(const char* at, size_t bytes) {
  if (isIn(dynamic, at, bytes)) return &dynamic;
  if (isIn(variables, at, bytes)) return &variables;
  if (lately < global.size() && isIn(global[lately], at, bytes)) return &global[lately];
  for (size_t i = 0; i < global.size(); i++) {
    if (isIn(global[i], at, bytes)) {
      lately = i;
      return &global[i];
    }
  }
  return nullptr;
}

// Such as "blockSum at common.cuh:85, lossRow at rows.cu:214".
std::string line(uint32_t by) {
  static std::map<std::pair<std::string, uint32_t>, std::string> known;
  std::string& text = known[{codeFile, by}];
  if (!text.empty()) return text;
  char command[4096];
  // The instruction before, which made the call.
  snprintf(command, sizeof command, "addr2line -f -C -i -s -e '%s' 0x%x", codeFile.c_str(), by - 1);
  FILE* out = popen(command, "r");
  char function[4096], place[4096];
  while (out && fgets(function, sizeof function, out) && fgets(place, sizeof place, out)) {
    std::string where = place;
    where = where.substr(0, where.find_first_of(" \n"));
    if (where.rfind("shim.h", 0) == 0) continue;
    text += (text.empty() ? "" : " < ") + where;
  }
  if (out) pclose(out);
  if (text.empty()) text = "?";
  return text;
}

const char* name(Space space) { return space == GLOBAL ? "global" : "shared"; }

bool ordered(uint32_t block, uint32_t epoch, int thread, int fences, int by, long now) {
  auto found = acquired.find(block);
  if (found == acquired.end()) return false;
  const Acquired& a = found->second;
  bool before = thread == a.from.thread ? fences < a.from.fences : (long)epoch < a.from.epoch;
  return before && (by == a.thread || now > a.epoch);
}

std::string race(
    const Region& r, const char* what, uint32_t there, const char* and_, int thread, uint32_t here,
    bool otherBlock) {
  return std::string("a race in ") + name(r.space) + " memory: " + what + " (" + line(there)
      + ") and " + and_ + " of thread " + std::to_string(thread) + " (" + line(here) + "), "
      + (otherBlock ? "of different blocks" : "no barrier between them");
}

std::string check(
    Region& r, size_t index, Kind kind, int thread, Moment now, uint32_t by) {
  Cell& c = r.cells[index];
  bool reads = kind == READ;
  if (c.forbidden) return std::string("an access beside a value (") + line(by) + ")";
  if (kind != COPY_ENDS && c.copyBlock == blockNumber && blockNumber) {
    return race(r, "a copy under way", c.written.by, reads ? "a read" : "a write", thread, by, false);
  }
  auto& w = c.written;
  bool known = r.space == GLOBAL ? w.block >= launchFirst : w.block == blockNumber;
  if (reads && r.space != GLOBAL && !known) {
    return std::string("a read of shared memory that nothing was written to (") + line(by) + ")";
  }
  bool atomics = kind == ATOMIC && w.atomic;
  if (known && !atomics && kind != COPY_ENDS) {
    if (w.block != blockNumber) {
      if (!ordered(w.block, w.epoch, w.thread, w.fences, thread, now.block)) {
        return race(r, "a write", w.by, reads ? "a read" : "a write", thread, by, true);
      }
    } else if (w.thread != thread && w.epoch == now.block
        && (w.thread / 32 != thread / 32 || w.warpEpoch == now.warp)) {
      return race(r, "a write", w.by, reads ? "a read" : "a write", thread, by, false);
    }
  }
  auto& d = c.read;
  bool readKnown = r.space == GLOBAL ? d.block >= launchFirst : d.block == blockNumber;
  if (!reads && kind != COPY_ENDS && readKnown) {
    if (d.launch == launchFirst && r.space == GLOBAL) {
      return race(r, "a read", d.by, "a write", thread, by, true);
    }
    if (d.block != blockNumber) {
      if (!ordered(d.block, d.epoch, -1, 0, thread, now.block)) {
        return race(r, "a read", d.by, "a write", thread, by, true);
      }
    } else if (d.epoch == now.block
        && (d.warp == SEVERAL || d.warp != thread / 32
            || (d.warpEpoch == now.warp && (d.lanes & ~(1u << thread % 32))))) {
      return race(r, "a read", d.by, "a write", thread, by, false);
    }
  }
  if (kind == COPY_BEGINS) {
    c.copyBlock = blockNumber;
    w.by = by;
    return "";
  }
  if (reads) {
    if (r.space == GLOBAL && readKnown && d.block != blockNumber) d.launch = launchFirst;
    bool same = d.block == blockNumber && d.epoch == now.block;
    if (!same) {
      d = {blockNumber, (uint32_t)now.block, (uint32_t)now.warp, by, 1u << thread % 32,
           (uint16_t)(thread / 32), 0, d.launch};
    } else if (d.warp != thread / 32) {
      d.warp = SEVERAL;
      d.by = by;
    } else if (d.warpEpoch != now.warp) {
      d.warpEpoch = now.warp;
      d.lanes = 1u << thread % 32;
      d.by = by;
    } else {
      d.lanes |= 1u << thread % 32;
    }
    return "";
  }
  c.copyBlock = 0;
  // An atomic operation is itself part of what the fence before it makes visible.
  const Thread& t = threads[thread];
  int fences = kind == ATOMIC && t.fenced >= 0 ? t.fences - 1 : t.fences;
  w = {blockNumber, (uint32_t)now.block, (uint32_t)now.warp, by, (uint16_t)thread, (uint16_t)fences,
       kind == ATOMIC};
  return "";
}

void count(const Region& r, const char* at, size_t bytes, bool write, int thread, uint32_t by) {
  uint32_t n = occurrences[thread][by]++;
  Instruction& i = instructions[{thread / 32, by, n}];
  i.space = r.space == GLOBAL ? GLOBAL : SHARED;
  i.write = write;
  i.byLane[thread % 32] = {(uint64_t)at, (int)bytes};
  if (r.space == GLOBAL) {
    for (uint64_t s = (uint64_t)at / 32; s <= ((uint64_t)at + bytes - 1) / 32; s++) {
      touchedNow[write].insert(s);
    }
  }
}

// 32 bytes are what a card moves at least.
uint64_t sectors(const Instruction& i) {
  std::set<uint64_t> found;
  for (auto& a : i.accesses()) {
    for (uint64_t s = a.first / 32; s <= (a.first + a.second - 1) / 32; s++) found.insert(s);
  }
  return found.size();
}

// A bank gives four bytes a time; wide accesses are made by as many lanes as have 128 bytes.
uint64_t times(const Instruction& i) {
  uint64_t total = 0;
  auto all = i.accesses();
  size_t together = 32 * 4 / std::max(4, all[0].second);
  for (size_t first = 0; first < all.size(); first += together) {
    std::set<uint64_t> words;
    for (size_t n = first; n < std::min(first + together, all.size()); n++) {
      auto& a = all[n];
      for (uint64_t w = a.first / 4; w <= (a.first + a.second - 1) / 4; w++) words.insert(w);
    }
    int banks[32] = {};
    int most = 0;
    for (uint64_t w : words) most = std::max(most, ++banks[w % 32]);
    total += most;
  }
  return total;
}
} // namespace

std::string access(
    const void* at, size_t bytes, Kind kind, int thread, Moment now, const void* by) {
  const char* from = (const char*)at;
  if (from >= stack && from < stack + stackBytes) return "";
  uint32_t where = (const char*)by - code;
  Region* r = find(from, bytes);
  if (!r) return std::string("an access outside of all memory (") + line(where) + ")";
  if (kind == ATOMIC) {
    Thread& t = threads[thread];
    auto& there = released[at];
    for (auto& entry : there) {
      if (entry.first != blockNumber) observed[thread][entry.first] = entry.second;
    }
    if (t.fenced >= 0) there[blockNumber] = {thread, t.fenced, t.fences};
  }
  size_t first = (from - r->begin) / 2;
  size_t last = (from - r->begin + bytes - 1) / 2;
  for (size_t i = first; i <= last; i++) {
    std::string wrong = check(*r, i, kind, thread, now, where);
    if (!wrong.empty()) return wrong;
  }
  if (counting && kind != COPY_ENDS) {
    count(*r, from, bytes, kind != READ, thread, where);
  }
  return "";
}

void fence(int thread, Moment now) {
  Thread& t = threads[thread];
  t.fences++;
  t.fenced = now.block;
  for (auto& entry : observed[thread]) {
    acquired[entry.first] = {entry.second, thread, now.block};
  }
  observed.erase(thread);
}

void enter(const void* from, size_t bytes) {
  stack = (const char*)from;
  stackBytes = bytes;
}

void beginLaunch(const char* kernel, const void* body, const void* from, size_t bytes) {
  Dl_info info;
  dladdr(body, &info);
  kernelName = kernel;
  code = (const char*)info.dli_fbase;
  codeFile = info.dli_fname;
  launchFirst = blockNumber + 1;
  released.clear();
  forget(variables);
  variables = {(const char*)from, bytes, cells(bytes), VARIABLES};
  if (counting) {
    touchedNow[0].clear();
    touchedNow[1].clear();
  }
}

void endLaunch() {
  if (counting) {
    auto& t = touched[kernelName];
    for (int i = 0; i < 2; i++) t[i] += 32 * touchedNow[i].size();
    t[2]++;
  }
}

void beginBlock(int count, const void* shared, size_t bytes) {
  blockNumber++;
  if (dynamic.begin != shared || dynamic.bytes != bytes) {
    forget(dynamic);
    dynamic = {(const char*)shared, bytes, cells(bytes), SHARED};
  }
  threads.assign(count, Thread());
  observed.clear();
  acquired.clear();
  if (counting) {
    occurrences.assign(count, {});
    instructions.clear();
  }
}

void endBlock() {
  if (!counting) return;
  for (auto& entry : instructions) {
    const Instruction& i = entry.second;
    Count& c =
        counts[{kernelName, line(std::get<1>(entry.first)), i.space, i.write}];
    uint64_t bytes = 0;
    std::set<uint64_t> distinct;
    for (auto& a : i.accesses()) {
      for (int b = 0; b < a.second; b++) distinct.insert(a.first + b);
    }
    bytes = distinct.size();
    c.instructions++;
    c.bytes += bytes;
    c.moved += i.space == GLOBAL ? 32 * sectors(i) : times(i);
    uint64_t asked = 0;
    for (auto& a : i.accesses()) asked += std::max(4, a.second);
    c.least += i.space == GLOBAL ? (bytes + 31) / 32 * 32 : (asked + 127) / 128;
  }
}

void multiplied() {
  if (counting) touched[kernelName][3]++;
}

void allocated(const void* at, size_t bytes) {
  global.push_back({(const char*)at, bytes, cells(bytes), GLOBAL});
}

void freed(const void* at) {
  for (size_t i = 0; i < global.size(); i++) {
    if (global[i].begin == at) {
      forget(global[i]);
      global.erase(global.begin() + i);
      return;
    }
  }
}

void forbid(const void* at, size_t bytes) {
  Region* r = find((const char*)at, bytes);
  if (!r) return;
  size_t first = ((const char*)at - r->begin) / 2;
  for (size_t i = 0; i < bytes / 2; i++) r->cells[first + i].forbidden = true;
}
} // namespace watch

extern "C" {
int64_t fakeWatched() { return watch::global.size(); }

void fakeForbid(int64_t at, int64_t bytes) { watch::forbid((void*)at, bytes); }

void fakeCount(int yes) {
  watch::counting = yes;
  watch::counts.clear();
  watch::touched.clear();
}

// A line for each kernel: its name, launches, bytes read and written, each counted once a launch,
// and products of [16, 16] and [16, 8] fragments.
// Then one for each place: kernel, space, read or write, place, instructions of a warp, bytes that
// they are for, and of global memory bytes that are moved and that would have to be, of shared
// memory times that banks are asked and would have to be.
const char* fakeCounts() {
  static std::string text;
  text.clear();
  for (auto& e : watch::touched) {
    text += e.first + "\t" + std::to_string(e.second[2]) + "\t" + std::to_string(e.second[0]) + "\t"
        + std::to_string(e.second[1]) + "\t" + std::to_string(e.second[3]) + "\n";
  }
  for (auto& e : watch::counts) {
    auto& k = e.first;
    auto& c = e.second;
    text += std::get<0>(k) + "\t" + watch::name((watch::Space)std::get<2>(k)) + "\t"
        + (std::get<3>(k) ? "write" : "read") + "\t" + std::get<1>(k) + "\t"
        + std::to_string(c.instructions) + "\t" + std::to_string(c.bytes) + "\t"
        + std::to_string(c.moved) + "\t" + std::to_string(c.least) + "\n";
  }
  return text.c_str();
}
}
