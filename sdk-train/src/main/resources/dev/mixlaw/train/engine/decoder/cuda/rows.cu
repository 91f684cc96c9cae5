// Kernels that work row by row: a block takes a row. `wide` says that rows begin at 16 bytes.

template <int V>
__device__ void embedRow(const real* from, real* to, int width) {
  for (int i = threadIdx.x * V; i < width; i += blockDim.x * V) {
    put<V>(to + i, load<V>(from + i));
  }
}

KERNEL embed(const int* ids, const real* table, real* out, int width, int wide) {
  i64 row = blockIdx.x;
  const real* from = table + (i64)ids[row] * width;
  if (wide) {
    embedRow<WIDE>(from, out + row * width, width);
  } else {
    embedRow<1>(from, out + row * width, width);
  }
}

template <int V>
__device__ void normRow(
    const real* x, const float* w, real* y, float* r, int width, float epsilon) {
  float squares = 0.f;
  for (int i = threadIdx.x * V; i < width; i += blockDim.x * V) {
    Pack<real, V> a = load<V>(x + i);
    for (int j = 0; j < V; j++) {
      squares += a[j] * a[j];
    }
  }
  float scale = 1.f / sqrtf(blockSum(squares) / width + epsilon);
  for (int i = threadIdx.x * V; i < width; i += blockDim.x * V) {
    Pack<real, V> a = load<V>(x + i);
    for (int j = 0; j < V; j++) {
      a.set(j, a[j] * scale * w[i + j]);
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

// `again`: dy becomes what normRow gave, by the same products in the same order.
template <int V>
__device__ void normRowBackward(
    real* dy, const real* x, const float* w, float r, real* dx, int width, int again) {
  float dot = 0.f;
  for (int i = threadIdx.x * V; i < width; i += blockDim.x * V) {
    Pack<real, V> d = load<V>(dy + i);
    Pack<real, V> a = load<V>(x + i);
    for (int j = 0; j < V; j++) {
      dot += d[j] * w[i + j] * a[j];
    }
  }
  float along = blockSum(dot) * r * r / width;
  for (int i = threadIdx.x * V; i < width; i += blockDim.x * V) {
    Pack<real, V> d = load<V>(dy + i);
    Pack<real, V> a = load<V>(x + i);
    Pack<real, V> sum = load<V>(dx + i);
    for (int j = 0; j < V; j++) {
      sum.set(j, sum[j] + r * (d[j] * w[i + j] - a[j] * along));
      a.set(j, a[j] * r * w[i + j]);
    }
    put<V>(dx + i, sum);
    if (again) {
      put<V>(dy + i, a);
    }
  }
}

KERNEL rms_norm_backward(
    real* dy, const real* x, const float* w, const float* r, real* dx, int width, int again,
    int wide) {
  i64 row = blockIdx.x;
  i64 at = row * width;
  if (wide) {
    normRowBackward<WIDE>(dy + at, x + at, w, r[row], dx + at, width, again);
  } else {
    normRowBackward<1>(dy + at, x + at, w, r[row], dx + at, width, again);
  }
}

// Of the norm's weights: a thread takes a column and, by blockIdx.y, some rows.
KERNEL rms_norm_weight(
    const real* dy, const real* x, const float* r, float* partial, int rows, int width, int each) {
  int column = blockIdx.x * blockDim.x + threadIdx.x;
  if (column >= width) {
    return;
  }
  int begin = blockIdx.y * each;
  int end = min(rows, begin + each);
  float sum = 0.f;
  for (i64 row = begin; row < end; row++) {
    sum += toFloat(dy[row * width + column]) * toFloat(x[row * width + column]) * r[row];
  }
  partial[(i64)blockIdx.y * width + column] = sum;
}

// to += the sum of some rows, in their order.
KERNEL add_rows(const float* partial, float* to, int rows, int width) {
  int column = blockIdx.x * blockDim.x + threadIdx.x;
  if (column >= width) {
    return;
  }
  float sum = 0.f;
  for (i64 row = 0; row < rows; row++) {
    sum += partial[row * width + column];
  }
  to[column] += sum;
}

// Rotates the first `heads` heads of a row by the row's position; sign -1 rotates back.
KERNEL rope(real* qkv, int rowWidth, int heads, int size, double theta, int length, float sign) {
  DYNAMIC_SHARED(float, cosines);
  int half = size / 2;
  float* sines = cosines + half;
  for (int i = threadIdx.x; i < half; i += blockDim.x) {
    angle(blockIdx.x % length, i, size, theta, cosines + i, sines + i);
  }
  __syncthreads();
  real* row = qkv + (i64)blockIdx.x * rowWidth;
  for (int n = threadIdx.x; n < heads * half; n += blockDim.x) {
    int i = n % half;
    real* x = row + (n / half) * size + i;
    float first = toFloat(x[0]);
    float second = toFloat(x[half]);
    float s = sign * sines[i];
    store(x, first * cosines[i] - second * s);
    store(x + half, second * cosines[i] + first * s);
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

// `again`: dOut becomes what swigluRow gave.
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

// The largest value and the sum of exponentials less it, in one reading.
template <int V>
__device__ float logSumExp(const real* x, int width) {
  float top = -INFINITE;
  float sum = 0.f;
  for (int i = threadIdx.x * V; i < width; i += blockDim.x * V) {
    Pack<real, V> a = load<V>(x + i);
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
    real* logits, int label, int width, float scale, float* nats) {
  float denominator = logSumExp<V>(logits, width);
  if (threadIdx.x == 0) {
    *nats = denominator - toFloat(logits[label]);
  }
  if (scale == 0.f) {
    return;
  }
  __syncthreads();
  for (int i = threadIdx.x * V; i < width; i += blockDim.x * V) {
    Pack<real, V> a = load<V>(logits + i);
    for (int j = 0; j < V; j++) {
      float p = expf(a[j] - denominator);
      a.set(j, scale * (i + j == label ? p - 1.f : p));
    }
    put<V>(logits + i, a);
  }
}

KERNEL cross_entropy(
    real* logits, const int* labels, int vocabulary, float scale, float* nats, int wide) {
  i64 row = blockIdx.x;
  if (wide) {
    lossRow<WIDE>(logits + row * vocabulary, labels[row], vocabulary, scale, nats + row);
  } else {
    lossRow<1>(logits + row * vocabulary, labels[row], vocabulary, scale, nats + row);
  }
}
