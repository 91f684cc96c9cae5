// Kernels over flat runs of weights and their gradients, all in single precision.

// Blocks of square_sum at most.
#define MOST_BLOCKS 1024

KERNEL add_to(const float* from, float* to, i64 length) {
  i64 step = (i64)gridDim.x * blockDim.x;
  for (i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x; i < length; i += step) {
    to[i] += from[i];
  }
}

// *out = the sum of squares, the same bits every time: the block that is done last adds up what all
// wrote, in their order. `ticket` is 0 before and after.
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
    // Whoever saw the others' tickets is to see what they wrote before, and the barrier then tells
    // its block: a fence behind the barrier would be no part of that.
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

// What changes from step to step, or belongs to the recipe: in the card's memory, so that a
// recorded step can be played again with others.
struct Step {
  float beta1;
  float fresh1; // 1 - beta1
  float beta2;
  float fresh2; // 1 - beta2
  float rate; // with both bias corrections in it
  float epsilon; // likewise
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

// The rounded copy of weights that were written from outside.
KERNEL round_weights(const float* weights, bf16* rounded, i64 length) {
  i64 step = (i64)gridDim.x * blockDim.x;
  for (i64 i = (i64)blockIdx.x * blockDim.x + threadIdx.x; i < length; i += step) {
    store(rounded + i, weights[i]);
  }
}
