package dev.mixlaw.train.engine.llama.cuda;

import java.nio.ByteBuffer;

/**
 * What the device needs of a graphics card. Addresses are the card's; work is done in the order of
 * the calls, which return before it is done. Uploads can go beside it, in a line of their own.
 */
interface GraphicsCard extends AutoCloseable {
  /**
   * Work is in order within a line only. All is in {@link Stream#COMPUTE} that does not say its
   * line.
   */
  enum Stream {
    COMPUTE,
    UPLOAD
  }

  /** Bytes of shared memory that a block of threads may be given. */
  int sharedMemory();

  /**
   * Zeros, until the card is closed.
   *
   * @throws OutOfMemoryError if there is not so much left, saying how much is
   */
  long allocate(long bytes);

  /** Bytes that can still be allocated. */
  long freeMemory();

  /** Memory of this machine that the card reads and writes, until the card is closed. */
  Pinned allocatePinned(int bytes);

  /** A kernel, compiled and loaded if need be. */
  long kernel(KernelProgram program, String name);

  /** How a product is computed, chosen here so that {@link #multiply} need not. */
  long prepareProduct(MatrixProduct product);

  /**
   * Starts a kernel.
   *
   * @param arguments one to a word, from {@code at} on: an address, or the bits of a number
   */
  void launch(
      long kernel,
      int gridX,
      int gridY,
      int threads,
      int shared,
      long[] arguments,
      int at,
      int count);

  /** Such as {@code d = a·b + c}. */
  void multiply(long product, long a, long b, long c, long d);

  void zero(long to, long bytes);

  void copy(long from, long to, long bytes);

  void upload(Stream stream, long pinned, long to, long bytes);

  void download(long from, long pinned, long bytes);

  /** Returns when all work is done, in both lines. */
  void synchronize();

  /** Something to be reached, and waited for. Reached until it is first marked. */
  long createEvent();

  /** The event is reached when what the line was given so far is done. */
  void recordEvent(Stream stream, long event);

  /** What the line is given from here on waits until the event is reached, as last marked. */
  void waitForEvent(Stream stream, long event);

  /** Returns when the event is reached, as last marked. */
  void awaitEvent(long event);

  /** From here to {@link #record}'s end, work is recorded and not done. */
  long captureGraph(Runnable work);

  /** Does recorded work. */
  void launchGraph(long graph);

  void destroyGraph(long graph);

  /** Gives all memory back. */
  @Override
  void close();

  /**
   * This machine's side of a copy.
   *
   * @param buffer in native order
   */
  record Pinned(ByteBuffer buffer, long address) {
    int capacity() {
      return buffer.capacity();
    }
  }
}
