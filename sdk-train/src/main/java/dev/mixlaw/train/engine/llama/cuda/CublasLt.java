package dev.mixlaw.train.engine.llama.cuda;

import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;

/** The functions of NVIDIA's cuBLASLt that Mixlaw uses. Most return 0 or an error code. */
interface CublasLt extends Library {
  int FLOAT = 0;
  int BF16 = 14;
  int COMPUTE_FLOAT = 68;
  int COMPUTE_TF32 = 77;
  int DESCRIPTION_TRANSPOSE_A = 3;
  int DESCRIPTION_TRANSPOSE_B = 4;
  int PREFERENCE_WORKSPACE = 1;

  /**
   * The attribute of a preference that sets the alignment of matrix A. The next three numbers are
   * those for B, C and D.
   */
  int PREFERENCE_ALIGNMENT = 5;

  /**
   * Size in bytes of the structure in which cuBLASLt returns the result of its heuristic search.
   * The result begins with the algorithm.
   */
  int RESULT_BYTES = 96;

  /** Returns the version, such as 130101, as a {@code size_t}. */
  long cublasLtGetVersion();

  int cublasLtCreate(PointerByReference handle);

  int cublasLtDestroy(Pointer handle);

  int cublasLtMatmulDescCreate(PointerByReference description, int compute, int scale);

  int cublasLtMatmulDescSetAttribute(Pointer description, int name, Pointer value, long bytes);

  int cublasLtMatmulDescDestroy(Pointer description);

  int cublasLtMatrixLayoutCreate(
      PointerByReference layout, int type, long rows, long columns, long leading);

  int cublasLtMatrixLayoutDestroy(Pointer layout);

  int cublasLtMatmulPreferenceCreate(PointerByReference preference);

  int cublasLtMatmulPreferenceSetAttribute(Pointer preference, int name, Pointer value, long bytes);

  int cublasLtMatmulPreferenceDestroy(Pointer preference);

  int cublasLtMatmulAlgoGetHeuristic(
      Pointer handle,
      Pointer description,
      Pointer a,
      Pointer b,
      Pointer c,
      Pointer d,
      Pointer preference,
      int wanted,
      Pointer results,
      IntByReference found);

  int cublasLtMatmul(
      Pointer handle,
      Pointer description,
      Pointer alpha,
      long a,
      Pointer layoutA,
      long b,
      Pointer layoutB,
      Pointer beta,
      long c,
      Pointer layoutC,
      long d,
      Pointer layoutD,
      Pointer algorithm,
      long workspace,
      long workspaceBytes,
      Pointer stream);

  static void check(int error, String what) {
    if (error != 0) {
      throw new IllegalStateException(what + " failed: cuBLASLt error " + error);
    }
  }

  static Memory memory(int value) {
    Memory memory = new Memory(Integer.BYTES);
    memory.setInt(0, value);
    return memory;
  }

  static Memory memory(long value) {
    Memory memory = new Memory(Long.BYTES);
    memory.setLong(0, value);
    return memory;
  }
}
