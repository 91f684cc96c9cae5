package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.eval.mixture.ProposalTrial.Difference;
import dev.mixlaw.eval.mixture.ProposalTrial.Tried;
import dev.mixlaw.eval.stats.Contrast;
import dev.mixlaw.eval.stats.NoiseEstimate;
import dev.mixlaw.eval.stats.Quantiles;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

final class ProposalEvaluation {
  private final Proposal proposal;
  private final WeightedLoss blend;
  private final Map<String, Measured> measured = new LinkedHashMap<>();
  private final Optional<NoiseEstimate> noise;

  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  private record Measured(double[] shares, double[] losses) {
    double mean() {
      return Arrays.stream(losses).average().orElseThrow();
    }
  }

  /**
   * Creates an evaluation.
   *
   * @param runs map from mixture to its runs, without the runs that were fitted
   */
  ProposalEvaluation(Proposal proposal, List<MixtureFit> fits, Map<String, MixtureRuns> runs) {
    this.proposal = proposal;
    this.blend = new WeightedLoss(fits, proposal.weights(), proposal.scale());
    runs.forEach((name, own) -> measured.put(name, new Measured(own.meanShares(), averages(own))));
    noise = NoiseEstimate.pooled(measured.values().stream().map(Measured::losses).toList());
  }

  private double[] averages(MixtureRuns runs) {
    double[] averages = new double[runs.size()];
    proposal
        .weights()
        .forEach(
            (domain, weight) -> {
              double[] losses = runs.losses(domain);
              Arrays.setAll(averages, i -> averages[i] + weight * losses[i]);
            });
    return averages;
  }

  Answer<ProposalTrial> compare(String name) {
    String question = "evaluation of the proposal for " + proposal.target();
    Measured proposed = measured.get(name);
    if (proposed == null || measured.size() < 2) {
      return Answer.refused(
          question,
          "the only new runs at %s are those of the mixtures %s"
              .formatted(proposal.scale(), measured.keySet()),
          "run the proposed mixture (%s) and at least one other mixture, with seeds that the fit did not use"
              .formatted(name));
    }
    if (noise.isEmpty()) {
      return Answer.refused(
          question,
          "no mixture has two new seeds, so the seed noise cannot be estimated",
          "set Study.seeds to 3 or more");
    }
    double[] draws = blend.draws(proposed.shares());
    List<Tried> others = new ArrayList<>();
    List<Difference> differences = new ArrayList<>();
    measured.forEach(
        (other, of) -> {
          if (!other.equals(name)) {
            others.add(tried(other, of));
            double[] theirs = blend.draws(of.shares());
            double[] difference = new double[draws.length];
            Arrays.setAll(difference, r -> draws[r] - theirs[r]);
            differences.add(
                new Difference(
                    other,
                    new Estimate(
                        blend.loss(proposed.shares()) - blend.loss(of.shares()),
                        Quantiles.interval95(difference)),
                    measured(
                        proposed.mean() - of.mean(),
                        1.0 / proposed.losses().length + 1.0 / of.losses().length)));
          }
        });
    return Answer.known(
        new ProposalTrial(
            proposal.target(), proposal.scale(), tried(name, proposed), others, differences));
  }

  private Tried tried(String name, Measured of) {
    Map<String, Double> shares = new LinkedHashMap<>();
    for (int j = 0; j < of.shares().length; j++) {
      shares.put(proposal.parts().get(j).source(), of.shares()[j]);
    }
    return new Tried(
        name,
        shares,
        new Estimate(blend.loss(of.shares()), Quantiles.interval95(blend.draws(of.shares()))),
        measured(of.mean(), 1.0 / of.losses().length),
        of.losses().length);
  }

  /**
   * Returns a value with its Student's t interval, which reflects the seed noise.
   *
   * @param variance variance of the value, as a multiple of the variance of one run
   */
  private Estimate measured(double value, double variance) {
    return new Contrast(value, noise.orElseThrow().times(Math.sqrt(variance))).estimate();
  }
}
