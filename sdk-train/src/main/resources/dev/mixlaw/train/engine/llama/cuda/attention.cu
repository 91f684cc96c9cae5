// Causal attention for any head size; a warp handles one query or one key. Used in single
// precision, where tensor cores cannot be used, and to write text token by token.

#define WARPS 4

struct Layout {
  int query;
  int keyValue;
  int size;

  __device__ int rowWidth() const { return (query + 2 * keyValue) * size; }

  __device__ int group() const { return query / keyValue; }

  // The query, key and value of one head in a row.
  __device__ const real* queryOf(const real* row, int head) const { return row + head * size; }

  __device__ const real* keyOf(const real* row, int shared) const {
    return row + (query + shared) * size;
  }

  __device__ const real* valueOf(const real* row, int shared) const {
    return row + (query + keyValue + shared) * size;
  }
};

__device__ float dot(const float* a, const real* b, int size) {
  float sum = 0.f;
  for (int i = 0; i < size; i++) {
    sum += a[i] * toFloat(b[i]);
  }
  return sum;
}

// Shared memory: a query and its sums for each warp.
KERNEL attention(
    const real* qkv, float* logSums, real* out, int query, int keyValue, int size, int rows,
    int length) {
  DYNAMIC_SHARED(float, memory);
  Layout l = {query, keyValue, size};
  int lane = threadIdx.x % LANES;
  int warp = threadIdx.x / LANES;
  i64 row = (i64)blockIdx.x * WARPS + warp;
  if (row >= rows) {
    return;
  }
  int head = blockIdx.y;
  int shared = head / l.group();
  int t = row % length;
  i64 first = row - t;
  float* q = memory + warp * 2 * size;
  float* gathered = q + size;
  float scale = rsqrtf((float)size);
  for (int i = lane; i < size; i += LANES) {
    q[i] = toFloat(l.queryOf(qkv + row * l.rowWidth(), head)[i]) * scale;
    gathered[i] = 0.f;
  }
  __syncwarp();
  float top = -INFINITE;
  float sum = 0.f;
  for (int from = 0; from <= t; from += LANES) {
    int u = from + lane;
    float s = -INFINITE;
    if (u <= t) {
      s = dot(q, l.keyOf(qkv + (first + u) * l.rowWidth(), shared), size);
    }
    float most = fmaxf(top, warpMax(s));
    float p = expf(s - most);
    float shrink = expf(top - most);
    sum = sum * shrink + warpSum(p);
    top = most;
    int n = min(LANES, t + 1 - from);
    for (int base = 0; base < size; base += LANES) {
      int i = base + lane;
      float add = 0.f;
      for (int j = 0; j < n; j++) {
        float weight = __shfl_sync(ALL_LANES, p, j);
        if (i < size) {
          add += weight * toFloat(l.valueOf(qkv + (first + from + j) * l.rowWidth(), shared)[i]);
        }
      }
      if (i < size) {
        gathered[i] = gathered[i] * shrink + add;
      }
    }
  }
  for (int i = lane; i < size; i += LANES) {
    store(out + (row * query + head) * size + i, gathered[i] / sum);
  }
  if (lane == 0) {
    logSums[(first / length * query + head) * length + t] = logf(sum) + top;
  }
}

// Computes deltas = the sum of dOut * out over a head: [sequences, heads, length], as the
// logarithmic sums.
KERNEL attention_delta(
    const real* dOut, const real* out, float* deltas, int query, int size, int rows, int length) {
  int lane = threadIdx.x % LANES;
  i64 row = (i64)blockIdx.x * WARPS + threadIdx.x / LANES;
  if (row >= rows) {
    return;
  }
  int head = blockIdx.y;
  i64 at = (row * query + head) * size;
  float sum = 0.f;
  for (int i = lane; i < size; i += LANES) {
    sum += toFloat(dOut[at + i]) * toFloat(out[at + i]);
  }
  sum = warpSum(sum);
  if (lane == 0) {
    deltas[(row / length * query + head) * length + row % length] = sum;
  }
}

KERNEL attention_query_gradient(
    const real* dOut, const real* qkv, const float* logSums, const float* deltas, real* dQkv,
    int query, int keyValue, int size, int rows, int length) {
  DYNAMIC_SHARED(float, memory);
  Layout l = {query, keyValue, size};
  int lane = threadIdx.x % LANES;
  int warp = threadIdx.x / LANES;
  i64 row = (i64)blockIdx.x * WARPS + warp;
  if (row >= rows) {
    return;
  }
  int head = blockIdx.y;
  int shared = head / l.group();
  int t = row % length;
  i64 first = row - t;
  float* q = memory + warp * 3 * size;
  float* d = q + size;
  float* gathered = d + size;
  float scale = rsqrtf((float)size);
  for (int i = lane; i < size; i += LANES) {
    q[i] = toFloat(l.queryOf(qkv + row * l.rowWidth(), head)[i]) * scale;
    d[i] = toFloat(dOut[(row * query + head) * size + i]);
    gathered[i] = 0.f;
  }
  __syncwarp();
  i64 sums = (first / length * query + head) * length + t;
  for (int from = 0; from <= t; from += LANES) {
    int u = from + lane;
    float ds = 0.f;
    if (u <= t) {
      const real* other = qkv + (first + u) * l.rowWidth();
      float p = expf(dot(q, l.keyOf(other, shared), size) - logSums[sums]);
      ds = p * (dot(d, l.valueOf(other, shared), size) - deltas[sums]);
    }
    int n = min(LANES, t + 1 - from);
    for (int base = 0; base < size; base += LANES) {
      int i = base + lane;
      float add = 0.f;
      for (int j = 0; j < n; j++) {
        float weight = __shfl_sync(ALL_LANES, ds, j);
        if (i < size) {
          add += weight * toFloat(l.keyOf(qkv + (first + from + j) * l.rowWidth(), shared)[i]);
        }
      }
      if (i < size) {
        gathered[i] += add;
      }
    }
  }
  for (int i = lane; i < size; i += LANES) {
    store(dQkv + row * l.rowWidth() + head * size + i, gathered[i] * scale);
  }
}

// blockIdx.y is a key-value head; its gradient adds up those of all queries that share it.
KERNEL attention_key_gradient(
    const real* dOut, const real* qkv, const float* logSums, const float* deltas, real* dQkv,
    int query, int keyValue, int size, int rows, int length) {
  DYNAMIC_SHARED(float, memory);
  Layout l = {query, keyValue, size};
  int lane = threadIdx.x % LANES;
  int warp = threadIdx.x / LANES;
  i64 row = (i64)blockIdx.x * WARPS + warp;
  if (row >= rows) {
    return;
  }
  int shared = blockIdx.y;
  int u = row % length;
  i64 first = row - u;
  float* k = memory + warp * 4 * size;
  float* v = k + size;
  float* dKey = v + size;
  float* dValue = dKey + size;
  float scale = rsqrtf((float)size);
  for (int i = lane; i < size; i += LANES) {
    k[i] = toFloat(l.keyOf(qkv + row * l.rowWidth(), shared)[i]) * scale;
    v[i] = toFloat(l.valueOf(qkv + row * l.rowWidth(), shared)[i]);
    dKey[i] = 0.f;
    dValue[i] = 0.f;
  }
  __syncwarp();
  for (int head = shared * l.group(); head < (shared + 1) * l.group(); head++) {
    i64 sums = (first / length * query + head) * length;
    for (int from = u; from < length; from += LANES) {
      int t = from + lane;
      float p = 0.f;
      float ds = 0.f;
      if (t < length) {
        p = expf(dot(k, l.queryOf(qkv + (first + t) * l.rowWidth(), head), size)
            - logSums[sums + t]);
        const real* d = dOut + ((first + t) * query + head) * size;
        ds = p * (dot(v, d, size) - deltas[sums + t]);
      }
      int n = min(LANES, length - from);
      for (int base = 0; base < size; base += LANES) {
        int i = base + lane;
        float addKey = 0.f;
        float addValue = 0.f;
        for (int j = 0; j < n; j++) {
          float weight = __shfl_sync(ALL_LANES, p, j);
          float gradient = __shfl_sync(ALL_LANES, ds, j);
          if (i < size) {
            i64 other = first + from + j;
            addValue += weight * toFloat(dOut[(other * query + head) * size + i]);
            addKey += gradient * toFloat(l.queryOf(qkv + other * l.rowWidth(), head)[i]);
          }
        }
        if (i < size) {
          dKey[i] += addKey;
          dValue[i] += addValue;
        }
      }
    }
  }
  real* to = dQkv + row * l.rowWidth() + (query + shared) * size;
  for (int i = lane; i < size; i += LANES) {
    store(to + i, dKey[i] * scale);
    store(to + keyValue * size + i, dValue[i]);
  }
}

// Stores the keys and values of new tokens: blockIdx.x is a row, blockIdx.y a key-value head. A
// place is slot * capacity + position in the cache.
KERNEL attention_store(
    const real* qkv, real* keys, real* values, const int* places, int query, int keyValue, int size,
    double theta, int capacity) {
  Layout l = {query, keyValue, size};
  int half = size / 2;
  int shared = blockIdx.y;
  int position = places[blockIdx.x] % capacity;
  const real* from = qkv + (i64)blockIdx.x * l.rowWidth();
  i64 at = ((i64)(places[blockIdx.x] / capacity) * keyValue + shared) * capacity + position;
  real* key = keys + at * size;
  real* value = values + at * size;
  for (int i = threadIdx.x; i < half; i += blockDim.x) {
    float cosine;
    float sine;
    angle(position, i, size, theta, &cosine, &sine);
    const real* x = l.keyOf(from, shared) + i;
    float first = toFloat(x[0]);
    float second = toFloat(x[half]);
    store(key + i, first * cosine - second * sine);
    store(key + half + i, second * cosine + first * sine);
  }
  for (int i = threadIdx.x; i < size; i += blockDim.x) {
    value[i] = l.valueOf(from, shared)[i];
  }
}

// Attention of new tokens over the cache of their texts; block indices as above. Shared memory:
// angles, then queries and sums of the group's heads, then a score for each thread.
KERNEL attention_step(
    const real* qkv, const real* keys, const real* values, const int* places, real* out, int query,
    int keyValue, int size, double theta, int capacity) {
  DYNAMIC_SHARED(float, memory);
  Layout l = {query, keyValue, size};
  int group = l.group();
  int half = size / 2;
  float* cosines = memory;
  float* sines = cosines + half;
  float* q = sines + half;
  float* gathered = q + group * size;
  float* scores = gathered + group * size;
  i64 row = blockIdx.x;
  int shared = blockIdx.y;
  int position = places[row] % capacity;
  const real* from = qkv + row * l.rowWidth();
  i64 slot = places[row] / capacity;
  const real* keyStore = keys + (slot * keyValue + shared) * capacity * size;
  const real* valueStore = values + (slot * keyValue + shared) * capacity * size;
  for (int i = threadIdx.x; i < half; i += blockDim.x) {
    angle(position, i, size, theta, cosines + i, sines + i);
  }
  __syncthreads();
  float scale = rsqrtf((float)size);
  for (int n = threadIdx.x; n < group * half; n += blockDim.x) {
    int i = n % half;
    int at = n / half * size + i;
    const real* x = l.queryOf(from, shared * group) + at;
    float first = toFloat(x[0]);
    float second = toFloat(x[half]);
    q[at] = (first * cosines[i] - second * sines[i]) * scale;
    q[at + half] = (second * cosines[i] + first * sines[i]) * scale;
    gathered[at] = 0.f;
    gathered[at + half] = 0.f;
  }
  __syncthreads();
  for (int g = 0; g < group; g++) {
    float top = -INFINITE;
    float sum = 0.f;
    for (int begin = 0; begin <= position; begin += blockDim.x) {
      int u = begin + threadIdx.x;
      float s = u <= position ? dot(q + g * size, keyStore + (i64)u * size, size) : -INFINITE;
      float most = fmaxf(top, blockMax(s));
      float p = expf(s - most);
      float shrink = expf(top - most);
      sum = sum * shrink + blockSum(p);
      top = most;
      scores[threadIdx.x] = p;
      __syncthreads();
      int n = min((int)blockDim.x, position + 1 - begin);
      for (int i = threadIdx.x; i < size; i += blockDim.x) {
        float add = 0.f;
        for (int j = 0; j < n; j++) {
          add += scores[j] * toFloat(valueStore[(i64)(begin + j) * size + i]);
        }
        gathered[g * size + i] = gathered[g * size + i] * shrink + add;
      }
    }
    for (int i = threadIdx.x; i < size; i += blockDim.x) {
      store(out + (row * query + shared * group + g) * size + i, gathered[g * size + i] / sum);
    }
  }
}
