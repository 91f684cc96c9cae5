package dev.mixlaw.train.engine.llama.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Tests the detection of the CUDA driver and libraries on the host, and the errors if one of them
 * is missing.
 */
class CudaHostTest {
  private static Path file(Path path) throws IOException {
    Files.createDirectories(path.getParent());
    return Files.writeString(path, "");
  }

  @Test
  void librariesAreFoundWhereHostsHaveThem(@TempDir Path root) throws IOException {
    Path old = file(root.resolve("usr/local/cuda-12.4/lib64/libcublasLt.so.12"));
    Path toolkit = file(root.resolve("usr/local/cuda-13.0/targets/x/lib/libcublasLt.so.13"));
    Path python =
        file(
            root.resolve("opt/conda/lib/python3.11/site-packages/nvidia/nvrtc/lib/libnvrtc.so.12"));
    CudaLibraries libraries = CudaLibraries.in(root, null, Map.of());
    assertThat(libraries.find("cublasLt", 13)).contains(toolkit.toRealPath());
    assertThat(libraries.find("cublasLt", 12))
        .as("of what the driver runs")
        .contains(old.toRealPath());
    assertThat(libraries.find("nvrtc", 13)).contains(python.toRealPath());
    assertThat(libraries.find("nvrtc", 11)).isEmpty();

    Path told = file(root.resolve("elsewhere/libnvrtc.so.13"));
    Path path = file(root.resolve("on-the-path/libcublasLt.so.13"));
    CudaLibraries more =
        CudaLibraries.in(
            root,
            told.getParent().toString(),
            Map.of("LD_LIBRARY_PATH", "/nowhere:" + path.getParent()));
    assertThat(more.find("nvrtc", 13)).contains(told);
    assertThat(more.find("cublasLt", 13)).contains(path);
  }

  @Test
  void librariesOfCondaAndOfRedHatsPythonAreFound(@TempDir Path root) throws IOException {
    Path conda = file(root.resolve("envs/a/lib/libcublasLt.so.13"));
    Path redHat =
        file(
            root.resolve(
                "usr/local/lib64/python3.12/site-packages/nvidia/cu13/lib/libnvrtc.so.13"));
    CudaLibraries libraries =
        CudaLibraries.in(root, null, Map.of("CONDA_PREFIX", root.resolve("envs/a").toString()));
    assertThat(libraries.find("cublasLt", 13)).contains(conda);
    assertThat(libraries.find("nvrtc", 13)).contains(redHat);
  }

  @Test
  void aMissingGpuIsReported() {
    assumeFalse(Files.exists(Path.of("/dev/nvidiactl")), "there is a driver");
    Optional<Problem> problem = new CudaPlatform().unavailable();
    assertThat(problem).isPresent();
    assertThat(problem.get().subject()).startsWith("engine cuda: no NVIDIA driver");
    assertThat(new CudaEngine().device()).isEqualTo("cuda");
    SessionSpec spec =
        new SessionSpec(ModelSpec.of("m", 32, 1, 1, 32), 10, 1, Recipe.standard(), 1, 1);
    assertThatThrownBy(() -> new CudaEngine().open(spec))
        .isInstanceOfSatisfying(
            MixlawException.class, e -> assertThat(e.problems()).containsExactly(problem.get()));
    assertThat(new CudaEngine().cost(spec).memoryBytes()).isPositive();
  }

  @Test
  void anUnknownPrecisionIsRefused() {
    assertThat(new CudaPlatform("fp8").unavailable()).map(Problem::actual).contains("fp8");
  }

  @Test
  void aModelThatDoesNotFitIsRefusedBeforeTheFirstStep() {
    assumeTrue(FakeCudaPlatform.canCompile(), "no g++");
    SessionSpec spec =
        new SessionSpec(ModelSpec.of("large", 512, 8, 4, 2048), 9000, 1, Recipe.standard(), 1, 1);
    FakeCudaPlatform.call("fakeLimit", void.class, 200L << 20);
    try {
      assertThatThrownBy(
              () -> new LlamaEngine(new FakeCudaPlatform(true, FakeCudaPlatform.LARGE)).open(spec))
          .isInstanceOf(MixlawException.class)
          .hasMessageContaining("does not fit")
          .hasMessageContaining("bytes free of " + (2L << 30));
    } finally {
      FakeCudaPlatform.call("fakeLimit", void.class, 2L << 30);
    }
  }

  @Test
  void roundingIsToTheNearestAndToEven() {
    assertThat(Bf16Rounding.widen(Bf16Rounding.round(1f + 1 / 256f))).isEqualTo(1f);
    assertThat(Bf16Rounding.widen(Bf16Rounding.round(1f + 3 / 256f))).isEqualTo(1f + 4 / 256f);
    assertThat(Bf16Rounding.widen(Bf16Rounding.round(-1.01f))).isEqualTo(-1.0078125f);
    assertThat(Bf16Rounding.widen(Bf16Rounding.round(Float.NaN))).isNaN();
    assertThat(Bf16Rounding.widen(Bf16Rounding.round(Float.POSITIVE_INFINITY))).isInfinite();
  }
}
