// Causal attention on tensor cores, by tiles, after Dao 2023 (FlashAttention-2): scores live in
// registers only. Compiled for one size of head, HEAD, a multiple of 16 up to 128; STAGES of 2
// fetches a tile while the one before is worked on, 1 takes less shared memory.
//
// The gradient of queries and that of keys and values are two kernels, so that each value is summed
// up by one thread in one order: the same bits every time, which sums by atomic operations are not.

#define THREADS 128
#define TILE 64
// Rows of a tile in shared memory lie so that eight of them begin in different banks.
#define STRIDE (HEAD + 8)
// Queries that a key tile looks at together; less for large heads, which take more registers.
#define SEEN (HEAD > 64 ? 32 : 64)
#define LOG2_E 1.4426950408889634f

// Starts copying rows of a head; those from `valid` on are zeros.
template <int Rows>
__device__ __forceinline__ void fetch(bf16* tile, const bf16* from, i64 stride, int valid) {
  for (int n = threadIdx.x; n < Rows * (HEAD / 8); n += THREADS) {
    int row = n / (HEAD / 8);
    int column = n % (HEAD / 8) * 8;
    bool there = row < valid;
    copyAsync(tile + row * STRIDE + column, from + (there ? row : 0) * stride + column, there);
  }
}

// sums [16, 8 * Columns] = left's 16 rows times right's rows, both [.., HEAD].
template <int Columns>
__device__ __forceinline__ void timesRows(float (*sums)[4], const bf16* left, const bf16* right) {
  int lane = threadIdx.x % LANES;
#pragma unroll
  for (int n = 0; n < Columns; n++) {
    sums[n][0] = sums[n][1] = sums[n][2] = sums[n][3] = 0.f;
  }
#pragma unroll
  for (int k = 0; k < HEAD; k += 16) {
    u32 a[4];
    loadMatrices(a, left + leftRow(lane) * STRIDE + k + leftColumn(lane));
#pragma unroll
    for (int n = 0; n < Columns; n += 2) {
      u32 b[4];
      loadMatrices(b, right + (n * 8 + rightRow(lane)) * STRIDE + k + rightColumn(lane));
      multiply(sums[n], a, b[0], b[1]);
      multiply(sums[n + 1], a, b[2], b[3]);
    }
  }
}

// sums [16, HEAD] += factors [16, 8 * Columns] times right's rows.
template <int Columns>
__device__ __forceinline__ void addProduct(
    float (*sums)[4], const float (*factors)[4], const bf16* right) {
  int lane = threadIdx.x % LANES;
#pragma unroll
  for (int k = 0; k < Columns; k += 2) {
    u32 a[4];
    asLeft(a, factors + k);
#pragma unroll
    for (int n = 0; n < HEAD / 8; n += 2) {
      u32 b[4];
      loadTransposed(b, right + (k * 8 + leftRow(lane)) * STRIDE + n * 8 + leftColumn(lane));
      multiply(sums[n], a, b[0], b[1]);
      multiply(sums[n + 1], a, b[2], b[3]);
    }
  }
}

// Of a warp's 16 rows, which begin at `row`, those below `rows`.
__device__ __forceinline__ void storeRows(
    bf16* to, i64 stride, const float (*sums)[4], int row, int rows, float scale0, float scale1) {
  int lane = threadIdx.x % LANES;
#pragma unroll
  for (int half = 0; half < 2; half++) {
    int at = row + lane / 4 + 8 * half;
    float scale = half == 0 ? scale0 : scale1;
    if (at < rows) {
#pragma unroll
      for (int n = 0; n < HEAD / 8; n++) {
        *(u32*)(to + at * stride + n * 8 + lane % 4 * 2) =
            packBf16(sums[n][2 * half] * scale, sums[n][2 * half + 1] * scale);
      }
    }
  }
}

__device__ __forceinline__ float quadSum(float x) {
  x += __shfl_xor_sync(ALL_LANES, x, 1);
  return x + __shfl_xor_sync(ALL_LANES, x, 2);
}

__device__ __forceinline__ float quadMax(float x) {
  x = fmaxf(x, __shfl_xor_sync(ALL_LANES, x, 1));
  return fmaxf(x, __shfl_xor_sync(ALL_LANES, x, 2));
}

// Blocks are numbered with the longest work first.
KERNEL_OF_128 flash_forward(
    const bf16* qkv, float* logSums, bf16* out, int query, int keyValue, int sequences,
    int length, float scale) {
  DYNAMIC_SHARED(bf16, memory);
  bf16* q = memory;
  bf16* keys = q + TILE * STRIDE;
  bf16* values = keys + STAGES * TILE * STRIDE;
  int lane = threadIdx.x % LANES;
  int warp = threadIdx.x / LANES;
  int head = blockIdx.x % query;
  int sequence = blockIdx.x / query % sequences;
  int tile = (length + TILE - 1) / TILE - 1 - blockIdx.x / query / sequences;
  int shared = head / (query / keyValue);
  i64 width = (i64)(query + 2 * keyValue) * HEAD;
  const bf16* row = qkv + sequence * (i64)length * width;
  const bf16* key = row + (query + shared) * HEAD;
  const bf16* value = key + keyValue * HEAD;
  int first = tile * TILE;

  fetch<TILE>(q, row + first * width + head * HEAD, width, length - first);
  fetch<TILE>(keys, key, width, length);
  fetch<TILE>(values, value, width, length);
  commitCopies();
  float gathered[HEAD / 8][4] = {};
  float top[2] = {-INFINITE, -INFINITE};
  float sum[2] = {0.f, 0.f};
  for (int j = 0; j <= tile; j++) {
    int stage = j % STAGES * TILE * STRIDE;
    if (STAGES == 2 && j < tile) {
      int next = (j + 1) * TILE;
      int other = (j + 1) % STAGES * TILE * STRIDE;
      fetch<TILE>(keys + other, key + next * width, width, length - next);
      fetch<TILE>(values + other, value + next * width, width, length - next);
    }
    if (STAGES == 1 && j > 0) {
      fetch<TILE>(keys, key + j * TILE * width, width, length - j * TILE);
      fetch<TILE>(values, value + j * TILE * width, width, length - j * TILE);
    }
    commitCopies();
    waitForCopies<STAGES - 1>();
    __syncthreads();
    float scores[TILE / 8][4];
    timesRows<TILE / 8>(scores, q + warp * 16 * STRIDE, keys + stage);
    if (j == tile) {
#pragma unroll
      for (int n = 0; n < TILE / 8; n++) {
#pragma unroll
        for (int e = 0; e < 4; e++) {
          if (n * 8 + lane % 4 * 2 + e % 2 > warp * 16 + lane / 4 + e / 2 * 8) {
            scores[n][e] = -INFINITE;
          }
        }
      }
    }
#pragma unroll
    for (int half = 0; half < 2; half++) {
      float most = -INFINITE;
#pragma unroll
      for (int n = 0; n < TILE / 8; n++) {
        most = fmaxf(most, fmaxf(scores[n][2 * half], scores[n][2 * half + 1]));
      }
      most = fmaxf(top[half], quadMax(most) * (scale * LOG2_E));
      float shrink = exp2f(top[half] - most);
      top[half] = most;
      float added = 0.f;
#pragma unroll
      for (int n = 0; n < TILE / 8; n++) {
#pragma unroll
        for (int e = 2 * half; e < 2 * half + 2; e++) {
          scores[n][e] = exp2f(scores[n][e] * (scale * LOG2_E) - most);
          added += scores[n][e];
        }
      }
      sum[half] = sum[half] * shrink + added;
#pragma unroll
      for (int n = 0; n < HEAD / 8; n++) {
        gathered[n][2 * half] *= shrink;
        gathered[n][2 * half + 1] *= shrink;
      }
    }
    addProduct<TILE / 8>(gathered, scores, values + stage);
    __syncthreads();
  }
  sum[0] = quadSum(sum[0]);
  sum[1] = quadSum(sum[1]);
  i64 outWidth = (i64)query * HEAD;
  storeRows(
      out + sequence * (i64)length * outWidth + head * HEAD, outWidth, gathered,
      first + warp * 16, length, 1.f / sum[0], 1.f / sum[1]);
  if (lane % 4 == 0) {
    for (int half = 0; half < 2; half++) {
      int t = first + warp * 16 + lane / 4 + 8 * half;
      if (t < length) {
        logSums[((i64)sequence * query + head) * length + t] =
            top[half] / LOG2_E + logf(sum[half]);
      }
    }
  }
}

KERNEL_OF_128 flash_query_gradient(
    const bf16* dOut, const bf16* qkv, const float* logSums, const float* deltas, bf16* dQkv,
    int query, int keyValue, int sequences, int length, float scale) {
  DYNAMIC_SHARED(bf16, memory);
  bf16* q = memory;
  bf16* d = q + TILE * STRIDE;
  bf16* keys = d + TILE * STRIDE;
  bf16* values = keys + STAGES * TILE * STRIDE;
  int lane = threadIdx.x % LANES;
  int warp = threadIdx.x / LANES;
  int head = blockIdx.x % query;
  int sequence = blockIdx.x / query % sequences;
  int tile = (length + TILE - 1) / TILE - 1 - blockIdx.x / query / sequences;
  int shared = head / (query / keyValue);
  i64 width = (i64)(query + 2 * keyValue) * HEAD;
  i64 outWidth = (i64)query * HEAD;
  const bf16* row = qkv + sequence * (i64)length * width;
  const bf16* key = row + (query + shared) * HEAD;
  const bf16* value = key + keyValue * HEAD;
  int first = tile * TILE;

  fetch<TILE>(q, row + first * width + head * HEAD, width, length - first);
  fetch<TILE>(
      d, dOut + (sequence * (i64)length + first) * outWidth + head * HEAD, outWidth,
      length - first);
  fetch<TILE>(keys, key, width, length);
  fetch<TILE>(values, value, width, length);
  commitCopies();
  float logSum[2];
  float delta[2];
  for (int half = 0; half < 2; half++) {
    int t = first + warp * 16 + lane / 4 + 8 * half;
    i64 at = ((i64)sequence * query + head) * length + t;
    logSum[half] = t < length ? logSums[at] * LOG2_E : 0.f;
    delta[half] = t < length ? deltas[at] : 0.f;
  }
  float gradient[HEAD / 8][4] = {};
  for (int j = 0; j <= tile; j++) {
    int stage = j % STAGES * TILE * STRIDE;
    if (STAGES == 2 && j < tile) {
      int next = (j + 1) * TILE;
      int other = (j + 1) % STAGES * TILE * STRIDE;
      fetch<TILE>(keys + other, key + next * width, width, length - next);
      fetch<TILE>(values + other, value + next * width, width, length - next);
    }
    if (STAGES == 1 && j > 0) {
      fetch<TILE>(keys, key + j * TILE * width, width, length - j * TILE);
      fetch<TILE>(values, value + j * TILE * width, width, length - j * TILE);
    }
    commitCopies();
    waitForCopies<STAGES - 1>();
    __syncthreads();
    float scores[TILE / 8][4];
    float products[TILE / 8][4];
    timesRows<TILE / 8>(scores, q + warp * 16 * STRIDE, keys + stage);
    timesRows<TILE / 8>(products, d + warp * 16 * STRIDE, values + stage);
#pragma unroll
    for (int n = 0; n < TILE / 8; n++) {
#pragma unroll
      for (int e = 0; e < 4; e++) {
        bool seen =
            j < tile || n * 8 + lane % 4 * 2 + e % 2 <= warp * 16 + lane / 4 + e / 2 * 8;
        float p = exp2f(scores[n][e] * (scale * LOG2_E) - logSum[e / 2]);
        scores[n][e] = seen ? p * (products[n][e] - delta[e / 2]) : 0.f;
      }
    }
    addProduct<TILE / 8>(gradient, scores, keys + stage);
    __syncthreads();
  }
  storeRows(
      dQkv + sequence * (i64)length * width + head * HEAD, width, gradient, first + warp * 16,
      length, scale, scale);
}

// A warp has 16 keys; columns are queries, of all heads that share the keys, one after another.
KERNEL_OF_128 flash_key_gradient(
    const bf16* dOut, const bf16* qkv, const float* logSums, const float* deltas, bf16* dQkv,
    int query, int keyValue, int sequences, int length, float scale) {
  DYNAMIC_SHARED(bf16, memory);
  bf16* keys = memory;
  bf16* values = keys + TILE * STRIDE;
  bf16* queries = values + TILE * STRIDE;
  bf16* ds = queries + STAGES * SEEN * STRIDE;
  float* sums = (float*)(ds + STAGES * SEEN * STRIDE);
  float* shifts = sums + STAGES * SEEN;
  int lane = threadIdx.x % LANES;
  int warp = threadIdx.x / LANES;
  int shared = blockIdx.x % keyValue;
  int sequence = blockIdx.x / keyValue % sequences;
  int tile = blockIdx.x / keyValue / sequences;
  int group = query / keyValue;
  i64 width = (i64)(query + 2 * keyValue) * HEAD;
  i64 outWidth = (i64)query * HEAD;
  const bf16* row = qkv + sequence * (i64)length * width;
  const bf16* dRow = dOut + sequence * (i64)length * outWidth;
  int first = tile * TILE;
  int begin = first / SEEN;
  int tiles = (length + SEEN - 1) / SEEN - begin;

  auto fetchQueries = [&](int i) {
    int head = shared * group + i / tiles;
    int t = (begin + i % tiles) * SEEN;
    int stage = i % STAGES;
    fetch<SEEN>(
        queries + stage * SEEN * STRIDE, row + t * width + head * HEAD, width, length - t);
    fetch<SEEN>(
        ds + stage * SEEN * STRIDE, dRow + t * outWidth + head * HEAD, outWidth, length - t);
    for (int n = threadIdx.x; n < SEEN; n += THREADS) {
      bool there = t + n < length;
      i64 at = ((i64)sequence * query + head) * length + t + n;
      sums[stage * SEEN + n] = there ? logSums[at] * LOG2_E : 0.f;
      shifts[stage * SEEN + n] = there ? deltas[at] : 0.f;
    }
  };

  fetch<TILE>(keys, row + first * width + (query + shared) * HEAD, width, length - first);
  fetch<TILE>(
      values, row + first * width + (query + keyValue + shared) * HEAD, width, length - first);
  fetchQueries(0);
  commitCopies();
  float dKey[HEAD / 8][4] = {};
  float dValue[HEAD / 8][4] = {};
  for (int i = 0; i < group * tiles; i++) {
    if (STAGES == 2 && i + 1 < group * tiles) {
      fetchQueries(i + 1);
    }
    if (STAGES == 1 && i > 0) {
      fetchQueries(i);
    }
    commitCopies();
    waitForCopies<STAGES - 1>();
    __syncthreads();
    const bf16* q = queries + i % STAGES * SEEN * STRIDE;
    const bf16* d = ds + i % STAGES * SEEN * STRIDE;
    const float* logSum = sums + i % STAGES * SEEN;
    const float* shift = shifts + i % STAGES * SEEN;
    int t = (begin + i % tiles) * SEEN;
    float scores[SEEN / 8][4];
    float products[SEEN / 8][4];
    timesRows<SEEN / 8>(scores, keys + warp * 16 * STRIDE, q);
    timesRows<SEEN / 8>(products, values + warp * 16 * STRIDE, d);
#pragma unroll
    for (int n = 0; n < SEEN / 8; n++) {
#pragma unroll
      for (int e = 0; e < 4; e++) {
        int column = n * 8 + lane % 4 * 2 + e % 2;
        bool seen = t + column >= first + warp * 16 + lane / 4 + e / 2 * 8;
        float p = exp2f(scores[n][e] * (scale * LOG2_E) - logSum[column]);
        scores[n][e] = seen ? p : 0.f;
        products[n][e] = seen ? p * (products[n][e] - shift[column]) : 0.f;
      }
    }
    addProduct<SEEN / 8>(dValue, scores, d);
    addProduct<SEEN / 8>(dKey, products, q);
    __syncthreads();
  }
  bf16* to = dQkv + sequence * (i64)length * width + (query + shared) * HEAD;
  storeRows(to, width, dKey, first + warp * 16, length, scale, scale);
  storeRows(to + keyValue * HEAD, width, dValue, first + warp * 16, length, 1.f, 1.f);
}
