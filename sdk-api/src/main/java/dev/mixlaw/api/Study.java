package dev.mixlaw.api;

import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/**
 * A grid of training runs: every mixture with every model, budget and seed, measured on every
 * domain.
 *
 * @param name names the study's directory: letters, digits, {@code . _ -}
 * @param mixtures what is compared
 * @param models which sizes
 * @param budgets training tokens, ascending
 * @param seeds runs of each point that differ in their seed only; 1 by default
 * @param seedsByMixture mixtures that have more (or fewer) seeds than the rest
 * @param domains where losses are measured
 * @param tests questions of multiple choice that models answer too; none by default
 * @param tokenizer one for all; byte-pair encoding of 4096 tokens by default
 * @param recipe how models are trained
 * @param maxRepeats how often a run may see each token of a corpus; 4 by default (Muennighoff et
 *     al. 2023: up to 4 epochs are nearly as good as new text)
 */
public record Study(
    String name,
    List<Mixture> mixtures,
    List<ModelSpec> models,
    List<Tokens> budgets,
    int seeds,
    Map<String, Integer> seedsByMixture,
    Domains domains,
    List<MultipleChoice> tests,
    TokenizerSpec tokenizer,
    Recipe recipe,
    double maxRepeats) {

  public Study {
    Objects.requireNonNull(name, "name");
    mixtures = List.copyOf(mixtures);
    models = List.copyOf(models);
    budgets = budgets.stream().sorted().toList();
    seedsByMixture = Map.copyOf(seedsByMixture);
    Objects.requireNonNull(domains, "domains");
    tests = List.copyOf(tests);
    Objects.requireNonNull(tokenizer, "tokenizer");
    Objects.requireNonNull(recipe, "recipe");
  }

  /** A study with nothing in it yet. */
  public static Study named(String name) {
    return new Study(
        name,
        List.of(),
        List.of(),
        List.of(),
        1,
        Map.of(),
        Domains.of(),
        List.of(),
        TokenizerSpec.trainedBpe(4096),
        Recipe.standard(),
        4);
  }

  /** Adds mixtures; one that is there already, word for word, is not added again. */
  public Study mixtures(Collection<Mixture> more) {
    return with(d -> more.stream().filter(m -> !d.mixtures.contains(m)).forEach(d.mixtures::add));
  }

  /** Adds mixtures; one that is there already, word for word, is not added again. */
  public Study mixtures(Mixture... more) {
    return mixtures(Arrays.asList(more));
  }

  /** Adds models. */
  public Study models(Collection<ModelSpec> more) {
    return with(d -> d.models.addAll(more));
  }

  /** Adds models. */
  public Study models(ModelSpec... more) {
    return models(Arrays.asList(more));
  }

  /** Adds budgets in training tokens, such as {@code "20M"}. */
  public Study budgets(String... more) {
    return budgets(Arrays.stream(more).map(Tokens::tokens).toArray(Tokens[]::new));
  }

  /** Adds budgets. */
  public Study budgets(Tokens... more) {
    return with(d -> d.budgets.addAll(Arrays.asList(more)));
  }

  /** How many seeds each mixture has, unless {@link #seeds(String, int)} says otherwise. */
  public Study seeds(int number) {
    return with(d -> d.seeds = number);
  }

  /** How many seeds one mixture has: several for the baseline show the noise at little cost. */
  public Study seeds(String mixture, int number) {
    return with(d -> d.seedsByMixture.put(mixture, number));
  }

  public Study evaluateOn(Domains where) {
    return with(d -> d.domains = where);
  }

  /** Adds tests of multiple choice. */
  public Study ask(MultipleChoice... more) {
    return with(d -> d.tests.addAll(Arrays.asList(more)));
  }

  public Study tokenizer(TokenizerSpec spec) {
    return with(d -> d.tokenizer = spec);
  }

  public Study recipe(Recipe newRecipe) {
    return with(d -> d.recipe = newRecipe);
  }

  public Study maxRepeats(double times) {
    return with(d -> d.maxRepeats = times);
  }

  private Study with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.study();
  }

  public int seedsOf(Mixture mixture) {
    return seedsByMixture.getOrDefault(mixture.name(), seeds);
  }

  /** All corpora of all mixtures, each once, in the order in which they first occur. */
  public List<Corpus> corpora() {
    return mixtures.stream()
        .flatMap(m -> m.parts().stream())
        .map(Mixture.Part::corpus)
        .distinct()
        .toList();
  }

  /** A study that is being changed into another. */
  private static final class Draft {
    private final String name;
    private final List<Mixture> mixtures;
    private final List<ModelSpec> models;
    private final List<Tokens> budgets;
    private int seeds;
    private final Map<String, Integer> seedsByMixture;
    private Domains domains;
    private final List<MultipleChoice> tests;
    private TokenizerSpec tokenizer;
    private Recipe recipe;
    private double maxRepeats;

    Draft(Study of) {
      name = of.name;
      mixtures = new ArrayList<>(of.mixtures);
      models = new ArrayList<>(of.models);
      budgets = new ArrayList<>(of.budgets);
      seeds = of.seeds;
      seedsByMixture = new LinkedHashMap<>(of.seedsByMixture);
      domains = of.domains;
      tests = new ArrayList<>(of.tests);
      tokenizer = of.tokenizer;
      recipe = of.recipe;
      maxRepeats = of.maxRepeats;
    }

    Study study() {
      return new Study(
          name,
          mixtures,
          models,
          budgets,
          seeds,
          seedsByMixture,
          domains,
          tests,
          tokenizer,
          recipe,
          maxRepeats);
    }
  }
}
