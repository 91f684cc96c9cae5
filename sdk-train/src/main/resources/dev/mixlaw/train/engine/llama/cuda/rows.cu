// Kernels that work by rows: a block handles one row, or some. `wide` says that rows begin at
// multiples of 16 bytes.

// A thread handles a pack of a row, so that narrow rows also fill blocks.
KERNEL embed(const int* ids, const real* table, real* out, int rows, int width, int wide) {
  int each = wide ? width / WIDE : width;
  i64 n = (i64)blockIdx.x * blockDim.x + threadIdx.x;
  if (n >= (i64)rows * each) {
    return;
  }
  i64 row = n / each;
  int pack = (int)(n - row * each);
  const real* from = table + (i64)ids[row] * width;
  if (wide) {
    put<WIDE>(out + n * WIDE, load<WIDE>(from + pack * WIDE));
  } else {
    put<1>(out + n, load<1>(from + pack));
  }
}

// A thread keeps what it reads first of a row, and reads the rest of wider rows again.
template <int V>
__device__ void normRow(
    const real* x, const float* w, real* y, float* r, int width, float epsilon) {
  int begin = threadIdx.x * V;
  int step = blockDim.x * V;
  Pack<real, V> first = {};
  if (begin < width) {
    first = load<V>(x + begin);
  }
  float squares = 0.f;
  for (int i = begin; i < width; i += step) {
    Pack<real, V> a = i == begin ? first : load<V>(x + i);
    for (int j = 0; j < V; j++) {
      squares += a[j] * a[j];
    }
  }
  float scale = 1.f / sqrtf(blockSum(squares) / width + epsilon);
  for (int i = begin; i < width; i += step) {
    Pack<real, V> a = i == begin ? first : load<V>(x + i);
    Floats<V> weight;
    weight.read(w + i);
    for (int j = 0; j < V; j++) {
      a.set(j, a[j] * scale * weight[j]);
    }
    put<V>(y + i, a);
  }
  if (threadIdx.x == 0) {
    *r = scale;
  }
}

KERNEL rms_norm(
    const real* x, const float* w, real* y, float* r, int width, float epsilon, int wide) {
  i64 row = blockIdx.x;
  if (wide) {
    normRow<WIDE>(x + row * width, w, y + row * width, r + row, width, epsilon);
  } else {
    normRow<1>(x + row * width, w, y + row * width, r + row, width, epsilon);
  }
}

// The column sums of a block; each column belongs to one thread. In shared memory the parts of a
// pack lie apart, so that neighbouring threads access neighbouring words.
template <int V>
struct Columns {
  static const int PARTS = V / Floats<V>::EACH;
  float* sums;
  bool apart;
  int width;

  __device__ __forceinline__ void read(Floats<V>* to, int i) const {
    to->read(sums + (apart ? i / PARTS : i), apart ? width / PARTS : Floats<V>::EACH);
  }

  __device__ __forceinline__ void write(const Floats<V>& from, int i) const {
    from.write(sums + (apart ? i / PARTS : i), apart ? width / PARTS : Floats<V>::EACH);
  }
};

// A block handles some rows one after another, and adds up their contributions to the gradient of
// the weights. `again`: dy is overwritten by the output of normRow, with the same products in the
// same order.
template <int V>
__device__ void normRowsBackward(
    real* dy, const real* x, const float* w, const float* r, real* dx, float* partial, float* shared,
    float* part, int rows, int width, int again) {
  Columns<V> sums = {shared ? shared : partial, shared != 0, width};
  int begin = threadIdx.x * V;
  int step = blockDim.x * V;
  Pack<real, V> nextD = {};
  Pack<real, V> nextX = {};
  Floats<V> firstWeight = {};
  if (begin < width) {
    nextD = load<V>(dy + begin);
    nextX = load<V>(x + begin);
    firstWeight.read(w + begin);
  }
  for (int i = begin; i < width; i += step) {
    Floats<V> none = {};
    sums.write(none, i);
  }
  for (int row = 0; row < rows; row++) {
    Pack<real, V> firstD = nextD;
    Pack<real, V> firstX = nextX;
    Pack<real, V> firstSum = {};
    if (begin < width) {
      firstSum = load<V>(dx + begin);
      if (row + 1 < rows) {
        nextD = load<V>(dy + width + begin);
        nextX = load<V>(x + width + begin);
      }
    }
    float scale = r[row];
    float dot = 0.f;
    for (int i = begin; i < width; i += step) {
      Pack<real, V> d = i == begin ? firstD : load<V>(dy + i);
      Pack<real, V> a = i == begin ? firstX : load<V>(x + i);
      Floats<V> weight = firstWeight;
      if (i != begin) {
        weight.read(w + i);
      }
      for (int j = 0; j < V; j++) {
        dot += d[j] * weight[j] * a[j];
      }
    }
    float along = blockSum(dot, part + row % 2 * LANES) * scale * scale / width;
    for (int i = begin; i < width; i += step) {
      Pack<real, V> d = i == begin ? firstD : load<V>(dy + i);
      Pack<real, V> a = i == begin ? firstX : load<V>(x + i);
      Pack<real, V> sum = i == begin ? firstSum : load<V>(dx + i);
      Floats<V> weight = firstWeight;
      if (i != begin) {
        weight.read(w + i);
      }
      Floats<V> ofWeight;
      sums.read(&ofWeight, i);
      for (int j = 0; j < V; j++) {
        ofWeight.set(j, ofWeight[j] + d[j] * a[j] * scale);
        sum.set(j, sum[j] + scale * (d[j] * weight[j] - a[j] * along));
        a.set(j, a[j] * scale * weight[j]);
      }
      sums.write(ofWeight, i);
      put<V>(dx + i, sum);
      if (again) {
        put<V>(dy + i, a);
      }
    }
    dy += width;
    x += width;
    dx += width;
  }
  if (shared) {
    for (int i = begin; i < width; i += step) {
      Floats<V> ofWeight;
      sums.read(&ofWeight, i);
      ofWeight.write(partial + i, Floats<V>::EACH);
    }
  }
}

// If `inShared`, the gradient of the weights is summed in shared memory, otherwise in `partial`.
KERNEL rms_norm_backward(
    real* dy, const real* x, const float* w, const float* r, real* dx, float* partial, int rows,
    int width, int each, int inShared, int again, int wide) {
  // Buffers alternate: when a thread writes for a row, all others have finished the row before the
  // last.
  __shared__ float part[2 * LANES];
  DYNAMIC_SHARED(float, shared);
  float* to = partial + (i64)blockIdx.x * width;
  float* sums = inShared ? shared : 0;
  i64 first = (i64)blockIdx.x * each;
  i64 at = first * width;
  int n = min(each, rows - (int)first);
  if (wide) {
    normRowsBackward<WIDE>(
        dy + at, x + at, w, r + first, dx + at, to, sums, part, n, width, again);
  } else {
    normRowsBackward<1>(dy + at, x + at, w, r + first, dx + at, to, sums, part, n, width, again);
  }
}

// Adds the sum of some rows to `to`, in a fixed order: each warp handles every n-th row, each lane
// a column.
KERNEL add_rows(const float* partial, float* to, int rows, int width) {
  __shared__ float sums[LANES][LANES];
  int lane = threadIdx.x % LANES;
  int warp = threadIdx.x / LANES;
  int warps = blockDim.x / LANES;
  int column = blockIdx.x * LANES + lane;
  float sum = 0.f;
  if (column < width) {
    for (i64 row = warp; row < rows; row += warps) {
      sum += partial[row * width + column];
    }
  }
  sums[warp][lane] = sum;
  __syncthreads();
  if (warp == 0 && column < width) {
    for (int i = 1; i < warps; i++) {
      sum += sums[i][lane];
    }
    to[column] += sum;
  }
}

__device__ __forceinline__ float headScale(const real* x, int size, float epsilon) {
  float squares = 0.f;
  for (int i = threadIdx.x % LANES; i < size; i += LANES) {
    squares += toFloat(x[i]) * toFloat(x[i]);
  }
  return 1.f / sqrtf(warpSum(squares) / size + epsilon);
}

// Normalizes the first `normalized` heads of a row, one warp per head, and copies the others. The
// weights of the queries' heads are followed by those of the keys' heads.
KERNEL normalize_heads(
    const real* from, const float* w, real* to, int rowWidth, int queries, int normalized, int size,
    float epsilon) {
  i64 row = (i64)blockIdx.x * rowWidth;
  int lane = threadIdx.x % LANES;
  for (int head = threadIdx.x / LANES; head < rowWidth / size; head += blockDim.x / LANES) {
    const real* x = from + row + head * size;
    real* y = to + row + head * size;
    if (head >= normalized) {
      for (int i = lane; i < size; i += LANES) {
        y[i] = x[i];
      }
      continue;
    }
    const float* weight = head < queries ? w : w + size;
    float scale = headScale(x, size, epsilon);
    for (int i = lane; i < size; i += LANES) {
      store(y + i, toFloat(x[i]) * scale * weight[i]);
    }
  }
}

// Overwrites the gradient of the normalized heads. A block handles some rows, a warp some of their
// heads. Each warp adds up its contributions to the gradient of the weights in a part of `partial`.
KERNEL normalize_heads_backward(
    real* d, const real* from, const float* w, float* partial, int rows, int each, int rowWidth,
    int queries, int normalized, int size, float epsilon) {
  int lane = threadIdx.x % LANES;
  int warp = threadIdx.x / LANES;
  int warps = blockDim.x / LANES;
  float* sums = partial + ((i64)blockIdx.x * warps + warp) * 2 * size;
  for (int part = 0; part < 2; part++) {
    for (int i = lane; i < size; i += LANES) {
      sums[part * size + i] = 0.f;
    }
  }
  i64 first = (i64)blockIdx.x * each;
  i64 end = first + each < rows ? first + each : rows;
  for (i64 row = first; row < end; row++) {
    for (int head = warp; head < normalized; head += warps) {
      const real* x = from + row * rowWidth + head * size;
      real* dy = d + row * rowWidth + head * size;
      int part = head < queries ? 0 : size;
      float scale = headScale(x, size, epsilon);
      float dot = 0.f;
      for (int i = lane; i < size; i += LANES) {
        dot += toFloat(dy[i]) * w[part + i] * toFloat(x[i]);
      }
      float along = warpSum(dot) * scale * scale / size;
      for (int i = lane; i < size; i += LANES) {
        float a = toFloat(x[i]);
        float g = toFloat(dy[i]);
        sums[part + i] += g * a * scale;
        store(dy + i, scale * (g * w[part + i] - a * along));
      }
    }
  }
}

// Computes the cosines and sines of all positions, [length, half] each.
KERNEL rope_angles(float* cosines, float* sines, int size, double theta, int length) {
  int half = size / 2;
  int n = blockIdx.x * blockDim.x + threadIdx.x;
  if (n < length * half) {
    angle(n / half, n % half, size, theta, cosines + n, sines + n);
  }
}

template <int V>
__device__ void turnHeads(
    real* row, int heads, int half, const float* cosines, const float* sines, float sign) {
  int each = half / V;
  for (int n = threadIdx.x; n < heads * each; n += blockDim.x) {
    int i = n % each * V;
    real* x = row + n / each * 2 * half + i;
    Pack<real, V> first = load<V>(x);
    Pack<real, V> second = load<V>(x + half);
    Floats<V> c;
    Floats<V> s;
    c.read(cosines + i);
    s.read(sines + i);
    for (int j = 0; j < V; j++) {
      float a = first[j];
      float b = second[j];
      first.set(j, a * c[j] - sign * b * s[j]);
      second.set(j, b * c[j] + sign * a * s[j]);
    }
    put<V>(x, first);
    put<V>(x + half, second);
  }
}

// Rotates the first `heads` heads of a row by the row's position; sign -1 rotates back.
KERNEL rope(
    real* qkv, const float* cosines, const float* sines, int rowWidth, int heads, int size,
    int length, float sign, int wide) {
  real* row = qkv + (i64)blockIdx.x * rowWidth;
  int half = size / 2;
  int at = blockIdx.x % length * half;
  if (wide) {
    turnHeads<WIDE>(row, heads, half, cosines + at, sines + at, sign);
  } else {
    turnHeads<1>(row, heads, half, cosines + at, sines + at, sign);
  }
}

template <int V>
__device__ void swigluRow(const real* gateUp, real* out, int width) {
  for (int i = threadIdx.x * V; i < width; i += blockDim.x * V) {
    Pack<real, V> gate = load<V>(gateUp + i);
    Pack<real, V> up = load<V>(gateUp + width + i);
    for (int j = 0; j < V; j++) {
      up.set(j, gate[j] * sigmoid(gate[j]) * up[j]);
    }
    put<V>(out + i, up);
  }
}

KERNEL swiglu(const real* gateUp, real* out, int width, int wide) {
  i64 row = blockIdx.x;
  if (wide) {
    swigluRow<WIDE>(gateUp + row * 2 * width, out + row * width, width);
  } else {
    swigluRow<1>(gateUp + row * 2 * width, out + row * width, width);
  }
}

// `again`: dOut is overwritten by the output of swigluRow.
template <int V>
__device__ void swigluRowBackward(
    const real* gateUp, real* dOut, real* dGateUp, int width, int again) {
  for (int i = threadIdx.x * V; i < width; i += blockDim.x * V) {
    Pack<real, V> gate = load<V>(gateUp + i);
    Pack<real, V> up = load<V>(gateUp + width + i);
    Pack<real, V> d = load<V>(dOut + i);
    for (int j = 0; j < V; j++) {
      float g = gate[j];
      float s = sigmoid(g);
      float dUp = d[j] * g * s;
      gate.set(j, d[j] * up[j] * s * (1.f + g * (1.f - s)));
      d.set(j, g * s * up[j]);
      up.set(j, dUp);
    }
    if (again) {
      put<V>(dOut + i, d);
    }
    put<V>(dGateUp + i, gate);
    put<V>(dGateUp + width + i, up);
  }
}

KERNEL swiglu_backward(
    const real* gateUp, real* dOut, real* dGateUp, int width, int again, int wide) {
  i64 row = blockIdx.x;
  i64 at = row * 2 * width;
  if (wide) {
    swigluRowBackward<WIDE>(gateUp + at, dOut + row * width, dGateUp + at, width, again);
  } else {
    swigluRowBackward<1>(gateUp + at, dOut + row * width, dGateUp + at, width, again);
  }
}

// Computes the largest value and the sum of exponentials relative to it in one pass, and keeps the
// values read.
template <int V>
__device__ float logSumExp(const real* x, real* kept, int width) {
  float top = -INFINITE;
  float sum = 0.f;
  for (int i = threadIdx.x * V; i < width; i += blockDim.x * V) {
    Pack<real, V> a = load<V>(x + i);
    if (kept) {
      put<V>(kept + i, a);
    }
    float most = top;
    for (int j = 0; j < V; j++) {
      most = fmaxf(most, a[j]);
    }
    if (most > top) {
      sum *= expf(top - most);
      top = most;
    }
    for (int j = 0; j < V; j++) {
      sum += expf(a[j] - top);
    }
  }
  float shift = blockMax(top);
  // A thread without values has a sum of 0 and no largest value.
  return logf(blockSum(sum == 0.f ? 0.f : sum * expf(top - shift))) + shift;
}

template <int V>
__device__ void lossRow(
    real* logits, real* kept, int label, int width, float scale, float* nats) {
  float denominator = logSumExp<V>(logits, kept, width);
  const real* from = kept ? kept : logits;
  for (int i = threadIdx.x * V; i < width; i += blockDim.x * V) {
    if (label >= i && label < i + V) {
      *nats = denominator - toFloat(from[label]);
    }
    if (scale != 0.f) {
      Pack<real, V> a = load<V>(from + i);
      for (int j = 0; j < V; j++) {
        float p = expf(a[j] - denominator);
        a.set(j, scale * (i + j == label ? p - 1.f : p));
      }
      put<V>(logits + i, a);
    }
  }
}

// Logits are read once if a row fits in shared memory.
KERNEL cross_entropy(
    real* logits, const int* labels, int vocabulary, float scale, float* nats, int inShared,
    int wide) {
  DYNAMIC_SHARED(real, shared);
  real* kept = inShared ? shared : 0;
  i64 row = blockIdx.x;
  real* at = logits + row * vocabulary;
  if (wide) {
    lossRow<WIDE>(at, kept, labels[row], vocabulary, scale, nats + row);
  } else {
    lossRow<1>(at, kept, labels[row], vocabulary, scale, nats + row);
  }
}
