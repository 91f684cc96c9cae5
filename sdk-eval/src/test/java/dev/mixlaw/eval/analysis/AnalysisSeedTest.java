package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.Lab;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.StoredStudy;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.spi.DomainEvaluator;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Tests that all random draws of the analysis depend on the analysis seed of the lab. */
class AnalysisSeedTest {
  private static final SyntheticRuns STUDY = study();

  private static SyntheticRuns study() {
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {1_000_000};
    s.seedSpread = 0.01;
    for (String m : List.of("web", "a")) {
      s.mixture(m, Map.of(m, 1.0), (n, d) -> 2 + 100 * Math.pow(d, -0.3));
      s.seeds.put(m, 3);
    }
    return s;
  }

  /** A runner that returns the simulated study as a stored one and never trains. */
  private static final class Stored implements StudyRunner {
    @Override
    public PlannedStudy plan(
        Study study, PreparedData data, Path lab, DomainEvaluator by, Resources resources) {
      throw new AssertionError("planned");
    }

    @Override
    public Optional<StoredStudy> stored(Path lab, String study, Consumer<String> damaged) {
      return Optional.of(new StoredStudy(STUDY.provenance(), STUDY.runs(), 0));
    }
  }

  private static Findings findings(long seed) {
    try (Lab lab =
        Lab.in(Path.of("nowhere"))
            .runner(new Stored())
            .analyst(new StudyAnalyst())
            .analysisSeed(seed)
            .open()) {
      return lab.findings("s");
    }
  }

  @Test
  void anotherSeedChangesTheLastDigitsOnly() {
    Findings first = findings(0);
    Findings same = findings(0);
    Findings other = findings(7);

    assertThat(same.comparisons()).isEqualTo(first.comparisons());
    Comparison a = first.comparisons().get(0);
    Comparison b = other.comparisons().get(0);
    assertThat(b.difference().value()).isEqualTo(a.difference().value());
    double width = a.difference().interval().high() - a.difference().interval().low();
    assertThat(b.difference().interval().high())
        .isNotEqualTo(a.difference().interval().high())
        .isCloseTo(a.difference().interval().high(), within(0.1 * width));
    assertThat(other.laws().get(0).parameters().get("E").interval())
        .isNotEqualTo(first.laws().get(0).parameters().get("E").interval());
    assertThat(other.means().get(0).macroNatsPerToken().interval())
        .isNotEqualTo(first.means().get(0).macroNatsPerToken().interval());
  }

  @Test
  void theSeedIsUsedForOtherMetricsToo() {
    Metric bits = Metric.BITS_PER_BYTE;

    assertThat(findings(7).by(bits).comparisons())
        .isEqualTo(
            new StudyAnalyst(7).analyze(STUDY.provenance(), STUDY.runs(), bits).comparisons())
        .isNotEqualTo(findings(0).by(bits).comparisons());
  }
}
