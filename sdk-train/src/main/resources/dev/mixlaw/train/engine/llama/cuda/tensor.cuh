// Instructions that the 32 lanes of a warp execute together: tensor cores, and asynchronous copies.

#ifndef HOST_SHIM
__device__ __forceinline__ u32 sharedAddress(const void* pointer) {
  return (u32)__cvta_generic_to_shared(pointer);
}

// Loads four 8 by 8 matrices; lanes 8i to 8i + 7 give the addresses of the rows of the i-th. Of
// each matrix, a lane gets the values 2(lane % 4) and the next of row lane / 4.
__device__ __forceinline__ void loadMatrices(u32* to, const bf16* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(sharedAddress(row))
               : "memory");
}

// Loads four matrices as above, transposed.
__device__ __forceinline__ void loadTransposed(u32* to, const bf16* row) {
  asm volatile("ldmatrix.sync.aligned.m8n8.x4.trans.shared.b16 {%0, %1, %2, %3}, [%4];"
               : "=r"(to[0]), "=r"(to[1]), "=r"(to[2]), "=r"(to[3])
               : "r"(sharedAddress(row))
               : "memory");
}

// Computes sum [16, 8] += a [16, 16] * b [16, 8].
__device__ __forceinline__ void multiply(float* sum, const u32* a, u32 b0, u32 b1) {
  asm volatile(
      "mma.sync.aligned.m16n8k16.row.col.f32.bf16.bf16.f32 {%0, %1, %2, %3}, {%4, %5, %6, %7}, "
      "{%8, %9}, {%0, %1, %2, %3};"
      : "+f"(sum[0]), "+f"(sum[1]), "+f"(sum[2]), "+f"(sum[3])
      : "r"(a[0]), "r"(a[1]), "r"(a[2]), "r"(a[3]), "r"(b0), "r"(b1));
}

// Starts copying 16 bytes to shared memory, or zeros unless `there`.
__device__ __forceinline__ void copyAsync(bf16* to, const bf16* from, bool there) {
  int bytes = there ? 16 : 0;
  asm volatile("cp.async.cg.shared.global [%0], [%1], 16, %2;"
               :
               : "r"(sharedAddress(to)), "l"(from), "r"(bytes)
               : "memory");
}

// Closes a group of copies.
__device__ __forceinline__ void commitCopies() { asm volatile("cp.async.commit_group;" ::: "memory"); }

// Waits for the thread's own copies, except those of the last `Pending` groups.
template <int Pending>
__device__ __forceinline__ void waitForCopies() {
  asm volatile("cp.async.wait_group %0;" : : "n"(Pending) : "memory");
}

// Returns two to the power of x, to 22 bits; tiny results are 0.
__device__ __forceinline__ float powerOf2(float x) {
  float power;
  asm("ex2.approx.ftz.f32 %0, %1;" : "=f"(power) : "f"(x));
  return power;
}
#endif

// Returns the address of a lane's row for a left factor stored by rows [m, k], at (m, k) = (0, 0).
__device__ __forceinline__ int leftRow(int lane) { return lane % 16; }

__device__ __forceinline__ int leftColumn(int lane) { return lane / 16 * 8; }

// Returns it for two right factors side by side, stored by columns [n, k]: the first is to[0] and
// to[1].
__device__ __forceinline__ int rightRow(int lane) { return lane % 8 + lane / 16 * 8; }

__device__ __forceinline__ int rightColumn(int lane) { return lane / 8 % 2 * 8; }

// Returns it for two right factors side by side, stored by rows [k, n], to be transposed: as for a
// left factor.

// Turns the sums of a product into a left factor of the next: two neighbouring [16, 8] become one
// [16, 16].
__device__ __forceinline__ void asLeft(u32* a, const float (*sums)[4]) {
  a[0] = packBf16(sums[0][0], sums[0][1]);
  a[1] = packBf16(sums[0][2], sums[0][3]);
  a[2] = packBf16(sums[1][0], sums[1][1]);
  a[3] = packBf16(sums[1][2], sums[1][3]);
}
