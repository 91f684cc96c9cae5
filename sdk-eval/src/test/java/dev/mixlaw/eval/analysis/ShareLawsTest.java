package dev.mixlaw.eval.analysis;

import static dev.mixlaw.api.units.Params.params;
import static dev.mixlaw.api.units.Tokens.tokens;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.BestShare;
import dev.mixlaw.api.results.BestShareMap;
import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.Tokens;
import java.util.List;
import org.junit.jupiter.api.Test;

class ShareLawsTest {
  private interface ShareLoss {
    double at(double share, double params, double tokens);
  }

  /** A loss whose best share is 58 % at 1M tokens and 50 % at 16M. */
  private static double parabola(double s, double n, double d) {
    return 2.5
        + 0.25 * (s - 0.35) * (s - 0.35)
        + 20 * Math.pow(n, -0.3)
        + (200 + 60 * (s - 0.7) * (s - 0.7)) * Math.pow(d, -0.35);
  }

  /** A loss that falls steeply up to a share of about 10 %, then rises; no parabola fits it. */
  private static double pinch(double s, double n, double d) {
    return 2.5 + 0.2 * s - 0.1 * (1 - Math.exp(-20 * s)) + 200 * Math.pow(d, -0.35);
  }

  private static double best(ShareLoss law, double params, Tokens tokens) {
    double best = 0;
    for (int percent = 0; percent <= 1000; percent++) {
      double s = percent / 1000.0;
      best = law.at(s, params, tokens.count()) < law.at(best, params, tokens.count()) ? s : best;
    }
    return best;
  }

  private static SyntheticRuns study(ShareLoss law, double... shares) {
    SyntheticRuns s = new SyntheticRuns();
    s.params = new long[] {1_000_000};
    s.documents = 20;
    s.domains = new String[] {"wiki"};
    s.seeds.put("web", 3);
    s.seedSpread = 0.003;
    s.runSpread = 0.003;
    s.runDocumentSpread = 0.02;
    for (double share : shares) {
      s.share(share, (n, d) -> law.at(share, n, d));
    }
    return s;
  }

  /** Findings of a study with four shares, analysed once for several tests. */
  private static final Findings FOUR_SHARES =
      analyze(study(ShareLawsTest::parabola, 0, 0.33, 0.67, 1));

  private static Findings analyze(SyntheticRuns s) {
    return new StudyAnalyst().analyze(s.provenance(), s.runs());
  }

  @Test
  void recoversABestShareThatMovesWithTheBudgetAndWasNeverRun() {
    BestShareMap map = FOUR_SHARES.bestShareMaps().get(0);

    assertThat(map.corpus()).isEqualTo("hq");
    assertThat(map.domain()).isEqualTo(FittedLaw.MACRO);
    assertThat(map.cells()).hasSize(5);
    assertThat(map.laws()).extracting(FittedLaw::form).containsExactly("share-d");
    for (BestShareMap.Cell cell : map.cells()) {
      double truth = best(ShareLawsTest::parabola, 1e6, cell.tokens());
      BestShare fitted = cell.fitted().orElseThrow();
      assertThat(fitted.basis()).isEqualTo(BestShare.Basis.SHARE_LAW);
      assertThat(fitted.share()).isCloseTo(truth, within(0.03));
      assertThat(fitted.interval().low()).isBetween(truth - 0.1, truth);
      assertThat(fitted.interval().high()).isBetween(truth, truth + 0.1);
      assertThat(fitted.asGood().contains(truth)).isTrue();
      assertThat(fitted.lossByShare()).containsKeys(0.0, 1.0, fitted.share()).hasSizeLessThan(25);
      assertThat(cell.measured().orElseThrow().share()).isIn(0.33, 0.67);
    }
  }

  @Test
  void answersBetweenTheMeasuredBudgetsAndRefusesFarBeyond() {
    Findings f = FOUR_SHARES;

    Answer<BestShare> between = f.bestShare("hq").byLawAt(params("1M"), tokens("6M"));
    assertThat(between.orElseThrow().share())
        .isCloseTo(best(ShareLawsTest::parabola, 1e6, tokens("6M")), within(0.03));
    assertThat(between.toString()).contains("from a law over shares; no share from");
    assertThat(f.bestShare("hq").byLawAt(params("1M"), tokens("2B")).toString())
        .contains("refused, D=2B is 125 times the largest measured");
    assertThat(f.extrapolatingFreely().bestShare("hq").byLawAt(params("1M"), tokens("2B")))
        .returns(true, Answer::isKnown);
    // another model size needs a law over N, but the study has a single size
    assertThat(f.bestShare("hq").byLawAt(params("5M"), tokens("6M")).toString())
        .contains("1 distinct N");
  }

  @Test
  void oneLawOfBothScalesAnswersForASizeThatWasNotRun() {
    // given four sizes, each run at four budgets
    SyntheticRuns s = study(ShareLawsTest::parabola, 0, 0.33, 0.67, 1);
    s.params = new long[] {1_000_000, 3_000_000, 9_000_000, 27_000_000};
    s.budgets = new long[] {1_000_000, 2_000_000, 4_000_000, 8_000_000};

    // when
    Findings f = analyze(s);

    // then
    assertThat(f.bestShareMaps().get(0).laws())
        .extracting(FittedLaw::form)
        .contains("share-nd")
        .doesNotContain("share-n");
    assertThat(f.bestShare("hq").byLawAt(params("5M"), tokens("6M")).orElseThrow().share())
        .isCloseTo(best(ShareLawsTest::parabola, 5e6, tokens("6M")), within(0.03));
  }

  @Test
  void threeSharesAreTooFewForALawAndTheFindingsSaySo() {
    Findings f = analyze(study(ShareLawsTest::parabola, 0, 0.5, 1));

    BestShareMap map = f.bestShareMaps().get(0);
    assertThat(map.laws()).isEmpty();
    assertThat(map.cells())
        .allMatch(c -> !c.fitted().isKnown())
        .allMatch(c -> c.measured().isKnown());
    assertThat(f.refusals())
        .extracting(Refusal::toString)
        .anyMatch(r -> r.startsWith("law of shares of hq") && r.contains("3 distinct share_hq"));
  }

  @Test
  void aParabolaThatDoesNotFitIsRefused() {
    // given losses that no parabola over the share fits, and small noise that many seeds estimate
    // well
    SyntheticRuns s = study(ShareLawsTest::pinch, 0, 0.1, 0.2, 0.33, 0.5, 0.67, 0.85, 1);
    s.seeds.put("web", 8);
    s.seedSpread = 0.001;
    s.runSpread = 0.001;
    s.runDocumentSpread = 0.005;

    // when
    Findings f = analyze(s);

    // then only a measured best share is reported
    BestShareMap map = f.bestShareMaps().get(0);
    assertThat(map.laws()).isEmpty();
    assertThat(map.cells())
        .allMatch(c -> c.fitted().toString().contains("do not follow a polynomial"))
        .allMatch(c -> c.measured().orElseThrow().share() <= 0.2);
    assertThat(f.refusals())
        .extracting(Refusal::reason)
        .anyMatch(r -> r.contains("do not follow a polynomial"));
  }

  @Test
  void aBendTooSmallForATestDoesNotMoveTheBestShareOutOfItsInterval() {
    // if the law is always a parabola, only 45 % of the intervals contain the true best share
    assertThat(new ShareLawCoverage(11, 8, 0.005, 0.5).simulate(4).interval()).isGreaterThan(0.9);
  }

  @Test
  void whereSharesFarFromTheBestSpoilTheParabolaItIsFittedWithoutThem() {
    // given a loss that is a parabola up to a share of 80 % and 0.6 nats higher above
    SyntheticRuns s =
        study(
            (x, n, d) -> parabola(x, n, d) + (x > 0.8 ? 0.6 : 0), 0, 0.2, 0.35, 0.5, 0.65, 0.8, 1);

    // when
    BestShareMap map = analyze(s).bestShareMaps().get(0);

    // then
    BestShareMap.Cell cell = map.cells().get(4);
    double truth = best(ShareLawsTest::parabola, 1e6, cell.tokens());
    assertThat(cell.fitted().orElseThrow().share()).isCloseTo(truth, within(0.04));
    assertThat(cell.fitted().toWarnings())
        .anyMatch(w -> w.startsWith("the law is valid only for shares of hq from 20 to 80 %"));
  }

  @Test
  void withoutSeedsWhatTheLawLeavesIsTakenForNoise() {
    // given the same misfit, which cannot be distinguished from seed noise without a second seed
    SyntheticRuns s = study(ShareLawsTest::pinch, 0, 0.1, 0.2, 0.33, 0.5, 0.67, 0.85, 1);
    s.seeds.clear();

    // when
    BestShareMap.Cell cell = analyze(s).bestShareMaps().get(0).cells().get(4);

    // then the range is wide enough to contain the true best share, and a warning gives the reason
    double truth = best(ShareLawsTest::pinch, 1e6, cell.tokens());
    assertThat(cell.fitted().orElseThrow().asGood().contains(truth)).isTrue();
    assertThat(cell.fitted().toString())
        .contains("without a second seed, noise and a bad fit cannot be distinguished");
  }

  @Test
  void mapsTheSharesThatRepeatLimitsAllow() {
    // given corpora of 3M tokens (web) and 1M tokens (hq)
    SyntheticRuns s =
        study(ShareLawsTest::parabola, 0, 0.33, 0.67, 1)
            .corpus("web", CorpusKind.NATURAL, "", 3_000_000)
            .corpus("hq", CorpusKind.REPHRASED, "llama-8B", 1_000_000);

    // when
    Findings f = analyze(s);
    List<BestShareMap.Cell> cells = f.bestShareMaps().get(0).cells();

    // then with 4 repeats, budgets up to 4M allow every share, 8M allows at most 50 % of hq, and
    // 16M only 25 %: 12M tokens of web and 4M of hq
    assertThat(cells.get(2).allowed()).contains(new Interval(0, 1));
    assertThat(cells.get(2).within()).isEqualTo(cells.get(2).fitted());
    assertThat(cells.get(3).allowed()).contains(new Interval(0, 0.5));
    assertThat(cells.get(3).within().orElseThrow().share()).isCloseTo(0.5, within(1e-9));
    assertThat(cells.get(4).allowed()).contains(new Interval(0.25, 0.25));
    assertThat(cells.get(4).within().orElseThrow().share()).isEqualTo(0.25);
    // and with two repeats, no share provides 16M tokens
    BestShareMap.Cell few = f.bestShare("hq").map(2).cells().get(4);
    assertThat(few.allowed()).isEmpty();
    assertThat(few.within().toString())
        .contains("every share uses the text of a corpus too many times");
    assertThatThrownBy(() -> f.bestShare("hq").map(0.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("0.5");
  }

  @Test
  void corporaOfUnknownSizeAllowNoStatementOnRepeats() {
    BestShareMap.Cell cell = FOUR_SHARES.bestShareMaps().get(0).cells().get(0);

    assertThat(cell.allowed()).isEmpty();
    assertThat(cell.within().toString()).contains("the number of tokens in a corpus is unknown");
  }
}
