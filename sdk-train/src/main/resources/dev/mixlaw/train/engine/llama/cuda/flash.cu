// Causal attention on tensor cores, in tiles, after Dao 2023 (FlashAttention-2): scores stay in
// registers. Compiled for one head size, HEAD, a multiple of 16 up to 128. With STAGES of 2 the
// next tile is loaded during the work on one; 1 takes less shared memory.
//
// The gradients of queries and of keys and values are two kernels, so that one thread adds up each
// value in one order. The bits are the same every time, unlike with atomic operations.
//
// Shared memory limits tensor cores here: it delivers 512 bytes (four fragments) to a warp in the
// time of two and a half products. A warp reads the other side's tile once for all of its rows, so
// it has as many rows as registers allow.

#define THREADS 128
// Row groups of a warp, 16 rows each.
#define TALL (HEAD <= 64 ? 2 : 1)
#define OWN (16 * TALL)
// Rows of a block, and rows of the tiles that it reads.
#define ROWS (4 * OWN)
#define TILE 64
// Number of keys whose scores and gradients are in registers at once.
#define STEP (TALL == 2 ? 32 : 64)
// Number of queries that a key processes together.
#define SEEN 32
// Row stride of a tile in shared memory: eight rows begin in different banks.
#define STRIDE (HEAD + 8)
#define LOG2_E 1.4426950408889634f

// Starts copying rows of a head; rows from `valid` on become zeros.
template <int Rows>
__device__ __forceinline__ void fetch(bf16* tile, const bf16* from, int stride, int valid) {
#pragma unroll
  for (int n = threadIdx.x; n < Rows * (HEAD / 8); n += THREADS) {
    int row = n / (HEAD / 8);
    int column = n % (HEAD / 8) * 8;
    bool there = row < valid;
    copyAsync(tile + row * STRIDE + column, from + (there ? row : 0) * stride + column, there);
  }
}

// A warp's own rows as left factors, kept in registers.
struct Own {
  u32 v[HEAD / 16][TALL][4];

  __device__ __forceinline__ void take(const bf16* rows) {
    int lane = threadIdx.x % LANES;
#pragma unroll
    for (int k = 0; k < HEAD / 16; k++) {
#pragma unroll
      for (int m = 0; m < TALL; m++) {
        loadMatrices(
            v[k][m], rows + (m * 16 + leftRow(lane)) * STRIDE + k * 16 + leftColumn(lane));
      }
    }
  }

  __device__ __forceinline__ const u32* at(int k, int m) { return v[k][m]; }
};

// A warp's own rows as left factors, read again at each use: for kernels that are short of
// registers.
struct OwnAgain {
  const bf16* rows;
  u32 v[TALL][4];

  __device__ __forceinline__ void take(const bf16* from) { rows = from; }

  __device__ __forceinline__ const u32* at(int k, int m) {
    int lane = threadIdx.x % LANES;
    loadMatrices(v[m], rows + (m * 16 + leftRow(lane)) * STRIDE + k * 16 + leftColumn(lane));
    return v[m];
  }
};

// Computes sums [OWN, 8 * Columns] = a warp's own rows times the rows of right, both [.., HEAD].
template <int Columns, typename Left>
__device__ __forceinline__ void timesRows(
    float (*sums)[Columns][4], Left& left, const bf16* right) {
  int lane = threadIdx.x % LANES;
#pragma unroll
  for (int m = 0; m < TALL; m++) {
#pragma unroll
    for (int n = 0; n < Columns; n++) {
      sums[m][n][0] = sums[m][n][1] = sums[m][n][2] = sums[m][n][3] = 0.f;
    }
  }
#pragma unroll
  for (int k = 0; k < HEAD / 16; k++) {
    const u32* a[TALL];
#pragma unroll
    for (int m = 0; m < TALL; m++) {
      a[m] = left.at(k, m);
    }
#pragma unroll
    for (int n = 0; n < Columns; n += 2) {
      u32 b[4];
      loadMatrices(b, right + (n * 8 + rightRow(lane)) * STRIDE + k * 16 + rightColumn(lane));
#pragma unroll
      for (int m = 0; m < TALL; m++) {
        multiply(sums[m][n], a[m], b[0], b[1]);
        multiply(sums[m][n + 1], a[m], b[2], b[3]);
      }
    }
  }
}

// Rounds sums [OWN, 8 * Columns] to left factors of the next product: they take half of the
// registers.
template <int Columns>
__device__ __forceinline__ void asLefts(
    u32 (*left)[Columns / 2][4], const float (*sums)[Columns][4]) {
#pragma unroll
  for (int m = 0; m < TALL; m++) {
#pragma unroll
    for (int k = 0; k < Columns / 2; k++) {
      asLeft(left[m][k], sums[m] + 2 * k);
    }
  }
}

// Returns the left factor's value that was sums[n][e].
__device__ __forceinline__ float ofLeft(const u32 (*left)[4], int n, int e) {
  u32 pair = left[n / 2][n % 2 * 2 + e / 2];
  return __uint_as_float(e % 2 == 0 ? pair << 16 : pair & 0xffff0000u);
}

// Adds left [OWN, 8 * Columns] times the rows of right to sums [OWN, HEAD].
template <int Columns>
__device__ __forceinline__ void addProduct(
    float (*sums)[HEAD / 8][4], const u32 (*left)[Columns / 2][4], const bf16* right) {
  int lane = threadIdx.x % LANES;
#pragma unroll
  for (int k = 0; k < Columns / 2; k++) {
#pragma unroll
    for (int n = 0; n < HEAD / 8; n += 2) {
      u32 b[4];
      loadTransposed(b, right + (k * 16 + leftRow(lane)) * STRIDE + n * 8 + leftColumn(lane));
#pragma unroll
      for (int m = 0; m < TALL; m++) {
        multiply(sums[m][n], left[m][k], b[0], b[1]);
        multiply(sums[m][n + 1], left[m][k], b[2], b[3]);
      }
    }
  }
}

// Writes a warp's rows, which begin at `row`, as far as they are below `rows`. They pass through
// shared memory that only this warp uses, so that 16 bytes are written at a time.
__device__ __forceinline__ void storeRows(
    bf16* to, int stride, const float (*sums)[HEAD / 8][4], const float (*scale)[2], bf16* own,
    int row, int rows) {
  int lane = threadIdx.x % LANES;
  __syncwarp();
#pragma unroll
  for (int m = 0; m < TALL; m++) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      bf16* at = own + (m * 16 + lane / 4 + 8 * half) * STRIDE + lane % 4 * 2;
#pragma unroll
      for (int n = 0; n < HEAD / 8; n++) {
        *(u32*)(at + n * 8) = packBf16(
            sums[m][n][2 * half] * scale[m][half], sums[m][n][2 * half + 1] * scale[m][half]);
      }
    }
  }
  __syncwarp();
#pragma unroll
  for (int n = lane; n < OWN * (HEAD / 8); n += LANES) {
    int at = n / (HEAD / 8);
    int column = n % (HEAD / 8) * 8;
    if (row + at < rows) {
      put<8>(to + (i64)(row + at) * stride + column, load<8>(own + at * STRIDE + column));
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

// The part of the work that a block does. Blocks with the longest work have the first numbers.
struct Part {
  int warp;
  int head;
  int sequence;
  int first; // row of the block
  int own; // row of the warp

  __device__ __forceinline__ Part(int heads, int sequences, int tile) {
    warp = threadIdx.x / LANES;
    head = blockIdx.x % heads;
    sequence = blockIdx.x / heads % sequences;
    first = tile * ROWS;
    own = first + warp * OWN;
  }
};

// Returns the tile of a number, counted from the last tile.
__device__ __forceinline__ int lastFirst(int heads, int sequences, int length) {
  return (length + ROWS - 1) / ROWS - 1 - blockIdx.x / heads / sequences;
}

KERNEL_OF_128 flash_forward(
    const bf16* qkv, float* logSums, bf16* out, int query, int keyValue, int sequences,
    int length, float scale) {
  DYNAMIC_SHARED(bf16, memory);
  bf16* q = memory;
  bf16* keys = q + ROWS * STRIDE;
  bf16* values = keys + STAGES * TILE * STRIDE;
  int lane = threadIdx.x % LANES;
  Part p(query, sequences, lastFirst(query, sequences, length));
  int shared = p.head / (query / keyValue);
  int width = (query + 2 * keyValue) * HEAD;
  const bf16* row = qkv + p.sequence * (i64)length * width;
  const bf16* key = row + (query + shared) * HEAD;
  const bf16* value = key + keyValue * HEAD;
  int tiles = (min(length, p.first + ROWS) + TILE - 1) / TILE;
  auto fetchKeys = [&](int j) {
    int at = j % STAGES * TILE * STRIDE;
    fetch<TILE>(keys + at, key + (i64)(j * TILE) * width, width, length - j * TILE);
    fetch<TILE>(values + at, value + (i64)(j * TILE) * width, width, length - j * TILE);
    commitCopies();
  };

  fetch<ROWS>(q, row + (i64)p.first * width + p.head * HEAD, width, length - p.first);
  fetchKeys(0);
  OwnAgain own;
  own.take(q + p.warp * OWN * STRIDE);
  float gathered[TALL][HEAD / 8][4] = {};
  float top[TALL][2];
  float sum[TALL][2];
#pragma unroll
  for (int m = 0; m < TALL; m++) {
    top[m][0] = top[m][1] = -INFINITE;
    sum[m][0] = sum[m][1] = 0.f;
  }
  for (int j = 0; j < tiles; j++) {
    waitForCopies<0>();
    __syncthreads();
    if (STAGES == 2 && j + 1 < tiles) {
      fetchKeys(j + 1);
    }
    int stage = j % STAGES * TILE * STRIDE;
    if (j * TILE < p.own + OWN) {
      float scores[TALL][TILE / 8][4];
      timesRows<TILE / 8>(scores, own, keys + stage);
#pragma unroll
      for (int m = 0; m < TALL; m++) {
        if (j * TILE + TILE > p.own + m * 16) {
#pragma unroll
          for (int n = 0; n < TILE / 8; n++) {
#pragma unroll
            for (int e = 0; e < 4; e++) {
              int column = j * TILE + n * 8 + lane % 4 * 2 + e % 2;
              if (column > p.own + m * 16 + lane / 4 + e / 2 * 8) {
                scores[m][n][e] = -INFINITE;
              }
            }
          }
        }
#pragma unroll
        for (int half = 0; half < 2; half++) {
          float most = -INFINITE;
#pragma unroll
          for (int n = 0; n < TILE / 8; n++) {
            most = fmaxf(most, fmaxf(scores[m][n][2 * half], scores[m][n][2 * half + 1]));
          }
          most = fmaxf(top[m][half], quadMax(most) * (scale * LOG2_E));
          float shrink = powerOf2(top[m][half] - most);
          top[m][half] = most;
          float added = 0.f;
#pragma unroll
          for (int n = 0; n < TILE / 8; n++) {
#pragma unroll
            for (int e = 2 * half; e < 2 * half + 2; e++) {
              scores[m][n][e] = powerOf2(scores[m][n][e] * (scale * LOG2_E) - most);
              added += scores[m][n][e];
            }
          }
          sum[m][half] = sum[m][half] * shrink + added;
#pragma unroll
          for (int n = 0; n < HEAD / 8; n++) {
            gathered[m][n][2 * half] *= shrink;
            gathered[m][n][2 * half + 1] *= shrink;
          }
        }
      }
      u32 weights[TALL][TILE / 16][4];
      asLefts<TILE / 8>(weights, scores);
      addProduct<TILE / 8>(gathered, weights, values + stage);
    }
    if (STAGES == 1 && j + 1 < tiles) {
      __syncthreads();
      fetchKeys(j + 1);
    }
  }
#pragma unroll
  for (int m = 0; m < TALL; m++) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      float all = quadSum(sum[m][half]);
      int t = p.own + m * 16 + lane / 4 + 8 * half;
      if (lane % 4 == 0 && t < length) {
        logSums[((i64)p.sequence * query + p.head) * length + t] =
            top[m][half] / LOG2_E + logf(all);
      }
      sum[m][half] = 1.f / all;
    }
  }
  int outWidth = query * HEAD;
  storeRows(
      out + p.sequence * (i64)length * outWidth + p.head * HEAD, outWidth, gathered, sum,
      q + p.warp * OWN * STRIDE, p.own, length);
}

// Also writes deltas, a row's sum of dOut * out, which flash_key_gradient reads.
KERNEL_OF_128 flash_query_gradient(
    const bf16* dOut, const bf16* out, const bf16* qkv, const float* logSums, float* deltas,
    bf16* dQkv, int query, int keyValue, int sequences, int length, float scale) {
  DYNAMIC_SHARED(bf16, memory);
  bf16* q = memory;
  bf16* d = q + ROWS * STRIDE;
  bf16* keys = d + ROWS * STRIDE;
  bf16* values = keys + STAGES * TILE * STRIDE;
  int lane = threadIdx.x % LANES;
  Part p(query, sequences, lastFirst(query, sequences, length));
  int shared = p.head / (query / keyValue);
  int width = (query + 2 * keyValue) * HEAD;
  int outWidth = query * HEAD;
  i64 outRow = (p.sequence * (i64)length + p.first) * outWidth + p.head * HEAD;
  const bf16* row = qkv + p.sequence * (i64)length * width;
  const bf16* key = row + (query + shared) * HEAD;
  const bf16* value = key + keyValue * HEAD;
  int tiles = (min(length, p.first + ROWS) + TILE - 1) / TILE;
  auto fetchKeys = [&](int j) {
    int at = j % STAGES * TILE * STRIDE;
    fetch<TILE>(keys + at, key + (i64)(j * TILE) * width, width, length - j * TILE);
    fetch<TILE>(values + at, value + (i64)(j * TILE) * width, width, length - j * TILE);
    commitCopies();
  };

  fetch<ROWS>(q, out + outRow, outWidth, length - p.first);
  fetch<ROWS>(d, dOut + outRow, outWidth, length - p.first);
  commitCopies();
  fetchKeys(0);
  waitForCopies<1>();
  __syncthreads();
  float logSum[TALL][2];
  float delta[TALL][2];
#pragma unroll
  for (int m = 0; m < TALL; m++) {
#pragma unroll
    for (int half = 0; half < 2; half++) {
      int at = m * 16 + lane / 4 + 8 * half;
      const bf16* a = q + (p.warp * OWN + at) * STRIDE;
      const bf16* b = d + (p.warp * OWN + at) * STRIDE;
      float sum = 0.f;
#pragma unroll
      for (int i = lane % 4 * 2; i < HEAD; i += 8) {
        Pack<bf16, 2> x = load<2>(a + i);
        Pack<bf16, 2> y = load<2>(b + i);
        sum += x[0] * y[0] + x[1] * y[1];
      }
      sum = quadSum(sum);
      int t = p.own + at;
      i64 to = ((i64)p.sequence * query + p.head) * length + t;
      logSum[m][half] = t < length ? logSums[to] * LOG2_E : 0.f;
      delta[m][half] = sum;
      if (lane % 4 == 0 && t < length) {
        deltas[to] = sum;
      }
    }
  }
  // All threads have read what was here before.
  __syncthreads();
  fetch<ROWS>(q, row + (i64)p.first * width + p.head * HEAD, width, length - p.first);
  commitCopies();
  waitForCopies<0>();
  __syncthreads();
#if HEAD <= 64
  Own ownQuery;
  OwnAgain ownD;
#else
  OwnAgain ownQuery;
  OwnAgain ownD;
#endif
  ownQuery.take(q + p.warp * OWN * STRIDE);
  ownD.take(d + p.warp * OWN * STRIDE);
  float gradient[TALL][HEAD / 8][4] = {};
  for (int j = 0; j < tiles; j++) {
    waitForCopies<0>();
    __syncthreads();
    if (STAGES == 2 && j + 1 < tiles) {
      fetchKeys(j + 1);
    }
#pragma unroll
    for (int part = 0; part < TILE; part += STEP) {
      int from = j * TILE + part;
      int stage = (j % STAGES * TILE + part) * STRIDE;
      if (from < p.own + OWN) {
        float scores[TALL][STEP / 8][4];
        float products[TALL][STEP / 8][4];
        timesRows<STEP / 8>(scores, ownQuery, keys + stage);
        timesRows<STEP / 8>(products, ownD, values + stage);
        bool whole = from + STEP <= p.own;
#pragma unroll
        for (int m = 0; m < TALL; m++) {
#pragma unroll
          for (int n = 0; n < STEP / 8; n++) {
#pragma unroll
            for (int e = 0; e < 4; e++) {
              int column = from + n * 8 + lane % 4 * 2 + e % 2;
              bool seen = whole || column <= p.own + m * 16 + lane / 4 + e / 2 * 8;
              float w = powerOf2(scores[m][n][e] * (scale * LOG2_E) - logSum[m][e / 2]);
              scores[m][n][e] = seen ? w * (products[m][n][e] - delta[m][e / 2]) : 0.f;
            }
          }
        }
        u32 left[TALL][STEP / 16][4];
        asLefts<STEP / 8>(left, scores);
        addProduct<STEP / 8>(gradient, left, keys + stage);
      }
    }
    if (STAGES == 1 && j + 1 < tiles) {
      __syncthreads();
      fetchKeys(j + 1);
    }
  }
  float scales[TALL][2];
#pragma unroll
  for (int m = 0; m < TALL; m++) {
    scales[m][0] = scales[m][1] = scale;
  }
  storeRows(
      dQkv + p.sequence * (i64)length * width + p.head * HEAD, width, gradient, scales,
      q + p.warp * OWN * STRIDE, p.own, length);
}

// A warp's own rows are keys. Columns are the queries of all heads that share the keys, one head
// after the other.
KERNEL_OF_128 flash_key_gradient(
    const bf16* dOut, const bf16* qkv, const float* logSums, const float* deltas, bf16* dQkv,
    int query, int keyValue, int sequences, int length, float scale) {
  DYNAMIC_SHARED(bf16, memory);
  bf16* keys = memory;
  bf16* values = keys + ROWS * STRIDE;
  bf16* queries = values + ROWS * STRIDE;
  bf16* ds = queries + STAGES * SEEN * STRIDE;
  float* logSumOf = (float*)(ds + STAGES * SEEN * STRIDE);
  float* deltaOf = logSumOf + STAGES * SEEN;
  int lane = threadIdx.x % LANES;
  Part p(keyValue, sequences, blockIdx.x / keyValue / sequences);
  int group = query / keyValue;
  int width = (query + 2 * keyValue) * HEAD;
  int outWidth = query * HEAD;
  const bf16* row = qkv + p.sequence * (i64)length * width;
  const bf16* dRow = dOut + p.sequence * (i64)length * outWidth;
  int begin = p.first / SEEN;
  int tiles = (length + SEEN - 1) / SEEN - begin;
  auto fetchQueries = [&](int i) {
    int head = p.head * group + i / tiles;
    int t = (begin + i % tiles) * SEEN;
    int stage = i % STAGES;
    fetch<SEEN>(
        queries + stage * SEEN * STRIDE, row + (i64)t * width + head * HEAD, width, length - t);
    fetch<SEEN>(
        ds + stage * SEEN * STRIDE, dRow + (i64)t * outWidth + head * HEAD, outWidth, length - t);
    commitCopies();
    for (int n = threadIdx.x; n < SEEN; n += THREADS) {
      bool there = t + n < length;
      i64 at = ((i64)p.sequence * query + head) * length + t + n;
      logSumOf[stage * SEEN + n] = there ? logSums[at] * LOG2_E : 0.f;
      deltaOf[stage * SEEN + n] = there ? deltas[at] : 0.f;
    }
  };

  fetch<ROWS>(keys, row + (i64)p.first * width + (query + p.head) * HEAD, width, length - p.first);
  fetch<ROWS>(
      values, row + (i64)p.first * width + (query + keyValue + p.head) * HEAD, width,
      length - p.first);
  fetchQueries(0);
  OwnAgain ownKey;
  OwnAgain ownValue;
  ownKey.take(keys + p.warp * OWN * STRIDE);
  ownValue.take(values + p.warp * OWN * STRIDE);
  float dKey[TALL][HEAD / 8][4] = {};
  float dValue[TALL][HEAD / 8][4] = {};
  for (int i = 0; i < group * tiles; i++) {
    waitForCopies<0>();
    __syncthreads();
    if (STAGES == 2 && i + 1 < group * tiles) {
      fetchQueries(i + 1);
    }
    int stage = i % STAGES * SEEN;
    int t = (begin + i % tiles) * SEEN;
    if (t + SEEN > p.own) {
      const bf16* q = queries + stage * STRIDE;
      const bf16* d = ds + stage * STRIDE;
      bool whole = t >= p.own + OWN;
      float sums[TALL][SEEN / 8][4];
      u32 weights[TALL][SEEN / 16][4];
      u32 left[TALL][SEEN / 16][4];
      timesRows<SEEN / 8>(sums, ownKey, q);
#pragma unroll
      for (int n = 0; n < SEEN / 8; n++) {
        int column = n * 8 + lane % 4 * 2;
        Pack<float, 2> logSum = load<2>(logSumOf + stage + column);
#pragma unroll
        for (int m = 0; m < TALL; m++) {
#pragma unroll
          for (int e = 0; e < 4; e++) {
            bool seen =
                whole || t + column + e % 2 >= p.own + m * 16 + lane / 4 + e / 2 * 8;
            float w = powerOf2(sums[m][n][e] * (scale * LOG2_E) - logSum[e % 2]);
            sums[m][n][e] = seen ? w : 0.f;
          }
        }
      }
      asLefts<SEEN / 8>(weights, sums);
      addProduct<SEEN / 8>(dValue, weights, d);
      timesRows<SEEN / 8>(sums, ownValue, d);
#pragma unroll
      for (int n = 0; n < SEEN / 8; n++) {
        Pack<float, 2> delta = load<2>(deltaOf + stage + n * 8 + lane % 4 * 2);
#pragma unroll
        for (int m = 0; m < TALL; m++) {
#pragma unroll
          for (int e = 0; e < 4; e++) {
            sums[m][n][e] = ofLeft(weights[m], n, e) * (sums[m][n][e] - delta[e % 2]);
          }
        }
      }
      asLefts<SEEN / 8>(left, sums);
      addProduct<SEEN / 8>(dKey, left, q);
    }
    if (STAGES == 1 && i + 1 < group * tiles) {
      __syncthreads();
      fetchQueries(i + 1);
    }
  }
  bf16* to = dQkv + p.sequence * (i64)length * width + (query + p.head) * HEAD;
  float scales[TALL][2];
  float ones[TALL][2];
#pragma unroll
  for (int m = 0; m < TALL; m++) {
    scales[m][0] = scales[m][1] = scale;
    ones[m][0] = ones[m][1] = 1.f;
  }
  storeRows(to, width, dKey, scales, keys + p.warp * OWN * STRIDE, p.own, length);
  storeRows(
      to + keyValue * HEAD, width, dValue, ones, values + p.warp * OWN * STRIDE, p.own, length);
}
