package dev.mixlaw.samples;

import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.mixture.Accuracy;
import dev.mixlaw.eval.mixture.MixtureFit;
import dev.mixlaw.eval.mixture.MixtureModel;
import dev.mixlaw.eval.mixture.Proposal;
import dev.mixlaw.eval.mixture.ProposalTrial;
import dev.mixlaw.eval.report.MixtureReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A proposed mixture and the measurements that check it. The result is written as an HTML page and
 * as JSON.
 */
record BestMixtureResult(
    MixtureModel model,
    List<MixtureFit> fits,
    Map<String, Accuracy> accuracies,
    Proposal proposal,
    Mixture proposed,
    Findings tried,
    Findings trained,
    Answer<ProposalTrial> trial) {

  MixtureReport page() {
    MixtureReport page =
        MixtureReport.of(fits, proposal, LossUnit.NATS_PER_TOKEN)
            .accuracies(accuracies)
            .warnings(caveats());
    return trial.toOptional().map(page::trial).orElse(page);
  }

  private List<String> caveats() {
    List<String> caveats = new ArrayList<>();
    trial.toRefusal().map(Refusal::toString).ifPresent(caveats::add);
    caveats.addAll(trained.provenance().warnings());
    return caveats;
  }

  Document json() {
    return new Document(
        1,
        tried.provenance().study(),
        model.id(),
        model.formula(),
        fits.get(0).runs().byMixture().size(),
        fits.get(0).draws().size(),
        accuracies,
        MixtureJson.Proposed.of(proposal),
        proposed.shares(),
        trial.toOptional().map(Trial::of).orElse(null),
        caveats());
  }

  record Document(
      int schema,
      String study,
      String model,
      String formula,
      int mixtures,
      int resamples,
      Map<String, Accuracy> crossValidated,
      MixtureJson.Proposed proposal,
      Map<String, Double> trainedShares,
      @Nullable Trial trial,
      List<String> warnings) {}

  /**
   * Predicted and measured losses of the proposed mixture and of the mixtures to which it is
   * compared.
   *
   * @param asPredicted whether predicted and measured loss of the proposal agree
   * @param mixtures map from the name of each mixture to its losses
   * @param against map from the name of each other mixture to its difference from the proposal
   */
  record Trial(
      boolean asPredicted,
      Map<String, ProposalTrial.Tried> mixtures,
      Map<String, Difference> against) {
    static Trial of(ProposalTrial trial) {
      Map<String, ProposalTrial.Tried> mixtures = new LinkedHashMap<>();
      mixtures.put(trial.proposed().name(), trial.proposed());
      trial.others().forEach(t -> mixtures.put(t.name(), t));
      Map<String, Difference> against = new LinkedHashMap<>();
      trial.differences().forEach(d -> against.put(d.other(), Difference.of(d)));
      return new Trial(trial.asPredicted(), mixtures, against);
    }
  }

  record Difference(String verdict, boolean asPredicted, Estimate measured, Estimate predicted) {
    static Difference of(ProposalTrial.Difference d) {
      return new Difference(
          d.decided() ? d.measured().value() < 0 ? "better" : "worse" : "not_told",
          d.asPredicted(),
          d.measured(),
          d.predicted());
    }
  }
}
