package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Comparison;
import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.api.results.GeneratorEffect;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.TextFacts;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Compares pairs of mixtures that differ only in the generator of their synthetic text. Both
 * mixtures of a pair have the same natural corpora, shares and kinds of text, and each has exactly
 * one generator.
 */
final class GeneratorEffects {
  /** A model size in a name, such as {@code 8b} in {@code llama-8b}. */
  private static final Pattern SIZE =
      Pattern.compile(
          "(?<![\\w.])(\\d+(?:\\.\\d+)?)([kmbt])(?![a-z0-9])", Pattern.CASE_INSENSITIVE);

  private static final String UNITS = "kmbt";

  private record MixtureByGenerator(String mixture, String generator, OptionalDouble size) {}

  private record Pair(MixtureByGenerator other, MixtureByGenerator own) {}

  private final Map<String, TextFacts> corpora = new LinkedHashMap<>();
  private final List<Pair> pairs = new ArrayList<>();

  GeneratorEffects(Provenance provenance) {
    provenance.corpora().forEach(c -> corpora.put(c.name(), c));
    Map<Map<String, Double>, List<MixtureByGenerator>> byShape = new LinkedHashMap<>();
    provenance
        .mixtures()
        .forEach(
            (name, shares) ->
                generator(shares)
                    .ifPresent(
                        g ->
                            byShape
                                .computeIfAbsent(shape(shares), s -> new ArrayList<>())
                                .add(new MixtureByGenerator(name, g, size(g)))));
    for (List<MixtureByGenerator> arms : byShape.values()) {
      arms.sort(Comparator.comparingDouble(a -> a.size().orElse(Double.POSITIVE_INFINITY)));
      for (int i = 0; i < arms.size(); i++) {
        for (int j = i + 1; j < arms.size(); j++) {
          if (!arms.get(i).generator().equals(arms.get(j).generator())) {
            pairs.add(new Pair(arms.get(i), arms.get(j)));
          }
        }
      }
    }
  }

  /** Returns the generator of a mixture, or empty if it is unknown or not unique. */
  private Optional<String> generator(Map<String, Double> shares) {
    List<String> names =
        shares.keySet().stream()
            .map(corpora::get)
            .filter(c -> c != null && c.kind().synthetic())
            .map(c -> c.generator().orElse(""))
            .distinct()
            .toList();
    return names.size() == 1
            && !names.get(0).isEmpty()
            && corpora.keySet().containsAll(shares.keySet())
        ? Optional.of(names.get(0))
        : Optional.empty();
  }

  /** Returns the share of each natural corpus and of each kind of synthetic text. */
  private Map<String, Double> shape(Map<String, Double> shares) {
    Map<String, Double> shape = new TreeMap<>();
    shares.forEach(
        (name, share) -> {
          TextFacts c = corpora.get(name);
          String key = c.kind().synthetic() ? "synthetic " + c.kind() : "natural " + name;
          shape.merge(key, share, Double::sum);
        });
    shape.replaceAll((key, share) -> Math.rint(share * 1e6) / 1e6);
    return shape;
  }

  private static OptionalDouble size(String generator) {
    Matcher m = SIZE.matcher(generator);
    OptionalDouble size = OptionalDouble.empty();
    while (m.find()) {
      int unit = UNITS.indexOf(Character.toLowerCase(m.group(2).charAt(0)));
      size = OptionalDouble.of(Double.parseDouble(m.group(1)) * Math.pow(1000, unit + 1));
    }
    return size;
  }

  /**
   * Adds an entry to {@code refusals} if a kind of text has several generators but there is no pair
   * to compare.
   */
  void refuse(RefusalCollector refusals) {
    for (CorpusKind kind : CorpusKind.values()) {
      List<String> generators =
          corpora.values().stream()
              .filter(c -> c.kind() == kind)
              .flatMap(c -> c.generator().stream())
              .distinct()
              .toList();
      if (generators.size() > 1 && pairs.isEmpty()) {
        refusals.add(
            new Refusal(
                "effect of the generator: " + String.join(", ", generators),
                "no two mixtures differ only in their generator",
                "add mixtures with the same shares and kinds of text, each with one generator"));
      }
    }
  }

  static List<GeneratorEffect> adjusted(List<GeneratorEffect> all) {
    Iterator<Comparison> adjusted =
        Comparisons.adjusted(all.stream().map(GeneratorEffect::comparison).toList()).iterator();
    return all.stream()
        .map(e -> new GeneratorEffect(e.generator(), e.other(), adjusted.next()))
        .toList();
  }

  List<GeneratorEffect> of(StudyGrid grid, LossSeries series) {
    List<GeneratorEffect> all = new ArrayList<>();
    for (Pair pair : pairs) {
      for (StudyGrid.Cell cell : grid.of(pair.own().mixture())) {
        grid.cell(pair.other().mixture(), cell.model(), cell.budget())
            .ifPresent(
                other ->
                    all.add(
                        new GeneratorEffect(
                            pair.own().generator(),
                            pair.other().generator(),
                            Comparisons.of(series, cell, other))));
      }
    }
    return all;
  }
}
