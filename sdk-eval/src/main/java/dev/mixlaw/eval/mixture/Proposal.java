package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;

/**
 * The shares that a model holds best, beside the mixtures one would take without it.
 *
 * @param model id of the model
 * @param target the domain, or the domains with their weights, in words
 * @param weights of the domains that the loss is an average of, together 1
 * @param scale that the losses are of
 * @param parts one a source, in their order
 * @param loss predicted at the proposal
 * @param baselines natural and uniform
 * @param warnings what a reader must know
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

  /** Name of the baseline that takes text as it comes. */
  public static final String NATURAL = "natural";

  /** Name of the baseline with the same share of every source. */
  public static final String UNIFORM = "uniform";

  public Proposal {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(target, "target");
    Objects.requireNonNull(scale, "scale");
    Objects.requireNonNull(loss, "loss");
    weights = Collections.unmodifiableMap(new LinkedHashMap<>(weights));
    parts = List.copyOf(parts);
    baselines = List.copyOf(baselines);
    warnings = List.copyOf(warnings);
  }

  /**
   * A source in the proposal.
   *
   * @param source its name
   * @param share proposed
   * @param interval of the best share, over refits to resampled runs
   * @param asGood shares of it, the others changed in proportion, whose loss the runs cannot tell
   *     from the best: the 95 % interval of the difference holds 0
   * @param allowed bounds it was looked for in
   */
  public record Part(
      String source, double share, Interval interval, Interval asGood, Interval allowed) {
    public Part {
      Objects.requireNonNull(source, "source");
      Objects.requireNonNull(interval, "interval");
      Objects.requireNonNull(asGood, "asGood");
      Objects.requireNonNull(allowed, "allowed");
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%s %.1f %% (best from %.1f to %.1f; any share from %.1f to %.1f %% is as good)",
          source,
          100 * share,
          100 * interval.low(),
          100 * interval.high(),
          100 * asGood.low(),
          100 * asGood.high());
    }
  }

  /**
   * A mixture that takes no model.
   *
   * @param name {@link #NATURAL} or {@link #UNIFORM}
   * @param shares by source
   * @param loss predicted there
   * @param difference the proposal's loss minus this one, both from the same refits: below 0 where
   *     the proposal is better
   */
  public record Baseline(
      String name, Map<String, Double> shares, Estimate loss, Estimate difference) {
    public Baseline {
      Objects.requireNonNull(name, "name");
      Objects.requireNonNull(loss, "loss");
      Objects.requireNonNull(difference, "difference");
      shares = Collections.unmodifiableMap(new LinkedHashMap<>(shares));
    }
  }

  /** Proposed shares by source. */
  public Map<String, Double> shares() {
    Map<String, Double> shares = new LinkedHashMap<>();
    parts.forEach(p -> shares.put(p.source(), p.share()));
    return Collections.unmodifiableMap(shares);
  }

  /**
   * The proposal as a mixture to train. A share under {@code least} is raised to it or left out,
   * whichever is nearer, and the others give or take what that makes, within what is allowed.
   *
   * @param name of the mixture
   * @param corpora one of each source's name, in the order of the mixture's parts
   * @param least smallest share: a sequence or more of the budget it is trained on
   * @throws MixlawException if a source has no corpus, or no such shares are allowed
   */
  public Mixture mixture(String name, List<Corpus> corpora, double least) {
    Map<String, Corpus> byName = new LinkedHashMap<>();
    corpora.forEach(c -> byName.put(c.name(), c));
    List<String> sources = parts.stream().map(Part::source).toList();
    if (!byName.keySet().equals(Set.copyOf(sources))) {
      throw wrong(
          "corpora of the proposed mixture", byName.keySet().toString(), "those of " + sources);
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
      throw wrong(
          "smallest share of the proposed mixture", Double.toString(least), "a smaller one");
    }
    double[] shares = box.nearest(parts.stream().mapToDouble(Part::share).toArray());
    Mixture mixture = Mixture.named(name);
    for (String corpus : byName.keySet()) {
      double share = shares[sources.indexOf(corpus)];
      mixture = share > 0 ? mixture.with(byName.get(corpus), share) : mixture;
    }
    return mixture;
  }

  private static MixlawException wrong(String what, String actual, String allowed) {
    return new MixlawException(
        MixlawException.Kind.DESCRIPTION, new Problem(what, actual, allowed, "Proposal.mixture"));
  }

  /**
   * A source's part.
   *
   * @throws IllegalArgumentException if there is none of the name
   */
  public Part part(String source) {
    return parts.stream()
        .filter(p -> p.source().equals(source))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no source " + source + " in " + shares()));
  }

  /**
   * A baseline by name.
   *
   * @throws IllegalArgumentException if there is none, as where the model says nothing of it
   */
  public Baseline baseline(String name) {
    return baselines.stream()
        .filter(b -> b.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no baseline " + name));
  }

  @Override
  public String toString() {
    StringBuilder text =
        new StringBuilder("best shares for " + target + " by " + model + ", loss " + loss + ":");
    parts.stream()
        .sorted((a, b) -> Double.compare(b.share(), a.share()))
        .forEach(p -> text.append("\n  ").append(p));
    baselines.forEach(
        b ->
            text.append("\n  beside ")
                .append(b.name())
                .append(": ")
                .append(b.loss())
                .append(", difference ")
                .append(b.difference()));
    warnings.forEach(w -> text.append("\n  warning: ").append(w));
    return text.toString();
  }
}
