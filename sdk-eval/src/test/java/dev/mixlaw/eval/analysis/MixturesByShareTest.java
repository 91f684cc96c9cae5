package dev.mixlaw.eval.analysis;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.results.Metric;
import dev.mixlaw.eval.analysis.BestShareCalculator.MixturesByShare;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MixturesByShareTest {
  private static StudyGrid grid(
      Map<String, Double> baseline, Map<String, Map<String, Double>> others) {
    SyntheticRuns s = new SyntheticRuns();
    s.mixture("web", baseline, (n, d) -> 3);
    others.forEach((name, shares) -> s.mixture(name, shares, (n, d) -> 3));
    return new StudyGrid(s.provenance(), List.of(), Metric.NATS_PER_TOKEN);
  }

  @Test
  void containsMixturesInWhichNothingElseVaries() {
    // given a baseline of web and books, and mixtures of which only hq-20 and hq change nothing but
    // the share of hq
    StudyGrid grid =
        grid(
            Map.of("web", 0.75, "books", 0.25),
            Map.of(
                "hq-20", Map.of("web", 0.6, "books", 0.2, "hq", 0.2),
                "hq", Map.of("hq", 1.0),
                "skewed", Map.of("web", 0.4, "books", 0.4, "hq", 0.2),
                "half", Map.of("web", 0.5, "hq", 0.5),
                "both", Map.of("web", 0.3, "books", 0.1, "hq", 0.3, "gen", 0.3)));

    // when
    MixturesByShare axis = MixturesByShare.of(grid, "hq");

    // then
    assertThat(axis.mixtures()).isEqualTo(Map.of(0.0, "web", 0.2, "hq-20", 1.0, "hq"));
    assertThat(MixturesByShare.all(grid)).extracting(MixturesByShare::corpus).contains("hq");
    assertThat(MixturesByShare.all(grid)).extracting(MixturesByShare::corpus).doesNotContain("gen");
  }

  @Test
  void aCorpusOfTheBaselineHasAnAxisWhereTheRestKeepsItsProportions() {
    StudyGrid grid =
        grid(
            Map.of("web", 0.5, "books", 0.5),
            Map.of("more-books", Map.of("web", 0.2, "books", 0.8)));

    assertThat(MixturesByShare.of(grid, "books").mixtures())
        .isEqualTo(Map.of(0.5, "web", 0.8, "more-books"));
  }
}
