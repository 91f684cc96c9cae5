package dev.mixlaw.train.engine.llama.cuda;

/** The blocks and threads of a kernel launch, and the bytes of shared memory per block. */
record Grid(int x, int y, int threads, int shared) {
  static Grid of(int blocks, int threads) {
    return new Grid(blocks, 1, threads, 0);
  }
}
