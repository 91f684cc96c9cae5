package dev.mixlaw.samples;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.mixture.Accuracy;
import dev.mixlaw.eval.mixture.MixtureFit;
import dev.mixlaw.eval.mixture.MixtureModel;
import dev.mixlaw.eval.mixture.Proposal;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What a fitted mixture model says, as a JSON file holds it. */
record MixtureJson(
    MixtureModel model,
    MixtureFit fit,
    double seconds,
    Optional<Accuracy> accuracy,
    Map<String, Answer<Proposal>> proposals,
    List<String> warnings) {

  Map<String, Object> content() {
    Map<String, Object> json = head(model, fit.domain());
    json.put("status", "fitted");
    json.put("parameters", estimates(fit.parameters()));
    json.put("spearman", accuracy.map(Accuracy::spearman).orElse(null));
    json.put("mean_relative_error", accuracy.map(Accuracy::meanRelativeError).orElse(null));
    json.put("measured_on", accuracy.map(Accuracy::on).orElse(null));
    json.put("n_measured_on", accuracy.map(Accuracy::runs).orElse(null));
    json.put("n", fit.runs().size());
    json.put("sources", fit.runs().sources());
    json.put("fit_seconds", seconds);
    json.put("resamples", fit.draws().size());
    proposals.forEach(
        (name, answer) ->
            json.put(name, answer.toOptional().map(MixtureJson::proposal).orElse(null)));
    json.put("warnings", warnings);
    return json;
  }

  static Map<String, Object> refused(
      MixtureModel model, String target, Refusal refusal, List<String> warnings) {
    Map<String, Object> json = head(model, target);
    json.put("status", "refused");
    json.put("parameters", Map.of());
    json.put("reason", refusal.reason());
    json.put("remedy", refusal.remedy());
    json.put("warnings", warnings);
    return json;
  }

  private static Map<String, Object> head(MixtureModel model, String target) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("form", model.id());
    json.put("model", model.id());
    json.put("formula", model.formula());
    json.put("target", target);
    return json;
  }

  static Map<String, Object> proposal(Proposal proposal) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("target", proposal.target());
    json.put("params", proposal.scale().params().map(Params::count).orElse(null));
    json.put("tokens", proposal.scale().tokens().map(Tokens::count).orElse(null));
    json.put("loss", estimate(proposal.loss()));
    Map<String, Object> shares = new LinkedHashMap<>();
    for (Proposal.Part part : proposal.parts()) {
      Map<String, Object> share = new LinkedHashMap<>();
      share.put("value", part.share());
      share.putAll(ends(part.interval()));
      share.put("as_good", ends(part.asGood()));
      share.put("allowed", ends(part.allowed()));
      shares.put(part.source(), share);
    }
    json.put("shares", shares);
    Map<String, Object> baselines = new LinkedHashMap<>();
    for (Proposal.Baseline baseline : proposal.baselines()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("loss", estimate(baseline.loss()));
      one.put("difference", estimate(baseline.difference()));
      one.put("shares", baseline.shares());
      baselines.put(baseline.name(), one);
    }
    json.put("baselines", baselines);
    json.put("warnings", proposal.warnings());
    return json;
  }

  private static Map<String, Object> estimates(Map<String, Estimate> estimates) {
    Map<String, Object> json = new LinkedHashMap<>();
    estimates.forEach((name, value) -> json.put(name, estimate(value)));
    return json;
  }

  static Map<String, Object> estimate(Estimate estimate) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("value", estimate.value());
    json.putAll(ends(estimate.interval()));
    return json;
  }

  private static Map<String, Object> ends(Interval interval) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("low", interval.low());
    json.put("high", interval.high());
    return json;
  }
}
