package dev.mixlaw.eval.mixture;

import static dev.mixlaw.api.units.LossUnit.BITS_PER_BYTE;
import static dev.mixlaw.api.units.LossUnit.NATS_PER_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class StudyMixtureRunsTest {
  @Test
  void everyCompletedRunIsARowAndOthersAreReported() {
    Findings findings =
        new Found(0.01, 1)
            .mixture("ab", 2, 0.5, 0.5, 0)
            .run("c", "1M", 1_000_000, 0, 0, Optional.of(RunFailure.diverged(7, "nan")), 0, 0, 1)
            .mixture("abc", 1, 0.2, 0.3, 0.5)
            .findings();

    MixtureRuns runs = MixtureRuns.of(findings, NATS_PER_TOKEN);

    assertThat(runs.sources()).containsExactly("a", "b", "c");
    assertThat(runs.domains()).containsExactly("x", "y");
    assertThat(runs.size()).isEqualTo(3);
    assertThat(runs.byMixture()).hasSize(2);
    assertThat(runs.rows().get(2).shares()).containsExactly(0.2, 0.3, 0.5);
    assertThat(runs.rows().get(2).label()).isEqualTo("abc · 1M · 1M tokens · seed 0");
    assertThat(runs.largestScale())
        .isEqualTo(TrainingScale.of(Params.params(1_000_000), Tokens.tokens(990_000)));
    assertThat(runs.losses("y")[1])
        .isEqualTo(
            findings.runs().get(1).measurements(Metric.NATS_PER_TOKEN).get(1).value().value());
    assertThat(MixtureRuns.of(findings, BITS_PER_BYTE).losses("y")[1])
        .isEqualTo(runs.losses("y")[1] / 4);
    assertThat(runs.warnings())
        .singleElement()
        .asString()
        .contains("1 runs were not completed", "c · 1M · 1M tokens · seed 0", "nan");
  }

  @Test
  void aStudyWithoutACompletedRunIsRefused() {
    Findings nothing =
        new Found(0, 1)
            .run(
                "c",
                "1M",
                1_000_000,
                0,
                0,
                Optional.of(new RunFailure(RunFailure.Kind.OTHER, "disk", "")),
                0,
                0,
                1)
            .findings();

    assertThatThrownBy(() -> MixtureRuns.of(nothing, NATS_PER_TOKEN))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("study found")
        .hasMessageContaining("none of 1");
  }

  @Test
  void runsOfOneScaleAreTakenOut() {
    Optional<RunFailure> done = Optional.empty();
    MixtureRuns runs =
        MixtureRuns.of(
            new Found(0, 1)
                .mixture("ab", 2, 0.5, 0.5, 0)
                .run("ab", "3M", 3_000_000, 0, 0, done, 0.5, 0.5, 0)
                .findings(),
            NATS_PER_TOKEN);

    assertThat(runs.at(runs.largestScale()).size()).isEqualTo(1);
    assertThat(runs.at(runs.scales().get(0)).size()).isEqualTo(2);
    assertThatThrownBy(() -> runs.at(TrainingScale.UNSAID)).hasMessageContaining("N=1M");
  }

  @Test
  void repeatLimitsAreOfTheTextThereIs() {
    Findings findings = new Found(0, 1).mixture("ab", 1, 0.5, 0.5, 0).findings();
    MixtureRuns runs = MixtureRuns.of(findings, NATS_PER_TOKEN);
    MixtureFit fit =
        new MixtureFit("flat", "x", runs, (r, s) -> 1, List.of((r, s) -> 1), Map.of(), List.of());

    Proposal best =
        Proposer.of(fit)
            .repeatLimits(findings.provenance().corpora(), Tokens.tokens("1M"), 3)
            .best("x")
            .orElseThrow();
    assertThat(best.part("a").allowed().high()).isEqualTo(0.297);
    assertThat(best.part("c").allowed().high()).isEqualTo(1); // the size of corpus c is unknown
  }

  @Test
  void aMetricThatWasNotMeasuredIsRefused() {
    Findings findings = new Found(0, 1).withoutBytes().mixture("ab", 1, 0.5, 0.5, 0).findings();

    assertThatThrownBy(() -> MixtureRuns.of(findings, BITS_PER_BYTE))
        .hasMessageContaining("metric bits_per_byte: not measured", "[nats_per_token]");
    assertThat(MixtureRuns.of(findings, NATS_PER_TOKEN).size()).isEqualTo(1);
  }
}
