package dev.mixlaw.train.engine.llama.cuda;

import java.nio.ByteBuffer;

/**
 * The operations of a graphics card that a device needs. Addresses are those of the card's memory.
 * Calls return before the work is done; within a stream, work is done in the order of the calls.
 */
interface GraphicsCard extends AutoCloseable {
  /**
   * The two queues of work. Calls without a stream use {@link Stream#COMPUTE}; uploads may overlap
   * with it.
   */
  enum Stream {
    COMPUTE,
    UPLOAD
  }

  /** Returns the bytes of dynamic shared memory that a block of threads may use. */
  int sharedMemory();

  /**
   * Allocates memory of zeros, which remains allocated until the card is closed.
   *
   * @throws OutOfMemoryError if too little is left; the message states how much
   */
  long allocate(long bytes);

  /** Returns the number of bytes that can still be allocated. */
  long freeMemory();

  /** Allocates page-locked host memory that the card can access, held until the card is closed. */
  Pinned allocatePinned(int bytes);

  /** Returns a kernel; compiles and loads it if necessary. */
  long kernel(KernelProgram program, String name);

  /** Prepares a matrix product for {@link #multiply}: chooses the algorithm. */
  long prepareProduct(MatrixProduct product);

  /**
   * Starts a kernel.
   *
   * @param arguments holds one argument in each word, {@code count} of them from {@code at} on: an
   *     address, or the bits of a number
   */
  void launch(long kernel, Grid grid, long[] arguments, int at, int count);

  /** Starts a prepared product, such as {@code d = a·b + c}. */
  void multiply(long product, long a, long b, long c, long d);

  void zero(long to, long bytes);

  void copy(long from, long to, long bytes);

  void upload(Stream stream, long pinned, long to, long bytes);

  void download(long from, long pinned, long bytes);

  /** Waits until all work in both streams is done. */
  void synchronize();

  /**
   * Creates an event, which marks a point in a stream. Before it is first recorded it counts as
   * reached.
   */
  long createEvent();

  /** Records an event: it is reached when the stream has done all work so far. */
  void recordEvent(Stream stream, long event);

  /** Makes later work of a stream wait for an event, as last recorded. */
  void waitForEvent(Stream stream, long event);

  /** Waits until an event, as last recorded, is reached. */
  void awaitEvent(long event);

  /** Captures the work that a task starts as a graph, without executing it. */
  long captureGraph(Runnable work);

  /** Starts the work of a graph. */
  void launchGraph(long graph);

  void destroyGraph(long graph);

  /** Frees all memory. */
  @Override
  void close();

  /**
   * Page-locked host memory.
   *
   * @param buffer the memory, in native byte order
   * @param address its address on the host
   */
  record Pinned(ByteBuffer buffer, long address) {
    int capacity() {
      return buffer.capacity();
    }
  }
}
