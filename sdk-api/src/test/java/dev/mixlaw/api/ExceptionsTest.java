package dev.mixlaw.api;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.spi.GeneratorException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ExceptionsTest {
  private static final Problem SHARES =
      new Problem("mixture hq-33", "shares sum to 0.98", "1", "Mixture.with");
  private static final Problem SEEDS = new Problem("seeds", "0", "at least 1", "Study.seeds");

  @Test
  void aMessageHasSubjectActualExpectedAndFix() {
    assertThat(SHARES)
        .hasToString("mixture hq-33: shares sum to 0.98; expected 1 (fix: Mixture.with)");
    assertThat(new MixlawException(MixlawException.Kind.DESCRIPTION, SEEDS))
        .hasMessage("seeds: 0; expected at least 1 (fix: Study.seeds)");
    assertThat(new MixlawException(MixlawException.Kind.DESCRIPTION, List.of(SHARES, SEEDS), null))
        .hasMessage("2 problems:\n  - " + SHARES + "\n  - " + SEEDS);
  }

  @Test
  void problemsSurviveSerialization() throws Exception {
    MixlawException copy =
        copy(new MixlawException(MixlawException.Kind.DATA, List.of(SHARES, SEEDS), null));

    assertThat(copy.kind()).isEqualTo(MixlawException.Kind.DATA);
    assertThat(copy.problems()).containsExactly(SHARES, SEEDS);
  }

  @Test
  void theTimeToWaitSurvivesSerialization() throws Exception {
    GeneratorException.Failure busy = GeneratorException.Failure.UNAVAILABLE;

    assertThat(copy(new GeneratorException(busy, "busy")).retryAfter()).isEmpty();
    assertThat(
            copy(new GeneratorException(busy, "busy", Optional.of(Duration.ofSeconds(3)), null))
                .retryAfter())
        .contains(Duration.ofSeconds(3));
  }

  @SuppressWarnings("unchecked")
  private static <T> T copy(T value) throws IOException, ClassNotFoundException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(value);
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      return (T) in.readObject();
    }
  }
}
