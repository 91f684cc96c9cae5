package dev.mixlaw.train.engine.llama.cuda;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine.AtOnce;
import dev.mixlaw.train.engine.llama.DeviceComparison;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests whether the engine {@code auto} chooses a simulated GPU. */
class DeviceComparisonTest {
  private static final CpuPlatform CPU = new CpuPlatform(Precision.FP32);
  private static final List<SessionSpec> MODELS =
      List.of(
          new SessionSpec(
              ModelSpec.of("minute", 32, 1, 2, 40).withContext(18),
              40,
              2,
              Recipe.standard(),
              7,
              1));

  @BeforeEach
  void needsACompilerAndOneDnn() throws IOException {
    assumeTrue(FakeCudaPlatform.canCompile(), "no g++");
    assumeTrue(CPU.unavailable().isEmpty(), () -> CPU.unavailable().toString());
    deleteTrials();
  }

  /** Deletes the cached results of trials, but not the compiled kernels. */
  private static void deleteTrials() throws IOException {
    Path kept = new FakeCudaPlatform(true, FakeCudaPlatform.LARGE).cache().directory();
    if (Files.exists(kept)) {
      try (DirectoryStream<Path> trials = Files.newDirectoryStream(kept, "{trial,at-once}-*")) {
        for (Path trial : trials) {
          Files.delete(trial);
        }
      }
    }
  }

  @AfterEach
  void nothingLeaks() {
    FakeCudaPlatform.mend();
    assertThat(FakeCudaPlatform.left()).isZero();
  }

  private CudaEngine engine(String precision, UnaryOperator<String> broken) {
    FakeCudaPlatform card =
        new FakeCudaPlatform(precision.equals("bf16"), FakeCudaPlatform.LARGE, broken);
    CudaHost.Discovery found = new CudaHost.Discovery(card.host(), Optional.empty());
    KernelCache cache = card.cache();
    return new CudaEngine(
        List.of(new CudaPlatform("0", precision, () -> found, () -> cache)),
        CPU,
        MODELS,
        Duration.ofMillis(20));
  }

  @ParameterizedTest
  @ValueSource(strings = {"bf16", "fp32"})
  void aGpuWithTheResultsOfTheCpuIsChosenAndTriedOnlyOnce(String precision) {
    assertThat(engine(precision, UnaryOperator.identity()).doubt()).isEmpty();

    FakeCudaPlatform.refuseAfter(0, 2);

    assertThat(engine(precision, UnaryOperator.identity()).doubt()).as("remembered").isEmpty();
  }

  @Test
  void aGpuWithOtherResultsIsNotChosenAutomatically() {
    CudaEngine wrong = engine("bf16", s -> s.replace("- a[j] * along", "- 1.3f * a[j] * along"));

    Optional<Problem> doubt = wrong.doubt();

    assertThat(doubt).isPresent();
    assertThat(doubt.get().subject())
        .contains("a fake card", "computes different results from the processor");
    assertThat(doubt.get().actual()).contains("minute: ", "gradient of ", "relative difference");
    assertThat(wrong.unavailable()).as("by name").isEmpty();
  }

  @Test
  void aFailedTrialIsRepeated() {
    FakeCudaPlatform.refuseAfter(0, 2);
    Optional<Problem> doubt = engine("fp32", UnaryOperator.identity()).doubt();
    FakeCudaPlatform.mend();

    assertThat(doubt).isPresent();
    assertThat(doubt.get().subject()).contains("failed the comparison with the processor");
    assertThat(engine("fp32", UnaryOperator.identity()).doubt()).isEmpty();
  }

  @Test
  void theBestNumberOfConcurrentSessionsIsMeasuredOnceAndReported() {
    AtOnce found = engine("fp32", UnaryOperator.identity()).atOnce(MODELS.get(0));

    assertThat(found.sessions()).isBetween(1, 16);
    assertThat(found.reason())
        .startsWith("measured with minute: 1 concurrent: ")
        .contains(" tokens/s");
    FakeCudaPlatform.refuseAfter(0, 2);
    SessionSpec other = MODELS.get(0);
    assertThat(
            engine("fp32", UnaryOperator.identity())
                .atOnce(
                    new SessionSpec(
                        other.model(),
                        other.vocabulary(),
                        other.batchSequences(),
                        other.recipe(),
                        8,
                        1)))
        .as("remembered, whatever the seed")
        .isEqualTo(found);
  }

  @Test
  void aFailedConcurrencyProbeIsIgnored() {
    FakeCudaPlatform.refuseAfter(0, 2);
    AtOnce failed = engine("fp32", UnaryOperator.identity()).atOnce(MODELS.get(0));
    FakeCudaPlatform.mend();

    assertThat(failed.sessions()).isEqualTo(1);
    assertThat(failed.reason()).contains("could not be measured");
    assertThat(engine("fp32", UnaryOperator.identity()).atOnce(MODELS.get(0)).reason())
        .as("not remembered")
        .startsWith("measured with");
  }

  @Test
  void aModelThatFillsTheGpuIsTrainedAlone() {
    SessionSpec large =
        new SessionSpec(
            ModelSpec.of("large", 2048, 24, 16, 5504), 32000, 8, Recipe.standard(), 7, 1);

    assertThat(engine("bf16", UnaryOperator.identity()).atOnce(large).sessions()).isEqualTo(1);
  }

  @Test
  void everySizeOfHeadIsTried() {
    assertThat(DeviceComparison.models())
        .extracting(m -> m.model().headSize())
        .containsExactlyInAnyOrder(32, 64, 128);
  }
}
