package dev.mixlaw.train.engine.llama.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.jna.Native;
import com.sun.jna.Pointer;
import com.sun.jna.ptr.IntByReference;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** Tests the calls of NVIDIA's cuBLASLt library that work without a GPU. */
class CublasMatmulTest {
  /**
   * Returns a copy of the library whose choice of an algorithm, the only call that needs a GPU, is
   * replaced. Records the names of all calls.
   */
  private static CublasLt withoutACard(CublasLt library, int found, Set<String> calls) {
    return (CublasLt)
        Proxy.newProxyInstance(
            CublasMatmulTest.class.getClassLoader(),
            new Class<?>[] {CublasLt.class},
            (proxy, method, arguments) -> {
              calls.add(method.getName());
              if (method.getName().equals("cublasLtMatmulAlgoGetHeuristic")) {
                ((IntByReference) arguments[9]).setValue(found);
                return 0;
              }
              try {
                return method.invoke(library, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static CublasLt library() {
    Optional<Path> library = CudaLibraries.ofThisHost().find("cublasLt", 13);
    assumeTrue(library.isPresent(), "no cuBLASLt");
    return Native.load(library.get().toString(), CublasLt.class);
  }

  @Test
  void descriptionsAreTaken() {
    CublasLt library = library();
    for (boolean first : new boolean[] {false, true}) {
      for (boolean bf16 : new boolean[] {false, true}) {
        Set<String> calls = new TreeSet<>();
        MatrixProduct product =
            new MatrixProduct(first, !first, 1024, 768, 256, bf16, !first, true, 256);
        // The constructor and close() check the status of each call and throw an exception if it is
        // an error.
        new CublasMatmul(withoutACard(library, 1, calls), Pointer.NULL, product, true).close();
        assertThat(calls)
            .contains("cublasLtMatmulDescSetAttribute", "cublasLtMatmulPreferenceSetAttribute")
            .contains("cublasLtMatrixLayoutDestroy", "cublasLtMatmulDescDestroy");
      }
    }
  }

  @Test
  void aProductWithoutAnAlgorithmIsReported() {
    CublasLt library = library();
    MatrixProduct product = new MatrixProduct(false, true, 16, 16, 16, true, true, false, 256);
    CublasLt none = withoutACard(library, 0, new TreeSet<>());
    assertThatThrownBy(() -> new CublasMatmul(none, Pointer.NULL, product, false))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("knows no way to compute");
  }
}
