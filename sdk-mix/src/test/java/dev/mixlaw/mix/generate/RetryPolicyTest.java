package dev.mixlaw.mix.generate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.time.Duration;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {
  private final RetryPolicy policy =
      new RetryPolicy(9, Duration.ofSeconds(2), Duration.ofSeconds(30), Duration.ofMinutes(5));

  @Test
  void pausesDoubleUpToTheLongest() {
    for (int attempt = 1; attempt < 40; attempt++) {
      long whole = attempt < 5 ? 2000L << (attempt - 1) : 30_000;
      assertThat(policy.pause(attempt, 3).toMillis()).isBetween(whole / 2, whole);
    }
  }

  @Test
  void pausesDependOnTheSeed() {
    assertThat(LongStream.range(0, 100).mapToObj(seed -> policy.pause(1, seed)).distinct().count())
        .isGreaterThan(80);
    assertThat(policy.pause(2, 5)).isEqualTo(policy.pause(2, 5));
  }

  @Test
  void refusesInvalidPolicies() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new RetryPolicy(0, Duration.ZERO, Duration.ZERO, Duration.ZERO));
  }
}
