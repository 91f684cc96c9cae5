package dev.mixlaw.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.SessionSpec;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import java.io.File;
import java.io.IOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class EnginesTest {
  @Test
  void theEngineIsFoundByNameAndAutomatically() {
    assertThat(Engines.all()).extracting(TrainingEngine::name).contains("native", "cuda");
    assumeTrue(Engines.nativeCpu().unavailable().isEmpty(), "native cannot run here");
    assertThat(Engines.byName("native").name()).isEqualTo("native");
    assertThat(Engines.auto().unavailable()).isEmpty();
    assertThat(Engines.byName("auto").name()).isEqualTo(Engines.auto().name());
  }

  @Test
  void theFastestAvailableEngineIsChosenAndTheOthersStateAReason() {
    TrainingEngine card = new Engine("card", 100, Optional.of(noCard()));
    TrainingEngine fast = new Engine("fast", 50, Optional.empty());
    TrainingEngine portable = new Engine("a-portable", 10, Optional.of(noCard()));

    List<TrainingEngine> all = List.of(portable, fast, card);
    assertThat(Engines.best(all)).isEqualTo(fast);
    assertThat(Engines.passedOver(all, "fast")).containsExactly(noCard());
    assertThat(Engines.passedOver(all, "card")).isEmpty();
    assertThatThrownBy(() -> Engines.best(List.of(portable, card)))
        .isInstanceOfSatisfying(
            MixlawException.class,
            e -> assertThat(e.problems()).startsWith(noCard(), noCard()).hasSize(3))
        .hasMessageContaining("engine native: ServiceLoader found no such engine")
        .hasMessageContaining("a shaded jar must merge META-INF/services");
  }

  @Test
  void anEngineWhoseProbeFailsDoesNotKeepOthersFromRunning() {
    TrainingEngine broken =
        new Engine("broken", 100, Optional.empty()) {
          @Override
          public Optional<Problem> unavailable() {
            throw new ExceptionInInitializerError(new IllegalCallerException("no native access"));
          }
        };
    TrainingEngine sound = new Engine("sound", 50, Optional.empty());

    List<TrainingEngine> all = List.of(broken, sound);
    assertThat(Engines.best(all)).isEqualTo(sound);
    assertThat(Engines.passedOver(all, "sound"))
        .singleElement()
        .asString()
        .contains("engine broken", "IllegalCallerException: no native access");
  }

  @Test
  void anotherCopyOfTheSdkInTheContextClassLoaderIsIgnored() throws IOException {
    List<URL> classPath = new ArrayList<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      classPath.add(new File(entry).toURI().toURL());
    }
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (URLClassLoader copy =
        new URLClassLoader(classPath.toArray(URL[]::new), ClassLoader.getPlatformClassLoader())) {
      thread.setContextClassLoader(copy);
      assertThat(Engines.all()).extracting(TrainingEngine::name).contains("native", "cuda");
      thread.setContextClassLoader(null);
      assertThat(Engines.all()).extracting(TrainingEngine::name).contains("native", "cuda");
    } finally {
      thread.setContextClassLoader(before);
    }
  }

  @Test
  void anEngineInDoubtIsNotChosenAutomatically() {
    Problem doubt = new Problem("engine odd", "computes otherwise", "the same", "by name");
    TrainingEngine odd =
        new Engine("odd", 110, Optional.empty()) {
          @Override
          public Optional<Problem> doubt() {
            return Optional.of(doubt);
          }
        };
    TrainingEngine sound = new Engine("sound", 50, Optional.empty());

    assertThat(Engines.best(List.of(odd, sound))).isEqualTo(sound);
    assertThat(Engines.passedOver(List.of(odd, sound), "sound")).containsExactly(doubt);
  }

  private static Problem noCard() {
    return new Problem("no card", "none", "one", "hardware");
  }

  /** An engine of which no session is opened. */
  private static class Engine implements TrainingEngine {
    private final String name;
    private final int rank;
    private final Optional<Problem> unavailable;

    Engine(String name, int rank, Optional<Problem> unavailable) {
      this.name = name;
      this.rank = rank;
      this.unavailable = unavailable;
    }

    @Override
    public String name() {
      return name;
    }

    @Override
    public int rank() {
      return rank;
    }

    @Override
    public Optional<Problem> unavailable() {
      return unavailable;
    }

    @Override
    public String device() {
      return "cpu";
    }

    @Override
    public Cost cost(SessionSpec spec) {
      throw new UnsupportedOperationException();
    }

    @Override
    public TrainingSession open(SessionSpec spec) {
      throw new UnsupportedOperationException();
    }
  }

  @Test
  void anUnknownNameIsRefusedWithTheKnownOnes() {
    assertThatThrownBy(() -> Engines.byName("torch"))
        .isInstanceOfSatisfying(
            MixlawException.class, e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.ENGINE))
        .hasMessageContaining("torch")
        .hasMessageContaining("native");
  }

  @Test
  void theArtifactOfDl4jIsNamedWhereItIsMissing() {
    assumeTrue(Engines.all().stream().noneMatch(e -> e.name().equals("dl4j")), "it is there");
    assertThatThrownBy(() -> Engines.byName("dl4j"))
        .isInstanceOfSatisfying(
            MixlawException.class, e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.ENGINE))
        .hasMessageContaining("dev.mixlaw:mixlaw-dl4j");
  }

  @Test
  void precisionAndCardsAreValuesOfAnEngine() {
    TrainingEngine rounded = Engines.nativeCpu().precision(Precision.BF16);
    assertThat(rounded.version()).endsWith("bf16");
    assertThat(rounded.precision(Precision.FP32).version()).endsWith("fp32");
    assertThat(rounded.properties()).containsEntry("mixlaw.native.precision", "bf16");
    assertThat(rounded.devices()).containsExactly(rounded);
    assertThat(rounded.precision(Precision.TF32).unavailable())
        .hasValueSatisfying(p -> assertThat(p.toString()).contains("tf32", "fp32 or bf16"));

    TrainingEngine cards = Engines.cuda().cards(3, 1).precision(Precision.TF32);
    assertThat(cards.devices())
        .extracting(d -> d.properties().get("mixlaw.cuda.card"))
        .containsExactly("3", "1");
    assertThat(cards.devices())
        .allSatisfy(
            d -> {
              assertThat(d.properties()).containsEntry("mixlaw.cuda.precision", "tf32");
              assertThat(d.version()).endsWith("tf32");
              assertThat(d.devices()).containsExactly(d);
            });
  }

  @Test
  void settingsThatAnEngineDoesNotHaveAreRefused() {
    TrainingEngine plain = new Engine("plain", 1, Optional.empty());

    assertThatThrownBy(() -> plain.precision(Precision.BF16))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("engine plain: number format BF16");
    assertThatThrownBy(() -> Engines.nativeCpu().cards(0))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("engine native: cards [0]");
    assertThatThrownBy(() -> Engines.cuda().cards(1, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("cards: [1, 1]; expected at least one number, each only once");
    assertThatThrownBy(() -> Engines.cuda().cards()).isInstanceOf(IllegalArgumentException.class);
  }
}
