package dev.mixlaw.train.engine.llama.cuda;

import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.Platform;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.LongByReference;
import com.sun.jna.ptr.PointerByReference;

/**
 * The functions of the CUDA driver that Mixlaw uses. Each returns 0 or an error code. The interface
 * has no default methods, because JNA would wrap their exceptions.
 */
interface CudaDriver extends Library {
  int ERROR_OUT_OF_MEMORY = 2;
  int ERROR_NOT_READY = 600;
  int STREAM_NON_BLOCKING = 1;
  int EVENT_DISABLE_TIMING = 2;
  int CAPTURE_THREAD_LOCAL = 1;
  int ATTRIBUTE_MULTIPROCESSORS = 16;
  int ATTRIBUTE_MAJOR = 75;
  int ATTRIBUTE_MINOR = 76;
  int ATTRIBUTE_SHARED_MEMORY = 97;
  int FUNCTION_DYNAMIC_SHARED_MEMORY = 8;

  /**
   * Loads the CUDA driver.
   *
   * @throws UnsatisfiedLinkError if there is no driver
   */
  static CudaDriver load() {
    return Native.load(Platform.isWindows() ? "nvcuda" : "libcuda.so.1", CudaDriver.class);
  }

  int cuInit(int flags);

  int cuDriverGetVersion(IntByReference version);

  int cuGetErrorName(int error, PointerByReference name);

  int cuDeviceGetCount(IntByReference count);

  int cuDeviceGet(IntByReference device, int ordinal);

  int cuDeviceGetName(byte[] name, int length, int device);

  int cuDeviceTotalMem_v2(LongByReference bytes, int device);

  int cuDeviceGetAttribute(IntByReference value, int attribute, int device);

  int cuDevicePrimaryCtxRetain(PointerByReference context, int device);

  int cuDevicePrimaryCtxRelease_v2(int device);

  int cuCtxSetCurrent(Pointer context);

  int cuMemGetInfo_v2(LongByReference free, LongByReference total);

  int cuMemAlloc_v2(LongByReference address, long bytes);

  int cuMemFree_v2(long address);

  int cuMemAllocHost_v2(PointerByReference address, long bytes);

  int cuMemFreeHost(Pointer address);

  int cuMemsetD8Async(long to, byte value, long bytes, Pointer stream);

  int cuMemcpyDtoDAsync_v2(long to, long from, long bytes, Pointer stream);

  int cuMemcpyHtoDAsync_v2(long to, Pointer from, long bytes, Pointer stream);

  int cuMemcpyDtoHAsync_v2(Pointer to, long from, long bytes, Pointer stream);

  int cuStreamCreate(PointerByReference stream, int flags);

  int cuStreamSynchronize(Pointer stream);

  int cuStreamDestroy_v2(Pointer stream);

  int cuStreamWaitEvent(Pointer stream, Pointer event, int flags);

  int cuEventCreate(PointerByReference event, int flags);

  int cuEventRecord(Pointer event, Pointer stream);

  int cuEventQuery(Pointer event);

  int cuEventDestroy_v2(Pointer event);

  int cuModuleLoadData(PointerByReference module, byte[] image);

  int cuModuleUnload(Pointer module);

  int cuModuleGetFunction(PointerByReference function, Pointer module, String name);

  int cuFuncSetAttribute(Pointer function, int attribute, int value);

  int cuLaunchKernel(
      Pointer function,
      int gridX,
      int gridY,
      int gridZ,
      int blockX,
      int blockY,
      int blockZ,
      int sharedBytes,
      Pointer stream,
      Pointer arguments,
      Pointer extra);

  int cuStreamBeginCapture_v2(Pointer stream, int mode);

  int cuStreamEndCapture(Pointer stream, PointerByReference graph);

  int cuGraphInstantiateWithFlags(PointerByReference executable, Pointer graph, long flags);

  int cuGraphLaunch(Pointer executable, Pointer stream);

  int cuGraphExecDestroy(Pointer executable);

  int cuGraphDestroy(Pointer graph);

  /** Throws an exception with the given description if a call has failed. */
  static void check(CudaDriver driver, int error, String what) {
    if (error != 0) {
      throw CudaError.failure(driver, error, what);
    }
  }
}
