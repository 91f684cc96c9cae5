// The embedding's gradient, with the same bits every time: `order` has rows sorted by token, so
// that a token's rows are added up in batch order. A block adds up neighbouring rows of that order.

// Number of sorted rows that a block adds up.
#define CHUNK 32

// A token's sum is written by the block of its first row. If the token began in an earlier block,
// this block leaves its part of the sum in `partial`.
KERNEL embed_sum(
    const int* ids, const int* order, const real* dOut, float* dTable, float* partial, int rows,
    int width) {
  int column = blockIdx.y * blockDim.x + threadIdx.x;
  if (column >= width) {
    return;
  }
  int begin = blockIdx.x * CHUNK;
  int end = min(rows, begin + CHUNK);
  int id = ids[order[begin]];
  bool goesOn = begin > 0 && ids[order[begin - 1]] == id;
  float sum = 0.f;
  for (int i = begin; i < end; i++) {
    int row = order[i];
    if (ids[row] != id) {
      if (goesOn) {
        partial[(i64)blockIdx.x * width + column] = sum;
      } else {
        dTable[(i64)id * width + column] += sum;
      }
      id = ids[row];
      goesOn = false;
      sum = 0.f;
    }
    sum += toFloat(dOut[(i64)row * width + column]);
  }
  if (goesOn) {
    partial[(i64)blockIdx.x * width + column] = sum;
  } else {
    dTable[(i64)id * width + column] += sum;
  }
}

// Adds the parts of later blocks to a block's last token.
KERNEL embed_join(
    const int* ids, const int* order, const float* partial, float* dTable, int rows, int width) {
  int column = blockIdx.y * blockDim.x + threadIdx.x;
  int begin = blockIdx.x * CHUNK;
  int end = begin + CHUNK;
  if (column >= width || end >= rows) {
    return;
  }
  int id = ids[order[end - 1]];
  bool own = begin == 0 || ids[order[begin - 1]] != id;
  if (!own || ids[order[end]] != id) {
    return;
  }
  float sum = 0.f;
  for (int at = end; at < rows && ids[order[at]] == id; at += CHUNK) {
    sum += partial[(i64)(at / CHUNK) * width + column];
  }
  dTable[(i64)id * width + column] += sum;
}
