package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The best shares according to a mixture model, and their comparison with two baselines.
 *
 * @param target description of the domain, or of the domains with their weights
 * @param weights map from domain to weight; the weights sum to 1
 * @param scale model size and budget of the predicted losses
 * @param parts proposed shares, in the order of the sources
 * @param baselines the natural and the uniform mixture
 */
public record Proposal(
    String model,
    String target,
    Map<String, Double> weights,
    TrainingScale scale,
    List<Part> parts,
    Estimate loss,
    List<Baseline> baselines,
    List<String> warnings) {
  /** Name of the baseline with the natural shares. */
  public static final String NATURAL = "natural";

  /** Name of the baseline with equal shares of all sources. */
  public static final String UNIFORM = "uniform";

  public Proposal {
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    parts = List.copyOf(parts);
    baselines = List.copyOf(baselines);
    warnings = List.copyOf(warnings);
  }

  /**
   * The proposed share of one source.
   *
   * @param interval 95 % interval of the best share, from refits to resampled runs
   * @param asGood range in which this share can change, with the other shares changed in
   *     proportion, without a significant difference in loss from the proposal
   * @param allowed bounds of the share during the search
   */
  public record Part(
      String source, double share, Interval interval, Interval asGood, Interval allowed) {
    @Override
    public String toString() {
      boolean range = asGood.high() - asGood.low() >= 0.0005;
      return Texts.format(
          "%s %.1f %% (95 %% interval %.1f to %.1f; %s)",
          source,
          100 * share,
          100 * interval.low(),
          100 * interval.high(),
          range
              ? Texts.format(
                  "no share from %.1f to %.1f %% is significantly worse",
                  100 * asGood.low(), 100 * asGood.high())
              : "every other share is significantly worse, or not allowed");
    }
  }

  /**
   * A mixture that can be chosen without a model.
   *
   * @param name {@link #NATURAL} or {@link #UNIFORM}
   * @param shares map from source to share
   * @param difference loss of the proposal minus the loss of this mixture, where each refit
   *     predicts both losses; negative if the proposal is better
   */
  public record Baseline(
      String name, Map<String, Double> shares, Estimate loss, Estimate difference) {
    public Baseline {
      shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
    }
  }

  /** Returns a map from source to proposed share. */
  public Map<String, Double> shares() {
    Map<String, Double> shares = new LinkedHashMap<>();
    parts.forEach(p -> shares.put(p.source(), p.share()));
    return Collections.unmodifiableMap(shares);
  }

  /**
   * Returns the proposal as a mixture to train. A share below {@code least} is rounded to 0 or
   * {@code least}, and the other shares are adjusted within their bounds.
   *
   * @param corpora corpora of all sources, in the order of the parts of the new mixture
   * @param least smallest positive share that the mixture may contain, such as the share of one
   *     sequence in the budget
   * @throws MixlawException if a source has no corpus, or if no allowed shares satisfy {@code
   *     least}
   */
  public Mixture mixture(String name, List<Corpus> corpora, double least) {
    Map<String, Corpus> byName = new LinkedHashMap<>();
    corpora.forEach(c -> byName.put(c.name(), c));
    List<String> sources = parts.stream().map(Part::source).toList();
    if (!byName.keySet().equals(Set.copyOf(sources))) {
      throw MixlawException.description(
          "corpora of the proposed mixture",
          byName.keySet().toString(),
          "the corpora of the sources " + sources,
          "correct the arguments of Proposal.mixture");
    }
    double[] low = new double[parts.size()];
    double[] high = new double[parts.size()];
    for (int j = 0; j < low.length; j++) {
      Part part = parts.get(j);
      boolean kept = part.share() >= least / 2 && part.allowed().high() >= least;
      low[j] = kept ? Math.max(least, part.allowed().low()) : 0;
      high[j] = kept ? part.allowed().high() : 0;
    }
    ShareBounds box = new ShareBounds(low, high);
    if (!(least >= 0) || !box.feasible()) {
      throw MixlawException.description(
          "smallest share of the proposed mixture",
          Double.toString(least),
          "a smaller share",
          "correct the arguments of Proposal.mixture");
    }
    double[] shares = box.nearest(parts.stream().mapToDouble(Part::share).toArray());
    Mixture mixture = Mixture.named(name);
    for (String corpus : byName.keySet()) {
      double share = shares[sources.indexOf(corpus)];
      mixture = share > 0 ? mixture.with(byName.get(corpus), share) : mixture;
    }
    return mixture;
  }

  /**
   * Returns the part of a source.
   *
   * @throws IllegalArgumentException if there is no source of this name
   */
  public Part part(String source) {
    return parts.stream()
        .filter(p -> p.source().equals(source))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "no source " + source + "; expected one of " + shares().keySet()));
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder(
            "best shares for " + target + " with model " + model + ", loss " + loss + ":");
    parts.stream()
        .sorted((a, b) -> Double.compare(b.share(), a.share()))
        .forEach(p -> text.append("\n  ").append(p));
    baselines.forEach(
        b ->
            text.append("\n  compared with ")
                .append(b.name())
                .append(": ")
                .append(b.loss())
                .append(", difference ")
                .append(b.difference()));
    warnings.forEach(w -> text.append("\n  warning: ").append(w));
    return text.toString();
  }
}
