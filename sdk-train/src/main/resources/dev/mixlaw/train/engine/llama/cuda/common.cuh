// What all kernels share. A source is compiled once for each number format: BF16 is 0 or 1, and
// `real` is the type of activations. Sums are always in single precision. No header is included, so
// that NVRTC needs none. Where HOST_SHIM is defined, a processor stands in for the card (see the
// tests).

typedef unsigned short u16;
typedef unsigned int u32;
typedef long long i64;

struct bf16 {
  u16 bits;
};

#ifdef HOST_SHIM
#define KERNEL void
#define KERNEL_OF_128 void
#define DYNAMIC_SHARED(type, name) type* name = (type*)shim::dynamicShared()
#else
#define KERNEL extern "C" __global__ __launch_bounds__(512) void
#define KERNEL_OF_128 extern "C" __global__ __launch_bounds__(128, 2) void
#define DYNAMIC_SHARED(type, name)                     \
  extern __shared__ __align__(16) unsigned char raw[]; \
  type* name = (type*)raw

// Two bf16 numbers in a register, rounded to nearest; the first is the lower half.
__device__ __forceinline__ u32 packBf16(float low, float high) {
  u32 packed;
  asm("cvt.rn.bf16x2.f32 %0, %1, %2;" : "=r"(packed) : "f"(high), "f"(low));
  return packed;
}
#endif

#define LANES 32
#define INFINITE __uint_as_float(0x7f800000u)
#define ALL_LANES 0xffffffffu

__device__ __forceinline__ float toFloat(float x) { return x; }

__device__ __forceinline__ float toFloat(bf16 x) { return __uint_as_float((u32)x.bits << 16); }

__device__ __forceinline__ void store(float* to, float x) { *to = x; }

__device__ __forceinline__ void store(bf16* to, float x) { to->bits = (u16)packBf16(x, 0.f); }

#if BF16
typedef bf16 real;
#else
typedef float real;
#endif

// A pack of 16 bytes, the size that a thread reads fastest.
#define WIDE (16 / (int)sizeof(real))

template <typename N, int V>
struct alignas(V * sizeof(N)) Pack {
  N v[V];

  __device__ __forceinline__ float operator[](int i) const { return toFloat(v[i]); }

  __device__ __forceinline__ void set(int i, float x) { store(&v[i], x); }
};

template <int V, typename N>
__device__ __forceinline__ Pack<N, V> load(const N* from) {
#ifdef HOST_SHIM
  return shim::load<Pack<N, V>>(from);
#else
  return *(const Pack<N, V>*)from;
#endif
}

template <int V, typename N>
__device__ __forceinline__ void put(N* to, const Pack<N, V>& pack) {
#ifdef HOST_SHIM
  shim::put(to, pack);
#else
  *(Pack<N, V>*)to = pack;
#endif
}

// The single-precision values that belong to a pack of V values, also read 16 bytes at a time: in
// parts, each `apart` from the one before.
template <int V>
struct Floats {
  static const int EACH = V < 4 ? V : 4;
  Pack<float, EACH> part[V / EACH];

  __device__ __forceinline__ void read(const float* from, int apart = EACH) {
#pragma unroll
    for (int i = 0; i < V / EACH; i++) {
      part[i] = load<EACH>(from + i * apart);
    }
  }

  __device__ __forceinline__ void write(float* to, int apart) const {
#pragma unroll
    for (int i = 0; i < V / EACH; i++) {
      put<EACH>(to + i * apart, part[i]);
    }
  }

  __device__ __forceinline__ float operator[](int i) const { return part[i / EACH].v[i % EACH]; }

  __device__ __forceinline__ void set(int i, float x) { part[i / EACH].v[i % EACH] = x; }
};

__device__ __forceinline__ float warpSum(float x) {
  for (int o = LANES / 2; o > 0; o >>= 1) {
    x += __shfl_xor_sync(ALL_LANES, x, o);
  }
  return x;
}

__device__ __forceinline__ float warpMax(float x) {
  for (int o = LANES / 2; o > 0; o >>= 1) {
    x = fmaxf(x, __shfl_xor_sync(ALL_LANES, x, o));
  }
  return x;
}

// Returns the sum over all threads of a block, in a fixed order, to every thread. The number of
// threads is a multiple of a warp. Between two sums the threads must meet at a barrier, so that
// none still reads the parts of the first.
__device__ __forceinline__ float blockSum(float x, float* part) {
  int lane = threadIdx.x % LANES;
  int warps = blockDim.x / LANES;
  x = warpSum(x);
  if (lane == 0) {
    part[threadIdx.x / LANES] = x;
  }
  __syncthreads();
  return warpSum(lane < warps ? part[lane] : 0.f);
}

__device__ __forceinline__ float blockSum(float x) {
  __shared__ float part[LANES];
  return blockSum(x, part);
}

__device__ __forceinline__ float blockMax(float x) {
  __shared__ float part[LANES];
  int lane = threadIdx.x % LANES;
  int warps = blockDim.x / LANES;
  x = warpMax(x);
  if (lane == 0) {
    part[threadIdx.x / LANES] = x;
  }
  __syncthreads();
  return warpMax(lane < warps ? part[lane] : -INFINITE);
}

__device__ __forceinline__ float sigmoid(float x) { return 1.f / (1.f + expf(-x)); }

// Rotates (x1, x2) by a position's angle. The angle is reduced in double precision: single
// precision has lost it after some thousand positions.
__device__ __forceinline__ void angle(
    int position, int i, int size, double theta, float* cosine, float* sine) {
  double turns = position * pow(theta, -2.0 * i / size) * 0.15915494309189535;
  float part = (float)((turns - floor(turns)) * 6.283185307179586);
  *cosine = cosf(part);
  *sine = sinf(part);
}
