package dev.mixlaw.eval.report;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.mixture.Accuracy;
import dev.mixlaw.eval.mixture.MixtureFit;
import dev.mixlaw.eval.mixture.MixtureModel;
import dev.mixlaw.eval.mixture.MixtureRuns;
import dev.mixlaw.eval.mixture.Proposal;
import dev.mixlaw.eval.mixture.ProposalTrial;
import dev.mixlaw.eval.mixture.ProposalTrial.Difference;
import dev.mixlaw.eval.mixture.ProposalTrial.Tried;
import dev.mixlaw.eval.mixture.Proposer;
import dev.mixlaw.eval.mixture.Resamples;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MixtureReportTest {
  private static final List<MixtureFit> FITS = fits();
  private static final Proposal PROPOSAL =
      Proposer.of(FITS)
          .natural(Map.of("web & co", 1.0))
          .best(Map.of("wiki", 1.0, "code", 3.0))
          .orElseThrow();

  @TempDir Path directory;

  private static List<MixtureFit> fits() {
    SplittableRandom random = new SplittableRandom(1);
    List<MixtureRuns.Run> runs = new ArrayList<>();
    for (int i = 0; i <= 10; i++) {
      double hq = i / 10.0;
      double noise = 0.001 * random.nextGaussian();
      runs.add(
          new MixtureRuns.Run(
              "run-" + i,
              new double[] {1 - hq, hq},
              new double[] {
                2 + (hq - 0.3) * (hq - 0.3) + noise, 5, 3 + (hq - 0.7) * (hq - 0.7) + noise
              }));
    }
    return List.of("wiki", "code").stream()
        .map(
            d ->
                MixtureModel.kriging()
                    .fit(
                        MixtureRuns.of(
                            List.of("web & co", "hq"), List.of("wiki", "unasked", "code"), runs),
                        d,
                        Resamples.of(100, 1))
                    .orElseThrow())
        .toList();
  }

  private static Tried tried(String name, double loss) {
    return new Tried(
        name,
        Map.of("hq", 1.0),
        Estimate.of(loss, loss - 0.02, loss + 0.02),
        Estimate.of(loss + 0.01, loss - 0.01, loss + 0.03),
        3);
  }

  private static ProposalTrial trial(double measured) {
    return new ProposalTrial(
        PROPOSAL.target(),
        PROPOSAL.scale(),
        tried("proposed", 2.8),
        List.of(tried("natural", 3.2)),
        List.of(
            new Difference(
                "natural",
                Estimate.of(-0.4, -0.42, -0.38),
                Estimate.of(measured, measured - 0.03, measured + 0.03))));
  }

  @Test
  void theProposedSharesStandFirstWithTheirRanges() {
    String html = MixtureReport.of(FITS, PROPOSAL, LossUnit.NATS_PER_TOKEN).page().html();

    // the minima of wiki (0.3) and code (0.7) have the weights 1 and 3
    assertThat(PROPOSAL.part("hq").share()).isBetween(0.55, 0.65);
    assertThat(html)
        .contains("Take ", " hq, ", "95 % interval", "not significantly worse", "allowed")
        .contains("Predicted difference from the natural mixture: ")
        .contains("0.75 code", "web &amp; co")
        .doesNotContain("Validation", "unasked", "NaN");
  }

  @Test
  void aTrialSaysWhetherTheProposalWasAsPredicted() {
    String html =
        MixtureReport.of(FITS, PROPOSAL, LossUnit.NATS_PER_TOKEN)
            .trial(trial(-0.39))
            .accuracies(Map.of("wiki", new Accuracy("5 folds", 11, 0.98, 0.002)))
            .warnings(List.of("one <domain> is small"))
            .page()
            .html();

    assertThat(html)
        .contains("Validation", "better than natural", "They agree", "proposed, new runs")
        .contains("0.98", "5 folds", "one &lt;domain&gt; is small")
        .doesNotContain("the two disagree", "They disagree");
    assertThat(
            MixtureReport.of(FITS, PROPOSAL, LossUnit.NATS_PER_TOKEN)
                .trial(trial(0.2))
                .page()
                .html())
        .contains("worse than natural", "the two disagree");
  }

  @Test
  void everyRunIsInTheTableAndOnceInTheDrawing() {
    Path page = directory.resolve("new").resolve("page.html");

    MixtureReport.of(FITS, PROPOSAL, LossUnit.NATS_PER_TOKEN).write(page);

    assertThat(page).content().contains("run-0", "run-10", "fitted: 11 points");
  }
}
