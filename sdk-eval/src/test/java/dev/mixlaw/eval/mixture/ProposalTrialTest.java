package dev.mixlaw.eval.mixture;

import static dev.mixlaw.api.units.LossUnit.NATS_PER_TOKEN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.units.Tokens;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ProposalTrialTest {
  private static final List<Corpus> CORPORA =
      Stream.of("a", "b", "c").map(n -> Corpus.jsonl(Path.of(n + ".jsonl"))).toList();

  private static final List<MixtureFit> FITS = fits();
  private static final Proposal PROPOSAL =
      Proposer.of(FITS)
          .natural(Map.of("a", 0.2, "b", 0.2, "c", 0.6))
          .best(Map.of("x", 1.0, "y", 1.0))
          .orElseThrow();

  /** Returns fits to 20 simulated mixtures, spread over three corpora, for domains x and y. */
  private static List<MixtureFit> fits() {
    Found tried = new Found(0.003, 1);
    for (Mixture mixture : Mixture.spread(CORPORA, 20, 3)) {
      tried.mixture(
          mixture.name(),
          1,
          CORPORA.stream().mapToDouble(c -> mixture.shareOf(c.name()).orElse(0)).toArray());
    }
    return MixtureModel.kriging()
        .fitAll(MixtureRuns.of(tried.findings(), NATS_PER_TOKEN), Resamples.of(100, 1))
        .orElseThrow();
  }

  private static Found trained(double higher) {
    return new Found(0.003, 2)
        .mixture("natural", 4, 0.2, 0.2, 0.6)
        .mixture("near", 3, 0.49, 0.41, 0.1)
        .mixture("proposed", 0, 3, higher, shares());
  }

  private static double[] shares() {
    return PROPOSAL.parts().stream().mapToDouble(Proposal.Part::share).toArray();
  }

  private static Answer<ProposalTrial> trial(Found trained) {
    return ProposalTrial.of(PROPOSAL, FITS, trained.findings(), NATS_PER_TOKEN, "proposed");
  }

  @Test
  void aProposalFromSpreadMixturesHasTheBestShares() {
    // the minimum of the mean of two such paraboloids is halfway between their minima
    assertThat(PROPOSAL.part("a").share()).isCloseTo(0.5, within(0.04));
    assertThat(PROPOSAL.part("b").share()).isCloseTo(0.4, within(0.04));
    assertThat(PROPOSAL.weights()).isEqualTo(Map.of("x", 0.5, "y", 0.5));
  }

  @Test
  void aGoodProposalIsBetterAsPredictedAndASimilarMixtureIsNotSignificantlyDifferent() {
    ProposalTrial trial = trial(trained(0)).orElseThrow();

    assertThat(trial.asPredicted()).isTrue();
    assertThat(trial.proposed().seeds()).isEqualTo(3);
    ProposalTrial.Difference natural = trial.differences().get(0);
    assertThat(natural.other()).isEqualTo("natural");
    assertThat(natural.relation()).isEqualTo("better than");
    assertThat(natural.asPredicted()).isTrue();
    assertThat(natural.measured().value()).isCloseTo(-0.38, within(0.01));
    assertThat(trial.differences().get(1).decided()).isFalse();
    assertThat(trial.toString()).contains("as predicted", "better than natural");
  }

  @Test
  void aProposalThatIsWorseThanPredictedIsReported() {
    ProposalTrial trial = trial(trained(0.5)).orElseThrow();

    assertThat(trial.asPredicted()).isFalse();
    assertThat(trial.differences())
        .allSatisfy(
            d -> {
              assertThat(d.relation()).isEqualTo("worse than");
              assertThat(d.asPredicted()).isFalse();
            });
    assertThat(trial.toString())
        .contains("not as predicted", "worse than natural", "the two disagree");
  }

  @Test
  void runsThatWereFittedDoNotCountAgain() {
    Mixture best = Mixture.spread(CORPORA, 20, 3).get(0);
    double[] shares = CORPORA.stream().mapToDouble(c -> best.shareOf(c.name()).orElse(0)).toArray();

    ProposalTrial trial = trial(trained(0).mixture(best.name(), 3, shares)).orElseThrow();

    assertThat(trial.others())
        .filteredOn(t -> t.name().equals(best.name()))
        .singleElement()
        .satisfies(t -> assertThat(t.seeds()).isEqualTo(2));
  }

  @Test
  void fewSeedsLeaveWideIntervals() {
    ProposalTrial two =
        trial(
                new Found(0.003, 2)
                    .mixture("natural", 1, 0.2, 0.2, 0.6)
                    .mixture("proposed", 2, shares()))
            .orElseThrow();

    // the quantile of Student's t with one degree of freedom is 12.7, so the width is about 25.4
    // standard errors
    double width =
        two.proposed().measured().interval().high() - two.proposed().measured().interval().low();
    double[] losses =
        MixtureRuns.of(
                new Found(0.003, 2)
                    .mixture("natural", 1, 0.2, 0.2, 0.6)
                    .mixture("proposed", 2, shares())
                    .findings(),
                NATS_PER_TOKEN)
            .losses("x");
    double error = Math.abs(losses[2] - losses[1]) / 2; // standard error of the mean of two
    assertThat(width / error).isBetween(20.0, 32.0);
  }

  @Test
  void whatCannotBeComputedIsRefused() {
    assertThat(
            trial(
                new Found(0, 2)
                    .mixture("natural", 1, 0.2, 0.2, 0.6)
                    .mixture("proposed", 1, shares())))
        .asString()
        .contains("refused", "two new seeds");
    assertThat(trial(new Found(0, 2).mixture("natural", 3, 0.2, 0.2, 0.6)))
        .asString()
        .contains("refused", "proposed");
    assertThat(trial(new Found(0, 2).mixture("proposed", 3, shares())))
        .asString()
        .contains("refused", "at least one other mixture");
  }

  @Test
  void theProposalIsAMixtureWithinWhatIsAllowed() {
    Proposal tight =
        Proposer.of(FITS)
            .natural(Map.of("a", 1.0))
            .repeatLimits(Map.of("a", Tokens.tokens("99k")), Tokens.tokens("1M"), 4)
            .within("c", 0, 0.06)
            .best(Map.of("x", 1.0, "y", 1.0))
            .orElseThrow();

    Mixture whole = tight.mixture("proposed", CORPORA, 0.02);
    Mixture raised = tight.mixture("proposed", CORPORA, 0.055);
    Mixture dropped = tight.mixture("proposed", CORPORA, 0.2);

    assertThat(whole.name()).isEqualTo("proposed");
    assertThat(whole.shareOf("a").orElseThrow()).isCloseTo(0.396, within(1e-9));
    assertThat(whole.shares().values().stream().mapToDouble(s -> s).sum())
        .isCloseTo(1, within(1e-12));
    assertThat(raised.shareOf("c").orElseThrow()).isGreaterThanOrEqualTo(0.055);
    assertThat(dropped.shareOf("c")).isEmpty();
    assertThat(dropped.shareOf("a").orElseThrow()).isLessThanOrEqualTo(0.396 + 1e-12);
    assertThatThrownBy(() -> tight.mixture("proposed", CORPORA.subList(0, 2), 0.02))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("[a, b]");
    Proposal narrow =
        Proposer.of(FITS)
            .natural(Map.of("a", 1.0))
            .within("a", 0, 0.6)
            .within("b", 0, 0.6)
            .within("c", 0, 0.6)
            .best(Map.of("x", 1.0, "y", 1.0))
            .orElseThrow();
    assertThatThrownBy(() -> narrow.mixture("proposed", CORPORA, 0.7))
        .hasMessageContaining("smallest share");
  }
}
