package dev.mixlaw.samples;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
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
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The JSON document of a fitted mixture model.
 *
 * @param proposals map from the name of each proposal in the document to the proposal, which is
 *     null if the data do not support it
 */
record MixtureJson(
    int schema,
    String form,
    String model,
    String formula,
    String target,
    String status,
    Map<String, Estimate> parameters,
    @Nullable Double spearman,
    @Nullable Double meanRelativeError,
    @Nullable String measuredOn,
    @Nullable Integer nMeasuredOn,
    int n,
    List<String> sources,
    double fitSeconds,
    int resamples,
    @JsonAnyGetter Map<String, @Nullable Proposed> proposals,
    List<String> warnings) {
  private static final int SCHEMA = 1;

  record Proposed(
      String target,
      @Nullable Long params,
      @Nullable Long tokens,
      Estimate loss,
      Map<String, Share> shares,
      Map<String, Proposal.Baseline> baselines,
      List<String> warnings) {
    static Proposed of(Proposal proposal) {
      Map<String, Share> shares = new LinkedHashMap<>();
      proposal.parts().forEach(part -> shares.put(part.source(), Share.of(part)));
      Map<String, Proposal.Baseline> baselines = new LinkedHashMap<>();
      proposal.baselines().forEach(b -> baselines.put(b.name(), b));
      return new Proposed(
          proposal.target(),
          proposal.scale().params().map(Params::count).orElse(null),
          proposal.scale().tokens().map(Tokens::count).orElse(null),
          proposal.loss(),
          shares,
          baselines,
          proposal.warnings());
    }
  }

  /**
   * A proposed share.
   *
   * @param interval 95 % interval of the best share
   * @param asGood range of shares whose loss is not significantly higher
   * @param allowed bounds of the share during the search
   */
  record Share(double value, @JsonUnwrapped Interval interval, Interval asGood, Interval allowed) {
    static Share of(Proposal.Part part) {
      return new Share(part.share(), part.interval(), part.asGood(), part.allowed());
    }
  }

  static MixtureJson of(
      MixtureModel model,
      MixtureFit fit,
      double seconds,
      Optional<Accuracy> accuracy,
      Map<String, Answer<Proposal>> answers,
      List<String> warnings) {
    Map<String, @Nullable Proposed> proposals = new LinkedHashMap<>();
    answers.forEach((n, a) -> proposals.put(n, a.toOptional().map(Proposed::of).orElse(null)));
    return new MixtureJson(
        SCHEMA,
        model.id(),
        model.id(),
        model.formula(),
        fit.domain(),
        "fitted",
        fit.parameters(),
        of(accuracy, Accuracy::spearman),
        of(accuracy, Accuracy::meanRelativeError),
        of(accuracy, Accuracy::on),
        of(accuracy, Accuracy::runs),
        fit.runs().size(),
        fit.runs().sources(),
        seconds,
        fit.draws().size(),
        proposals,
        warnings);
  }

  private static <T> @Nullable T of(Optional<Accuracy> accuracy, Function<Accuracy, T> value) {
    return accuracy.map(value).orElse(null);
  }
}
