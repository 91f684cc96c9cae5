package dev.mixlaw.train.engine.llama.cuda;

/**
 * The grid of a kernel launch.
 *
 * @param x number of blocks in the first dimension
 * @param y number of blocks in the second dimension
 * @param threads number of threads per block
 * @param shared number of bytes of shared memory per block
 */
record Grid(int x, int y, int threads, int shared) {
  /** Returns a one-dimensional grid without shared memory. */
  static Grid of(int blocks, int threads) {
    return new Grid(blocks, 1, threads, 0);
  }
}
