// Kernels over flat arrays of weights and gradients, all in single precision.

// Largest number of blocks of square_sum.
#define MOST_BLOCKS 1024

KERNEL add_to(const float* from, float* to, i64 length) {
  i64 step = (i64)gridDim.x * blockDim.x;
  for (i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x; i < length; i += step) {
    to[i] += from[i];
  }
}

// Computes *out = the sum of squares, with the same bits every time: the block that ends last adds
// up the partial sums in their order. `ticket` is 0 before and after.
KERNEL square_sum(const float* x, i64 length, float* partial, u32* ticket, float* out) {
  __shared__ bool last;
  i64 step = (i64)gridDim.x * blockDim.x;
  float sum = 0.f;
  for (i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x; i < length; i += step) {
    sum += x[i] * x[i];
  }
  sum = blockSum(sum);
  if (threadIdx.x == 0) {
    partial[blockIdx.x] = sum;
    __threadfence();
    last = atomicAdd(ticket, 1u) == gridDim.x - 1;
    // The thread that sees all tickets must also see the partial sums written before them; the
    // barrier then makes them visible to its block. A fence behind the barrier would not do that.
    __threadfence();
  }
  __syncthreads();
  if (!last) {
    return;
  }
  sum = 0.f;
  for (int i = threadIdx.x; i < gridDim.x; i += blockDim.x) {
    sum += ((volatile float*)partial)[i];
  }
  sum = blockSum(sum);
  if (threadIdx.x == 0) {
    *out = sum;
    *ticket = 0;
  }
}

// The numbers that change from step to step, or belong to the recipe. They are in the card's
// memory, so that a captured graph can run with other numbers.
struct Step {
  float beta1;
  float fresh1; // 1 - beta1
  float beta2;
  float fresh2; // 1 - beta2
  float rate; // with both bias corrections
  float epsilon; // with the second bias correction
  float keep; // 1 - learning rate times decay
  float clipNorm;
};

template <int V>
__device__ void update(
    float* weights, const float* gradient, float* mean, float* square, bf16* rounded, i64 length,
    const Step& s, float clip) {
  i64 step = (i64)gridDim.x * blockDim.x * V;
  for (i64 i = ((i64)blockIdx.x * blockDim.x + threadIdx.x) * V; i < length; i += step) {
    Pack<float, V> w = load<V>(weights + i);
    Pack<float, V> g = load<V>(gradient + i);
    Pack<float, V> m = load<V>(mean + i);
    Pack<float, V> q = load<V>(square + i);
    Pack<bf16, V> r;
    for (int j = 0; j < V; j++) {
      float d = g[j] * clip;
      m.v[j] = s.beta1 * m.v[j] + s.fresh1 * d;
      q.v[j] = s.beta2 * q.v[j] + s.fresh2 * d * d;
      w.v[j] = w.v[j] * s.keep - s.rate * m.v[j] / (sqrtf(q.v[j]) + s.epsilon);
      r.set(j, w.v[j]);
    }
    put<V>(weights + i, w);
    put<V>(mean + i, m);
    put<V>(square + i, q);
    if (rounded) {
      put<V>(rounded + i, r);
    }
  }
}

KERNEL adam_w(
    float* weights, const float* gradient, float* mean, float* square, bf16* rounded, i64 length,
    const float* squares, int parts, const Step* step, int wide) {
  float sum = 0.f;
  for (int i = threadIdx.x; i < parts; i += blockDim.x) {
    sum += squares[i];
  }
  float norm = sqrtf(blockSum(sum));
  if (!(norm < INFINITE)) {
    return;
  }
  Step s = *step;
  float clip = norm > s.clipNorm ? s.clipNorm / norm : 1.f;
  if (wide) {
    update<4>(weights, gradient, mean, square, rounded, length, s, clip);
  } else {
    update<1>(weights, gradient, mean, square, rounded, length, s, clip);
  }
}

// Updates the bf16 copy of weights that the host has written.
KERNEL round_weights(const float* weights, bf16* rounded, i64 length) {
  i64 step = (i64)gridDim.x * blockDim.x;
  for (i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x; i < length; i += step) {
    store(rounded + i, weights[i]);
  }
}
