package dev.mixlaw.samples;

import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.eval.mixture.Accuracy;
import dev.mixlaw.eval.mixture.MixtureFit;
import dev.mixlaw.eval.mixture.MixtureModel;
import dev.mixlaw.eval.mixture.Proposal;
import dev.mixlaw.eval.mixture.ProposalTrial;
import dev.mixlaw.eval.report.MixtureReport;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A proposed mixture and what became of it, as a page and for programs. */
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
        MixtureReport.of(fits, proposal, "nats per token")
            .accuracies(accuracies)
            .warnings(doubts());
    return trial.toOptional().map(page::trial).orElse(page);
  }

  private List<String> doubts() {
    List<String> doubts = new ArrayList<>();
    if (trial instanceof Answer.Refused<ProposalTrial> refused) {
      doubts.add(refused.refusal().toString());
    }
    doubts.addAll(trained.provenance().warnings());
    return doubts;
  }

  Map<String, Object> json() {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("study", tried.provenance().study());
    json.put("model", model.id());
    json.put("formula", model.formula());
    json.put("mixtures", fits.get(0).runs().byMixture().size());
    json.put("resamples", fits.get(0).draws().size());
    Map<String, Object> told = new LinkedHashMap<>();
    accuracies.forEach(
        (domain, a) ->
            told.put(
                domain,
                Map.of("spearman", a.spearman(), "mean_relative_error", a.meanRelativeError())));
    json.put("cross_validated", told);
    json.put("proposal", MixtureJson.proposal(proposal));
    json.put("trained_shares", proposed.shares());
    json.put("trial", trial.toOptional().map(BestMixtureResult::trial).orElse(null));
    json.put("warnings", doubts());
    return json;
  }

  private static Map<String, Object> trial(ProposalTrial trial) {
    Map<String, Object> mixtures = new LinkedHashMap<>();
    mixtures.put(trial.proposed().name(), tried(trial.proposed()));
    trial.others().forEach(t -> mixtures.put(t.name(), tried(t)));
    Map<String, Object> against = new LinkedHashMap<>();
    for (ProposalTrial.Difference d : trial.differences()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("verdict", d.verdict().name().toLowerCase(Locale.ROOT));
      one.put("as_predicted", d.asPredicted());
      one.put("measured", MixtureJson.estimate(d.measured()));
      one.put("predicted", MixtureJson.estimate(d.predicted()));
      against.put(d.other(), one);
    }
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("as_predicted", trial.asPredicted());
    json.put("mixtures", mixtures);
    json.put("against", against);
    return json;
  }

  private static Map<String, Object> tried(ProposalTrial.Tried tried) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("measured", MixtureJson.estimate(tried.measured()));
    json.put("predicted", MixtureJson.estimate(tried.predicted()));
    json.put("seeds", tried.seeds());
    json.put("shares", tried.shares());
    return json;
  }
}
