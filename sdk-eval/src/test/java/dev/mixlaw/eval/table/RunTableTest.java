package dev.mixlaw.eval.table;

import static dev.mixlaw.api.units.Params.params;
import static dev.mixlaw.api.units.Tokens.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.Collapse.Outcome;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.WordComparison;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.api.units.Tokens;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RunTableTest {
  @TempDir Path directory;

  /**
   * Writes a table with three seeds of each mixture. A mixture with a third of hq needs half the
   * tokens, and hq alone has a higher lowest possible loss.
   */
  private Path simulated() throws IOException {
    StringBuilder csv = new StringBuilder("N,D,web,hq,seed,wiki,code\n");
    SplittableRandom random = new SplittableRandom(1);
    for (double hq : new double[] {0, 0.33, 1}) {
      for (long n : new long[] {1_000_000, 4_000_000}) {
        for (int seed = 0; seed < 3; seed++) {
          double shift = 0.002 * random.nextGaussian();
          for (long d = 10_000_000; d <= 320_000_000; d *= 2) {
            double sooner = hq == 0.33 ? Math.pow(2, -0.3) : 1;
            double floor = hq == 1 ? 2.9 : 2;
            double loss =
                floor
                    + 10 * Math.pow(n, -0.3)
                    + 150 * sooner * Math.pow(d, -0.3)
                    + shift
                    + 0.0005 * random.nextGaussian();
            csv.append(
                String.format(
                    Locale.ROOT,
                    "%d,%d,%.2f,%.2f,%d,%.6f,%.6f\n",
                    n,
                    d,
                    1 - hq,
                    hq,
                    seed,
                    loss,
                    loss - 0.5));
          }
        }
      }
    }
    return Files.writeString(directory.resolve("runs.csv"), csv);
  }

  private static LossTable shares(Path csv) {
    return LossTable.csv(csv).params("N").tokens("D").share("web", "web").share("hq", "hq");
  }

  @Test
  void aColumnNamedLikeAMeanOverDomainsIsRefused() throws IOException {
    Path csv = simulated();
    Files.writeString(csv, Files.readString(csv).replaceFirst("code", "macro"));

    assertThatThrownBy(
            () ->
                RunTable.of(shares(csv), LossUnit.NATS_PER_TOKEN).losses("wiki", "macro").analyze())
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("names of the loss columns: macro; expected other names");
  }

  /** The mean over one column is the column, so a difference could only be chance. */
  @Test
  void lawsOfTheOnlyColumnAreThoseOfTheMean() throws IOException {
    Findings found =
        RunTable.of(shares(simulated()), LossUnit.NATS_PER_TOKEN).losses("wiki").analyze();

    var parameters =
        found.laws().stream()
            .collect(
                Collectors.groupingBy(
                    FittedLaw::domain,
                    Collectors.mapping(FittedLaw::parameters, Collectors.toList())));

    assertThat(parameters.get("wiki")).isNotEmpty().isEqualTo(parameters.get(FittedLaw.MACRO));
  }

  @Test
  void recoversTheSimulatedEffects() throws IOException {
    // given
    RunTable table =
        RunTable.of(shares(simulated()), LossUnit.NATS_PER_TOKEN).losses("wiki", "code");

    // when
    Findings f = table.analyze();

    // then mixtures are named after their shares, the first one is the baseline, and there is one
    // run for each row
    assertThat(f.provenance().baseline()).isEqualTo("web");
    assertThat(f.provenance().mixtures()).containsOnlyKeys("web", "web+hq-33", "hq");
    assertThat(f.runs()).hasSize(3 * 2 * 3 * 6);
    assertThat(f.runs()).extracting(r -> r.key().seed()).containsOnly(0, 1, 2);
    // then the best share, the speed-up and the collapse are those of the simulation
    BestShare best = f.bestShare("hq").at(params("4M"), tokens("320M")).orElseThrow();
    assertThat(best.share()).isCloseTo(0.33, within(1e-9));
    Estimate twice =
        f.speedup("web+hq-33")
            .at(params("4M"), tokens("160M"))
            .orElseThrow()
            .fitted()
            .orElseThrow()
            .times()
            .orElseThrow();
    assertThat(twice.interval().low()).isLessThan(2);
    assertThat(twice.interval().high()).isGreaterThan(2);
    assertThat(twice.value()).isCloseTo(2, within(0.2));
    assertThat(f.collapses())
        .filteredOn(c -> c.mixture().equals("hq"))
        .allMatch(c -> c.outcome() == Outcome.HIGHER_FLOOR)
        .hasSize(2);
    assertThat(f.collapses())
        .filteredOn(c -> c.mixture().equals("web+hq-33"))
        .noneMatch(c -> c.outcome() == Outcome.HIGHER_FLOOR);
    assertThat(f.decisionAccuracies()).isNotEmpty();
  }

  @Test
  void aColumnOfRunsNumbersTheSeeds() throws IOException {
    // given two runs of one mixture whose rows are not in the order of their checkpoints
    Path csv =
        Files.writeString(
            directory.resolve("runs.csv"),
            """
            run,N,D,m,loss
            r1,1e6,1e7,a,3
            r2,1e6,2e7,a,2.8
            r1,1e6,2e7,a,2.7
            r2,1e6,1e7,a,3.1
            """);
    LossTable table = LossTable.csv(csv).params("N").tokens("D").cluster("run");

    Findings f = RunTable.of(table, LossUnit.NATS_PER_TOKEN).mixture("m").analyze();

    assertThat(f.runs()).extracting(r -> r.key().seed()).containsExactly(0, 1, 0, 1);
    Path twice =
        Files.writeString(
            directory.resolve("twice.csv"), "run,N,D,m,loss\nr1,1e6,1e7,a,3\nr1,1e6,1e7,a,2.7\n");
    assertThatThrownBy(
            () ->
                RunTable.of(
                        LossTable.csv(twice).params("N").tokens("D").cluster("run"),
                        LossUnit.NATS_PER_TOKEN)
                    .mixture("m")
                    .analyze())
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("twice.csv:3, run r1: the same mixture, N and D as in twice.csv:2");
  }

  @Test
  void wordStatisticsAreCorrelatedWithTheLosses() throws IOException {
    String rows = "N,D,m,loss\n1e6,1e7,a,3.1\n1e6,1e7,b,3.2\n1e6,1e7,c,3.3\n1e6,1e7,d,3.4\n";
    LossTable table =
        LossTable.csv(Files.writeString(directory.resolve("words.csv"), rows))
            .params("N")
            .tokens("D");
    List<WordComparison.Fit> fits =
        Stream.of("a", "b", "c", "d")
            .map(m -> new WordComparison.Fit(m, "loss", m.charAt(0), 0, 0, -m.charAt(0), 0, 0))
            .toList();
    RunTable runs = RunTable.of(table, LossUnit.NATS_PER_TOKEN).mixture("m");

    Findings f =
        runs.words(new WordComparison("en", Tokens.tokens("10M"), 0, fits, List.of())).analyze();

    assertThat(runs.analyze().wordCorrelations()).isEmpty();
    assertThat(f.wordCorrelations())
        .filteredOn(c -> c.domain().equals("macro") && c.rho().isKnown())
        .extracting(c -> c.measure() + " " + c.rho().orElseThrow().value())
        .containsExactly("kl 1.0", "coverage_tokens -1.0");
  }

  @Test
  void bitsPerByteStayWhatTheyAre() throws IOException {
    Path csv = Files.writeString(directory.resolve("a.csv"), "N,D,m,bpb\n1e6,1e7,a,0.9\n");

    Findings f =
        RunTable.of(LossTable.csv(csv).params("N").tokens("D"), LossUnit.BITS_PER_BYTE)
            .losses("bpb")
            .mixture("m")
            .analyze();

    assertThat(f.means().get(0).macroBitsPerByte().value()).isCloseTo(0.9, within(1e-12));
    assertThat(f.provenance().warnings()).anyMatch(w -> w.contains("there are no best shares"));
  }

  @Test
  void addedTextHasTheShareOfItsSum() throws IOException {
    // given 30M synthetic tokens that were added to 60M human ones, a ratio r of 1/2
    Path csv =
        Files.writeString(
            directory.resolve("added.csv"), "N,H,S,loss\n1e6,6e7,0,3.1\n1e6,6e7,3e7,3.0\n");

    Findings f =
        RunTable.of(LossTable.csv(csv).params("N").added("H", "S"), LossUnit.NATS_PER_TOKEN)
            .analyze();

    // then the share is r / (1 + r), and D is 1 + r times the number of human tokens
    assertThat(f.provenance().mixtures().get("human+synthetic-33.3"))
        .isEqualTo(Map.of("human", 2 / 3.0, "synthetic", 1 / 3.0));
    assertThat(f.runs()).extracting(r -> r.tokens()).containsExactly(60_000_000L, 90_000_000L);
  }

  @Test
  void sizesThatRoundAlikeStayApart() throws IOException {
    Path csv =
        Files.writeString(
            directory.resolve("b.csv"), "N,D,m,loss\n79100000,1e7,a,3\n79140000,1e7,a,2.9\n");

    Findings f =
        RunTable.of(LossTable.csv(csv).params("N").tokens("D"), LossUnit.NATS_PER_TOKEN)
            .mixture("m")
            .analyze();

    assertThat(f.runs()).extracting(r -> r.key().model()).doesNotHaveDuplicates();
  }

  @Test
  void withoutSeedsNoDifferenceIsDecided() throws IOException {
    // given
    Path csv =
        Files.writeString(directory.resolve("d.csv"), "N,D,m,loss\n1e6,1e7,a,3\n1e6,1e7,b,2\n");

    // when
    Findings f =
        RunTable.of(LossTable.csv(csv).params("N").tokens("D"), LossUnit.NATS_PER_TOKEN)
            .mixture("m")
            .analyze();

    // then
    assertThat(f.comparisons())
        .hasSize(2)
        .allMatch(c -> c.difference().value() == -1 && !c.significant());
  }

  @Test
  void normalisedSharesAreReported() throws IOException {
    Path csv =
        Files.writeString(directory.resolve("f.csv"), "N,D,web,hq,loss\n1e6,1e7,.499,.499,3\n");

    Findings f = RunTable.of(shares(csv), LossUnit.NATS_PER_TOKEN).analyze();

    assertThat(f.provenance().warnings()).anyMatch(w -> w.contains("normalized to sum to 1"));
  }

  @Test
  void withoutSeedsAnyShareMayBeTheBest() throws IOException {
    // given
    Path csv =
        Files.writeString(
            directory.resolve("e.csv"),
            "N,D,web,hq,loss\n1e6,1e7,1,0,3\n1e6,1e7,.5,.5,2\n1e6,1e7,0,1,4\n");

    // when
    BestShare best =
        RunTable.of(shares(csv), LossUnit.NATS_PER_TOKEN)
            .analyze()
            .bestShare("hq")
            .at(params("1M"), tokens("10M"))
            .orElseThrow();

    // then
    assertThat(best.share()).isEqualTo(0.5);
    assertThat(best.interval()).isEqualTo(best.asGood()).isEqualTo(new Interval(0, 1));
  }

  @Test
  void oneRowIsRefusedRatherThanFitted() throws IOException {
    Path csv = Files.writeString(directory.resolve("c.csv"), "N,D,m,loss\n1e6,1e7,a,3\n");

    Findings f =
        RunTable.of(LossTable.csv(csv).params("N").tokens("D"), LossUnit.NATS_PER_TOKEN)
            .mixture("m")
            .analyze();

    assertThat(f.laws()).isEmpty();
    assertThat(f.refusals())
        .extracting(Refusal::question)
        .contains("seed noise", "decision accuracy");
  }

  @Test
  void whatIsWrongIsNamedWithLineColumnAndRule() throws IOException {
    Path csv =
        Files.writeString(
            directory.resolve("bad.csv"),
            "N,D,web,hq,wiki,code\n1e6,1e7,1,0,3,NaN\n1e6,1e7,.5,.4,-3,2\n");

    assertThatThrownBy(
            () ->
                RunTable.of(shares(csv), LossUnit.NATS_PER_TOKEN).losses("wiki", "code").analyze())
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("bad.csv:2, column code")
        .hasMessageContaining("bad.csv:3, column wiki");
  }

  @Test
  void aMixtureHasOneSetOfShares() throws IOException {
    Path csv =
        Files.writeString(
            directory.resolve("mixed.csv"),
            "m,N,D,web,hq,loss\na,1e6,1e7,1,0,3\na,1e6,2e7,.5,.5,2.9\n");

    assertThatThrownBy(
            () -> RunTable.of(shares(csv), LossUnit.NATS_PER_TOKEN).mixture("m").analyze())
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("mixed.csv:3, mixture a");
  }

  @Test
  void anUnknownBaselineIsRefusedWithTheNamesThereAre() throws IOException {
    RunTable table =
        RunTable.of(shares(simulated()), LossUnit.NATS_PER_TOKEN)
            .losses("wiki")
            .baseline("natural");

    assertThatThrownBy(table::analyze)
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("web, web+hq-33, hq");
  }

  @Test
  void saysWhichColumnsAreMissing() throws IOException {
    Path csv = simulated();

    assertThatThrownBy(
            () ->
                RunTable.of(LossTable.csv(csv).tokens("D"), LossUnit.NATS_PER_TOKEN)
                    .losses("wiki")
                    .analyze())
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("no parameter column");
    assertThatThrownBy(
            () ->
                RunTable.of(LossTable.csv(csv).params("N").tokens("D"), LossUnit.NATS_PER_TOKEN)
                    .losses("wiki")
                    .analyze())
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("no column identifies the mixture of a row");
  }
}
