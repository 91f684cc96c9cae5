package dev.mixlaw.eval.table;

import static dev.mixlaw.api.units.Params.params;
import static dev.mixlaw.api.units.Tokens.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.ChoiceFinding;
import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.Speedup;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.mixture.MixtureRuns;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Tests that a column of any metric is analysed like a column of losses. */
class MetricColumnsTest {
  private static final Metric ERROR = new Metric("error", "share of wrong answers", "", false);
  private static final Metric GOLD = new Metric("gold", "log-likelihood", "nats", true);

  @TempDir Path directory;
  private Path csv;

  /**
   * Writes a table in which a mixture with a third of hq needs half the tokens. The error follows a
   * scaling law, and the log-likelihood is negative.
   */
  @BeforeEach
  void write() throws IOException {
    StringBuilder text = new StringBuilder("N,D,web,hq,seed,wiki,acc,err,gold\n");
    SplittableRandom random = new SplittableRandom(1);
    for (double hq : new double[] {0, 0.33, 1}) {
      for (int seed = 0; seed < 3; seed++) {
        double shift = 0.001 * random.nextGaussian();
        for (long d = 10_000_000; d <= 320_000_000; d *= 2) {
          double sooner = hq == 0.33 ? Math.pow(2, -0.3) : 1;
          double fall = 50 * sooner * Math.pow(d, -0.3) * (hq == 1 ? 1.1 : 1) + shift;
          text.append(
              String.format(
                  Locale.ROOT,
                  "1000000,%d,%.2f,%.2f,%d,%.6f,%.6f,%.6f,%.6f\n",
                  d,
                  1 - hq,
                  hq,
                  seed,
                  2 + fall,
                  0.9 - fall,
                  0.1 + fall + 0.0001 * random.nextGaussian(),
                  -1 - fall));
        }
      }
    }
    csv = Files.writeString(directory.resolve("runs.csv"), text);
  }

  private LossTable table() {
    return LossTable.csv(csv)
        .params("N")
        .tokens("D")
        .share("web", "web")
        .share("hq", "hq")
        .metric("acc", Metric.ACC)
        .metric("err", ERROR)
        .metric("gold", GOLD);
  }

  private Findings findings() {
    return RunTable.of(table(), LossUnit.NATS_PER_TOKEN).losses("wiki").analyze();
  }

  @Test
  void aMetricWhoseHigherValuesAreBetterHasEverythingButLaws() throws IOException {
    Findings found = findings();
    Findings f = found.by(Metric.ACC);

    assertThat(found.metrics()).containsExactly(Metric.NATS_PER_TOKEN, Metric.ACC, ERROR, GOLD);
    assertThat(f.metric()).isEqualTo(Metric.ACC);
    assertThat(f.bestShare("hq").at(params("1M"), tokens("160M")).orElseThrow().share())
        .isCloseTo(0.33, within(1e-9));
    Speedup speedup = f.speedup("web+hq-33").at(params("1M"), tokens("80M")).orElseThrow();
    assertThat(speedup.measured().orElseThrow().times().orElseThrow().value())
        .isCloseTo(2, within(0.1));
    assertThat(speedup.fitted().toRefusal().orElseThrow().reason())
        .contains("higher values of acc are better, and laws describe values that fall");
    assertThat(f.laws()).isEmpty();
    assertThat(f.refusals()).anyMatch(r -> r.question().startsWith("law L(D) of every mixture"));
    Comparison better =
        f.compare(Question.compare("web+hq-33").at("1M", tokens("20M"))).orElseThrow();
    assertThat(better.significant()).isTrue();
    assertThat(better.difference().interval().low()).isPositive();
    assertThat(String.join(" ", f.summary())).contains("better than web: web+hq-33 with");
    assertThat(f.decisionAccuracies()).allMatch(d -> d.targetWinner().equals("web+hq-33"));
    f.report(directory.resolve("report.html"));
    assertThat(Files.readString(directory.resolve("report.html")))
        .contains("above 0 is better")
        .doesNotContain("below 0 is better");
  }

  @Test
  void aMetricWhoseLowerValuesAreBetterHasLaws() throws IOException {
    Findings f = findings().by(ERROR);

    FittedLaw law =
        f.laws().stream()
            .filter(l -> l.form().equals("data") && l.mixture().equals("web"))
            .findFirst()
            .orElseThrow();
    assertThat(law.parameters().get("E").value()).isCloseTo(0.1, within(0.03));
    assertThat(
            f.speedup("web+hq-33")
                .at(params("1M"), tokens("80M"))
                .orElseThrow()
                .fitted()
                .orElseThrow()
                .times()
                .orElseThrow()
                .value())
        .isCloseTo(2, within(0.2));
    Path html = directory.resolve("report.html");
    f.report(html);
    assertThat(html).content().contains("Losses are in error of held-out text; lower is better");
    assertThat(directory.resolve("results.json")).content().contains("\"error\" : 0.");
  }

  @Test
  void valuesThatAreNotAboveZeroHaveNoLaw() {
    Findings f = findings().by(new Metric("gold", "log-likelihood", "nats", true));

    assertThat(f.laws()).isEmpty();
    LossTable falling = table().metric("gold", new Metric("gold", "", "nats", false));
    Findings low =
        RunTable.of(falling, LossUnit.NATS_PER_TOKEN)
            .losses("wiki")
            .analyze()
            .by(new Metric("gold", "", "nats", false));
    assertThat(low.refusals()).anyMatch(r -> r.reason().contains("laws describe values above 0"));
  }

  @Test
  void allMetricsAreFoundInChoices() {
    assertThat(findings().choices())
        .extracting(ChoiceFinding::metric)
        .containsOnly(Metric.ACC, ERROR, GOLD);
    assertThat(findings().choices())
        .allMatch(c -> c.chance().isEmpty() && c.questions() == 0 && c.seeds() == 3);
  }

  @Test
  void lawsAndMixtureModelsReadTheColumnsThatFall() throws IOException {
    assertThat(
            table().loss("wiki").unit(LossUnit.NATS_PER_TOKEN).metric("gold", GOLD).read().losses())
        .containsOnlyKeys("wiki", "err");
    MixtureRuns runs = MixtureRuns.of(findings(), ERROR);
    assertThat(runs.domains()).containsExactly("err");
    assertThatThrownBy(() -> MixtureRuns.of(findings(), Metric.ACC))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("metric acc: higher values are better");
  }

  @Test
  void aMetricThatWasNotMeasuredIsNamed() {
    Findings f = findings();

    assertThatThrownBy(() -> f.by(Metric.BITS_PER_BYTE))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "metric bits_per_byte: not measured; expected one of nats_per_token, acc, error, gold");
    assertThatThrownBy(() -> table().metric("none", ERROR).read())
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("column none (error): not in runs.csv");
  }

  @Test
  void weightsAreNamedWhereTheyAreNotUsed() {
    assertThat(
            RunTable.of(table().weight("seed").where("seed!=0"), LossUnit.NATS_PER_TOKEN)
                .losses("wiki")
                .analyze()
                .provenance()
                .warnings())
        .anyMatch(w -> w.startsWith("weights of rows"));
  }
}
