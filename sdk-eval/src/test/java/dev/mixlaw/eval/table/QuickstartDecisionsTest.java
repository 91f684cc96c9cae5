package dev.mixlaw.eval.table;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.units.LossUnit;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Analyses five repetitions of the Quickstart, each with three seeds of every mixture. Each
 * repetition must find significant differences, and these must agree with the mean losses of the
 * other four. The losses are those of trained models: {@code Quickstart --seeds 15 --lab DIR}, then
 * {@code LabTool --lab DIR export quickstart FILE.csv}. In the table of this test, each run has one
 * row.
 */
@Tag("long")
class QuickstartDecisionsTest {
  private static final int STUDIES = 5;
  private static final String BASELINE = "natural";

  @TempDir Path directory;

  @Test
  void everyStudyDecidesAndDecisionsAreRight() throws IOException {
    List<String> lines = lines();
    int right = 0;
    int decided = 0;
    for (int study = 0; study < STUDIES; study++) {
      Findings findings = analyze(lines, study);
      List<Comparison> significant =
          findings.comparisons().stream()
              .filter(c -> c.domain().equals(FittedLaw.MACRO) && c.significant())
              .toList();
      assertThat(significant)
          .as("study %d", study)
          .hasSizeGreaterThanOrEqualTo(4)
          .anyMatch(c -> c.difference().value() < 0)
          .anyMatch(c -> c.difference().value() > 0);
      Map<String, Double> reference = reference(lines, study);
      decided += significant.size();
      right += (int) significant.stream().filter(c -> agrees(c, reference)).count();
      bestSharesAreNarrowAndChange(findings);
      assertThat(findings.laws())
          .filteredOn(l -> l.domain().equals(FittedLaw.MACRO) && l.model().isPresent())
          .hasSize(10)
          .noneMatch(l -> l.status().name().contains("BOUND"));
    }
    assertThat((double) right / decided).as("%d of %d", right, decided).isGreaterThan(0.95);
  }

  private static void bestSharesAreNarrowAndChange(Findings findings) {
    List<BestShare> shares =
        findings.bestShares().stream().filter(b -> b.domain().equals(FittedLaw.MACRO)).toList();
    assertThat(shares)
        .filteredOn(b -> b.asGood().high() - b.asGood().low() < 0.5)
        .hasSizeGreaterThanOrEqualTo(2);
    List<Double> ofLargestModel =
        shares.stream()
            .filter(b -> b.corpus().equals("ngram") && b.params().count() > 100_000)
            .map(BestShare::share)
            .toList();
    assertThat(ofLargestModel.get(0)).isEqualTo(1);
    assertThat(ofLargestModel.get(ofLargestModel.size() - 1)).isZero();
  }

  private Findings analyze(List<String> lines, int study) throws IOException {
    Path csv = directory.resolve("study-" + study + ".csv");
    Files.write(
        csv,
        Stream.concat(
                lines.stream().limit(1),
                lines.stream().skip(1).filter(l -> l.startsWith(study + ",")))
            .toList());
    LossTable table =
        LossTable.csv(csv)
            .params("params")
            .tokens("tokens")
            .share(BASELINE, BASELINE)
            .share("ngram", "ngram")
            .share("paraphrased", "paraphrased")
            .cluster("run");
    return RunTable.of(table, LossUnit.NATS_PER_TOKEN)
        .losses(lines.get(0).split("paraphrased,")[1].split(","))
        .mixture("mixture")
        .baseline(BASELINE)
        .analyze();
  }

  private static boolean agrees(Comparison c, Map<String, Double> reference) {
    String place = "/" + (c.model().equals("47.4k") ? 47_392 : 100_672) + "/" + c.budget().count();
    double difference = reference.get(c.mixture() + place) - reference.get(BASELINE + place);
    return Math.signum(difference) == Math.signum(c.difference().value());
  }

  /**
   * Returns mean losses by mixture, parameters and tokens over the runs of the other repetitions.
   */
  private static Map<String, Double> reference(List<String> lines, int study) {
    return lines.stream()
        .skip(1)
        .filter(l -> !l.startsWith(study + ","))
        .map(l -> l.split(","))
        .collect(
            Collectors.groupingBy(
                f -> f[2] + "/" + f[3] + "/" + f[4],
                Collectors.averagingDouble(
                    f ->
                        Arrays.stream(f)
                            .skip(8)
                            .mapToDouble(Double::parseDouble)
                            .average()
                            .orElseThrow())));
  }

  private static List<String> lines() throws IOException {
    try (InputStream in =
        QuickstartDecisionsTest.class.getResourceAsStream("quickstart-runs.csv")) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).lines().toList();
    }
  }
}
