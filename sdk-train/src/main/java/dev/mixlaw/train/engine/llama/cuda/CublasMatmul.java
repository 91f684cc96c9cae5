package dev.mixlaw.train.engine.llama.cuda;

import static dev.mixlaw.train.engine.llama.cuda.CublasLt.check;

import com.sun.jna.Memory;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import com.sun.jna.ptr.PointerByReference;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * A matrix product with cuBLASLt. The library expects column-major matrices, so a row-major matrix
 * appears as its transpose. To compute {@code d = a·b + c}, this class therefore computes {@code dᵀ
 * = bᵀ·aᵀ + cᵀ}.
 *
 * <p>The first algorithm that cuBLASLt proposes is used without timing the alternatives, because
 * the results must be bit-identical in every process.
 */
final class CublasMatmul implements AutoCloseable {
  /** Size of the workspace in bytes, which NVIDIA recommends for Hopper and newer GPUs. */
  static final long WORKSPACE = 32L << 20;

  private final CublasLt library;
  private final Pointer handle;
  private final Pointer description;
  private final Pointer left;
  private final Pointer right;
  private final Pointer result;
  private final Memory algorithm = new Memory(CublasLt.RESULT_BYTES);
  private final Memory one = new Memory(Float.BYTES);
  private final Memory beta = new Memory(Float.BYTES);

  private final Deque<Runnable> held = new ArrayDeque<>();

  CublasMatmul(CublasLt library, Pointer handle, MatrixProduct product, boolean tf32) {
    this.library = library;
    this.handle = handle;
    one.setFloat(0, 1);
    beta.setFloat(0, product.add() ? 1 : 0);
    int m = product.columns();
    int n = product.rows();
    int k = product.inner();
    PointerByReference made = new PointerByReference();
    boolean lossy = tf32 && !product.bf16();
    check(
        library.cublasLtMatmulDescCreate(
            made, lossy ? CublasLt.COMPUTE_TF32 : CublasLt.COMPUTE_FLOAT, CublasLt.FLOAT),
        "describing a product");
    Pointer described = made.getValue();
    description = described;
    held.push(() -> library.cublasLtMatmulDescDestroy(described));
    try {
      set(CublasLt.DESCRIPTION_TRANSPOSE_A, product.transposeB());
      set(CublasLt.DESCRIPTION_TRANSPOSE_B, product.transposeA());
      int type = product.bf16() ? CublasLt.BF16 : CublasLt.FLOAT;
      left = product.transposeB() ? layout(type, k, m) : layout(type, m, k);
      right = product.transposeA() ? layout(type, n, k) : layout(type, k, n);
      result = layout(product.bf16Result() ? CublasLt.BF16 : CublasLt.FLOAT, m, n);
      choose(product);
    } catch (RuntimeException | Error e) {
      close();
      throw e;
    }
  }

  private void set(int name, boolean transpose) {
    check(
        library.cublasLtMatmulDescSetAttribute(
            description, name, CublasLt.memory(transpose ? 1 : 0), Integer.BYTES),
        "describing a product");
  }

  private Pointer layout(int type, long rows, long columns) {
    PointerByReference made = new PointerByReference();
    check(
        library.cublasLtMatrixLayoutCreate(made, type, rows, columns, rows), "describing a matrix");
    Pointer layout = made.getValue();
    held.push(() -> library.cublasLtMatrixLayoutDestroy(layout));
    return layout;
  }

  private void choose(MatrixProduct product) {
    PointerByReference made = new PointerByReference();
    check(library.cublasLtMatmulPreferenceCreate(made), "preparing a product");
    Pointer preference = made.getValue();
    try {
      check(
          library.cublasLtMatmulPreferenceSetAttribute(
              preference, CublasLt.PREFERENCE_WORKSPACE, CublasLt.memory(WORKSPACE), Long.BYTES),
          "preparing a product");
      for (int i = 0; i < 4; i++) {
        check(
            library.cublasLtMatmulPreferenceSetAttribute(
                preference,
                CublasLt.PREFERENCE_ALIGNMENT + i,
                CublasLt.memory(product.alignment()),
                Integer.BYTES),
            "preparing a product");
      }
      IntByReference found = new IntByReference();
      int error =
          library.cublasLtMatmulAlgoGetHeuristic(
              handle, description, left, right, result, result, preference, 1, algorithm, found);
      if (error != 0 || found.getValue() == 0) {
        throw new IllegalStateException(
            "cuBLASLt has no algorithm for " + product + " (error " + error + ")");
      }
    } finally {
      library.cublasLtMatmulPreferenceDestroy(preference);
    }
  }

  void run(long a, long b, long c, long d, long workspace, Pointer stream) {
    check(
        library.cublasLtMatmul(
            handle,
            description,
            one,
            b,
            left,
            a,
            right,
            beta,
            c,
            result,
            d,
            result,
            algorithm,
            workspace,
            WORKSPACE,
            stream),
        "a product");
  }

  @Override
  public void close() {
    while (!held.isEmpty()) {
      held.pop().run();
    }
    algorithm.close();
    one.close();
    beta.close();
  }
}
