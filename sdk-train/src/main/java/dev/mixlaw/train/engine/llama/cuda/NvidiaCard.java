package dev.mixlaw.train.engine.llama.cuda;

import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A GPU, accessed through the CUDA driver, with one stream for computations and one for uploads.
 * Addresses refer to GPU memory. Methods return before the work is done. Within a stream, work is
 * done in the order in which it was submitted.
 */
class NvidiaCard implements AutoCloseable {
  private static final int MOST_ARGUMENTS = 32;

  /** Number of bytes of shared memory that are left for kernels to declare statically. */
  private static final int DECLARED = 5 << 10;

  /** Time for which a wait spins before it sleeps. Text generation has short waits. */
  private static final Duration SPIN_TIME = Duration.ofMillis(2);

  private static final Duration SLEEP_TIME = Duration.ofNanos(50_000);

  private final CudaHost host;
  private final DeviceContextCount contextCount;
  private final CudaDriver driver;
  private final Nvrtc compiler;
  private final CublasLt products;
  private final KernelCache cache;
  private final boolean tf32;
  private final @Nullable Pointer context; // null if the card could not be opened
  private final Pointer stream;
  private final Pointer uploads;
  private final Pointer matmulHandle;
  private final long workspace;
  private final Memory words = new Memory(MOST_ARGUMENTS * Long.BYTES);
  private final Memory pointers = new Memory((long) MOST_ARGUMENTS * Native.POINTER_SIZE);
  private final Duration patience;
  private final LongSupplier clock;
  private final List<Pointer> streams = new ArrayList<>();
  private final long allWork;
  private final long allUploads;
  private final Map<KernelProgram, Pointer> modules = new HashMap<>();
  private final List<CublasMatmul> matmuls = new ArrayList<>();
  private final Map<Long, Pointer> graphs = new HashMap<>();
  private long lastGraph;

  /** Tasks that free the resources, most recently acquired first. */
  private final Deque<Runnable> held = new ArrayDeque<>();

  /** Whether work has exceeded the time limit, after which freeing memory would block forever. */
  private boolean hung;

  private @Nullable Thread bound;

  /** The two queues of work. Uploads may overlap with computations. */
  enum Stream {
    COMPUTE,
    UPLOAD
  }

  /** Page-locked host memory. */
  record Pinned(ByteBuffer buffer, long address) {
    int capacity() {
      return buffer.capacity();
    }
  }

  /**
   * Opens a GPU.
   *
   * @param patience time within which the GPU must finish its work
   */
  NvidiaCard(
      CudaHost host, KernelCache cache, boolean tf32, Duration patience, LongSupplier clock) {
    this.host = host;
    this.cache = cache;
    this.tf32 = tf32;
    this.patience = patience;
    this.clock = clock;
    driver = host.driver();
    compiler = host.compiler();
    products = host.products();
    contextCount = DeviceContextCount.of(host.device());
    held.push(words::close);
    held.push(pointers::close);
    try {
      contextCount.acquire(patience);
      held.push(contextCount::release);
      PointerByReference made = new PointerByReference();
      check(driver.cuDevicePrimaryCtxRetain(made, host.device()), "opening " + host.name());
      held.push(() -> driver.cuDevicePrimaryCtxRelease_v2(host.device()));
      context = made.getValue();
      bind();
      stream = makeStream();
      uploads = makeStream();
      CublasLt.check(products.cublasLtCreate(made), "opening cuBLASLt");
      Pointer handle = made.getValue();
      held.push(() -> products.cublasLtDestroy(handle));
      matmulHandle = handle;
      allWork = createEvent();
      allUploads = createEvent();
      workspace = allocate(CublasMatmul.WORKSPACE);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
    for (int i = 0; i < MOST_ARGUMENTS; i++) {
      pointers.setPointer((long) i * Native.POINTER_SIZE, words.share((long) i * Long.BYTES));
    }
  }

  private Pointer makeStream() {
    PointerByReference made = new PointerByReference();
    check(driver.cuStreamCreate(made, CudaDriver.STREAM_NON_BLOCKING), "creating a stream");
    Pointer fresh = made.getValue();
    held.push(() -> driver.cuStreamDestroy_v2(fresh));
    streams.add(fresh);
    return fresh;
  }

  private void check(int error, String what) {
    if (error != 0 && CudaError.of(error).losesDevice()) {
      contextCount.markBroken();
    }
    CudaDriver.check(driver, error, what);
  }

  private void bind() {
    if (bound != Thread.currentThread()) {
      check(driver.cuCtxSetCurrent(context), "using " + host.name());
      bound = Thread.currentThread();
    }
  }

  /** Returns the number of bytes of dynamic shared memory that a thread block may use. */
  int sharedMemory() {
    return host.sharedMemory() - DECLARED;
  }

  /**
   * Allocates memory that is initialized to zero and is freed when the GPU is closed.
   *
   * @throws OutOfMemoryError if too little memory is available; the message states how much is
   *     available
   */
  long allocate(long bytes) {
    bind();
    LongByReference address = new LongByReference();
    int error = driver.cuMemAlloc_v2(address, bytes);
    if (error == CudaDriver.ERROR_OUT_OF_MEMORY) {
      throw new OutOfMemoryError(
          "%s more bytes are needed, %s has %s bytes free of %s"
              .formatted(bytes, host.name(), freeMemory(), host.memory()));
    }
    check(error, "allocating memory");
    long block = address.getValue();
    held.push(() -> driver.cuMemFree_v2(block));
    zero(address.getValue(), bytes);
    return address.getValue();
  }

  long freeMemory() {
    bind();
    LongByReference free = new LongByReference();
    check(driver.cuMemGetInfo_v2(free, new LongByReference()), "reading the amount of free memory");
    return free.getValue();
  }

  Pinned allocatePinned(int bytes) {
    bind();
    PointerByReference made = new PointerByReference();
    check(driver.cuMemAllocHost_v2(made, bytes), "allocating pinned memory");
    Pointer pointer = made.getValue();
    held.push(() -> driver.cuMemFreeHost(pointer));
    ByteBuffer buffer = pointer.getByteBuffer(0, bytes).order(ByteOrder.nativeOrder());
    return new Pinned(buffer, Pointer.nativeValue(pointer));
  }

  /** Returns a kernel, and compiles and loads it if necessary. */
  long kernel(KernelProgram program, String name) {
    bind();
    Pointer module = modules.computeIfAbsent(program, this::load);
    PointerByReference function = new PointerByReference();
    check(driver.cuModuleGetFunction(function, module, name), "finding kernel " + name);
    check(
        driver.cuFuncSetAttribute(
            function.getValue(), CudaDriver.FUNCTION_DYNAMIC_SHARED_MEMORY, sharedMemory()),
        "reserving shared memory for " + name);
    return Pointer.nativeValue(function.getValue());
  }

  private Pointer load(KernelProgram program) {
    String architecture = NvrtcCompiler.architecture(compiler, host.capability());
    String name = program.family().name().toLowerCase(Locale.ROOT);
    String source = program.source();
    byte[] code =
        cache.get(
            name,
            source,
            architecture,
            NvrtcCompiler.version(compiler),
            () ->
                NvrtcCompiler.compile(compiler, source, name + ".cu", architecture, List.of())
                    .code());
    PointerByReference module = new PointerByReference();
    check(driver.cuModuleLoadData(module, code), "loading kernels " + name);
    Pointer loaded = module.getValue();
    held.push(() -> driver.cuModuleUnload(loaded));
    return loaded;
  }

  /** Prepares a matrix product for {@link #multiply} by choosing its algorithm. */
  long prepareProduct(MatrixProduct product) {
    bind();
    CublasMatmul made = new CublasMatmul(products, matmulHandle, product, tf32);
    held.push(made::close);
    matmuls.add(made);
    return matmuls.size() - 1;
  }

  /**
   * Starts a kernel.
   *
   * @param arguments array of which {@code count} elements, from index {@code at}, are the
   *     arguments of the kernel; each is an address or the bits of a number
   */
  void launch(long kernel, Grid grid, long[] arguments, int at, int count) {
    bind();
    words.write(0, arguments, at, count);
    Pointer code = new Pointer(kernel);
    int x = grid.x();
    int y = grid.y();
    int shared = grid.shared();
    check(
        driver.cuLaunchKernel(
            code, x, y, 1, grid.threads(), 1, 1, shared, stream, pointers, Pointer.NULL),
        "starting a kernel");
  }

  void multiply(long product, long a, long b, long c, long d) {
    bind();
    try {
      matmuls.get((int) product).run(a, b, c, d, workspace, stream);
    } catch (IllegalStateException e) {
      // If another session has made the context unusable, cuBLASLt reports only that the product
      // failed. A query for free memory then returns the driver's error. Such a query is allowed
      // while a graph is being captured.
      check(driver.cuMemGetInfo_v2(new LongByReference(), new LongByReference()), "a product");
      throw e;
    }
  }

  void zero(long to, long bytes) {
    bind();
    check(driver.cuMemsetD8Async(to, (byte) 0, bytes, stream), "zeroing memory");
  }

  void copy(long from, long to, long bytes) {
    bind();
    check(driver.cuMemcpyDtoDAsync_v2(to, from, bytes, stream), "copying memory");
  }

  void upload(Stream queue, long from, long to, long bytes) {
    bind();
    check(
        driver.cuMemcpyHtoDAsync_v2(to, new Pointer(from), bytes, stream(queue)),
        "copying to the card");
  }

  void download(long from, long to, long bytes) {
    bind();
    check(
        driver.cuMemcpyDtoHAsync_v2(new Pointer(to), from, bytes, stream), "copying from the card");
  }

  void synchronize() {
    recordEvent(Stream.COMPUTE, allWork);
    recordEvent(Stream.UPLOAD, allUploads);
    awaitEvent(allWork);
    awaitEvent(allUploads);
  }

  private Pointer stream(Stream queue) {
    return queue == Stream.COMPUTE ? stream : uploads;
  }

  /** Creates an event. An event that has never been recorded counts as reached. */
  long createEvent() {
    bind();
    PointerByReference event = new PointerByReference();
    check(driver.cuEventCreate(event, CudaDriver.EVENT_DISABLE_TIMING), "creating an event");
    Pointer fresh = event.getValue();
    held.push(() -> driver.cuEventDestroy_v2(fresh));
    return Pointer.nativeValue(fresh);
  }

  /** Records an event, which is reached when all work submitted before this call has finished. */
  void recordEvent(Stream queue, long event) {
    bind();
    check(driver.cuEventRecord(new Pointer(event), stream(queue)), "recording an event");
  }

  /** Makes later work of a stream wait for an event. */
  void waitForEvent(Stream queue, long event) {
    bind();
    check(
        driver.cuStreamWaitEvent(stream(queue), new Pointer(event), 0),
        "making a stream wait for an event");
  }

  void awaitEvent(long event) {
    bind();
    Pointer reached = new Pointer(event);
    long begin = clock.getAsLong();
    int error;
    while ((error = driver.cuEventQuery(reached)) == CudaDriver.ERROR_NOT_READY) {
      long waited = clock.getAsLong() - begin;
      if (waited > patience.toNanos()) {
        hung = true;
        throw CudaError.hung(host.name(), patience);
      }
      if (waited < SPIN_TIME.toNanos()) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(SLEEP_TIME.toNanos());
      }
    }
    check(error, "work on " + host.name());
  }

  /** Captures the work that a task submits as a graph. The work is not executed. */
  long captureGraph(Runnable work) {
    bind();
    check(
        driver.cuStreamBeginCapture_v2(stream, CudaDriver.CAPTURE_THREAD_LOCAL),
        "capturing a graph");
    PointerByReference graph = new PointerByReference();
    try {
      work.run();
    } catch (RuntimeException | Error e) {
      // The incomplete graph is discarded. An error from ending the capture would hide the cause.
      if (driver.cuStreamEndCapture(stream, graph) == 0 && graph.getValue() != null) {
        driver.cuGraphDestroy(graph.getValue());
      }
      throw e;
    }
    check(driver.cuStreamEndCapture(stream, graph), "capturing a graph");
    PointerByReference executable = new PointerByReference();
    int error = driver.cuGraphInstantiateWithFlags(executable, graph.getValue(), 0);
    driver.cuGraphDestroy(graph.getValue());
    check(error, "capturing a graph");
    graphs.put(++lastGraph, executable.getValue());
    return lastGraph;
  }

  void launchGraph(long graph) {
    bind();
    check(driver.cuGraphLaunch(graphs.get(graph), stream), "launching a graph");
  }

  void destroyGraph(long graph) {
    bind();
    // The driver keeps a running graph until it has finished.
    check(driver.cuGraphExecDestroy(graphs.remove(graph)), "deleting a graph");
  }

  /** Frees all resources. Errors are ignored, because all calls fail after an error on the GPU. */
  @Override
  public void close() {
    if (hung) {
      contextCount.release();
      return;
    }
    if (context != null) {
      driver.cuCtxSetCurrent(context);
    }
    streams.forEach(driver::cuStreamSynchronize);
    graphs.values().forEach(driver::cuGraphExecDestroy);
    while (!held.isEmpty()) {
      held.pop().run();
    }
  }
}
