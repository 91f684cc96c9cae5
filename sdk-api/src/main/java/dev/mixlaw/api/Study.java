package dev.mixlaw.api;

import dev.mixlaw.api.internal.SeedNoisePrior;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.units.Tokens;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A grid of training runs: every mixture is trained with every model, budget and seed, and every
 * run is measured on every domain.
 *
 * <p>Studies are immutable. Each method that takes an argument returns a modified copy.
 *
 * @param name name of the study and of its directory; consists of letters, digits and {@code . _ -}
 * @param mixtures the mixtures to compare
 * @param models the model shapes to train
 * @param budgets numbers of training tokens, in ascending order
 * @param seeds number of runs for each mixture, model and budget, which differ only in their seed;
 *     1 by default
 * @param seedsByMixture map from the name of a mixture to its number of seeds, if it differs from
 *     {@code seeds}
 * @param chosenRuns the runs of the study, if they are not all combinations of mixtures, models,
 *     budgets and seeds; empty by default
 * @param domains held-out texts on which losses are measured
 * @param tests multiple-choice tests on which the models are also measured; none by default
 * @param tokenizer tokenizer for the whole study; by default byte-pair encoding with a vocabulary
 *     of 4096
 * @param recipe settings with which models are trained
 * @param maxRepeats how often a run may see each token of a corpus; 4 by default (Muennighoff et
 *     al. 2023: up to 4 epochs are nearly as good as new text)
 * @param questions primary questions of the study; none by default
 * @param baseline name of the mixture with which all other mixtures are compared; by default the
 *     first mixture without synthetic text or, if there is none, the first mixture
 * @param rateFactors factors of the learning rate for which the order of mixtures is checked, in
 *     ascending order and without 1; none by default
 * @param startFrom directory of the model from whose weights every run starts; by default, runs
 *     start from random weights
 */
public record Study(
    String name,
    List<Mixture> mixtures,
    List<ModelSpec> models,
    List<Tokens> budgets,
    int seeds,
    Map<String, Integer> seedsByMixture,
    Set<RunKey> chosenRuns,
    Domains domains,
    List<MultipleChoice> tests,
    TokenizerSpec tokenizer,
    Recipe recipe,
    double maxRepeats,
    List<Question> questions,
    Optional<String> baseline,
    List<Double> rateFactors,
    Optional<Path> startFrom) {

  /** Copies the lists and sorts the budgets. */
  public Study {
    Objects.requireNonNull(name, "name");
    mixtures = List.copyOf(mixtures);
    models = List.copyOf(models);
    budgets = budgets.stream().sorted().toList();
    seedsByMixture = Map.copyOf(seedsByMixture);
    chosenRuns = Collections.unmodifiableSet(new LinkedHashSet<>(chosenRuns));
    Objects.requireNonNull(domains, "domains");
    tests = List.copyOf(tests);
    Objects.requireNonNull(tokenizer, "tokenizer");
    Objects.requireNonNull(recipe, "recipe");
    questions = List.copyOf(questions);
    Objects.requireNonNull(baseline, "baseline");
    rateFactors = rateFactors.stream().filter(f -> f != 1).distinct().sorted().toList();
    Objects.requireNonNull(startFrom, "startFrom");
  }

  /** Returns a study without mixtures, models, budgets and domains. */
  public static Study named(String name) {
    return new Study(
        name,
        List.of(),
        List.of(),
        List.of(),
        1,
        Map.of(),
        Set.of(),
        Domains.of(),
        List.of(),
        TokenizerSpec.trainedBpe(4096),
        Recipe.standard(),
        4,
        List.of(),
        Optional.empty(),
        List.of(),
        Optional.empty());
  }

  /**
   * Adds mixtures. Mixtures that the study already contains, with the same name and parts, are
   * ignored.
   */
  public Study mixtures(Collection<Mixture> more) {
    return with(c -> more.stream().filter(m -> !c.mixtures.contains(m)).forEach(c.mixtures::add));
  }

  /**
   * Adds mixtures. Mixtures that the study already contains, with the same name and parts, are
   * ignored.
   */
  public Study mixtures(Mixture... more) {
    return mixtures(Arrays.asList(more));
  }

  /** Adds models. */
  public Study models(Collection<ModelSpec> more) {
    return with(c -> c.models.addAll(more));
  }

  /** Adds models. */
  public Study models(ModelSpec... more) {
    return models(Arrays.asList(more));
  }

  /**
   * Adds budgets, which are numbers of training tokens such as {@code "20M"}.
   *
   * @throws IllegalArgumentException if a budget is not a positive number with an optional k, M, B
   *     or T
   */
  public Study budgets(String... more) {
    return budgets(Arrays.stream(more).map(Tokens::tokens).toArray(Tokens[]::new));
  }

  /** Adds budgets. */
  public Study budgets(Tokens... more) {
    return with(c -> c.budgets.addAll(Arrays.asList(more)));
  }

  /**
   * Sets the number of seeds for mixtures without an {@linkplain #seeds(String, int) individual
   * number}.
   *
   * @param number number of seeds, at least 1; 1 by default
   */
  public Study seeds(int number) {
    return with(c -> c.seeds = number);
  }

  /**
   * Sets the number of seeds for a single mixture. Using several seeds only for the baseline is a
   * cheap way to measure the seed noise.
   *
   * @param mixture name of a mixture of this study
   * @param number number of seeds, at least 1
   */
  public Study seeds(String mixture, int number) {
    return with(c -> c.seedsByMixture.put(mixture, number));
  }

  /**
   * Restricts the study to some of its runs. The first runs for a {@link
   * dev.mixlaw.api.results.RunDesign} are an example. Call this method after mixtures, models,
   * budgets and seeds are set.
   *
   * @param which returns whether a run is kept
   * @throws IllegalArgumentException if no run is kept
   */
  public Study only(Predicate<RunKey> which) {
    List<RunKey> kept = runs().stream().filter(which).toList();
    if (kept.isEmpty()) {
      throw new IllegalArgumentException("runs: none is kept; expected at least one");
    }
    return with(
        c -> {
          c.chosenRuns.clear();
          c.chosenRuns.addAll(kept);
        });
  }

  /**
   * Adds single runs, such as those that a {@link dev.mixlaw.api.results.RunDesign} has chosen.
   *
   * @param more runs of mixtures, models and budgets of this study, with any seeds
   */
  public Study runs(Collection<RunKey> more) {
    return with(
        c -> {
          c.chosenRuns.addAll(runs());
          c.chosenRuns.addAll(more);
        });
  }

  /**
   * Returns a copy of this study that runs all combinations. Studies that differ only in the choice
   * of runs use the same prepared text.
   */
  Study withAllRuns() {
    return with(c -> c.chosenRuns.clear());
  }

  /** Returns all runs except those that {@link #checkRates} adds. */
  public List<RunKey> runs() {
    if (!chosenRuns.isEmpty()) {
      return List.copyOf(chosenRuns);
    }
    List<RunKey> all = new ArrayList<>();
    for (Mixture mixture : mixtures) {
      for (ModelSpec model : models) {
        for (int seed = 0; seed < seedsOf(mixture); seed++) {
          for (Tokens budget : budgets) {
            all.add(new RunKey(mixture.name(), model.name(), budget, seed));
          }
        }
      }
    }
    return all;
  }

  /** Sets the domains on which losses are measured; there is no default. */
  public Study evaluateOn(Domains newDomains) {
    return with(c -> c.domains = newDomains);
  }

  /** Adds multiple-choice tests, which every fully trained model answers. */
  public Study ask(MultipleChoice... more) {
    return with(c -> c.tests.addAll(Arrays.asList(more)));
  }

  /**
   * Sets the tokenizer. By default, a tokenizer with a vocabulary of 4096 is trained on the
   * corpora.
   */
  public Study tokenizer(TokenizerSpec newTokenizer) {
    return with(c -> c.tokenizer = newTokenizer);
  }

  /** Sets the recipe with which models are trained; {@link Recipe#standard()} by default. */
  public Study recipe(Recipe newRecipe) {
    return with(c -> c.recipe = newRecipe);
  }

  /**
   * Sets how often a run may see each token of a corpus. Plans that need more repeats are rejected.
   *
   * @param times how often a run may see a token, at least 1; 4 by default
   */
  public Study maxRepeats(double times) {
    return with(c -> c.maxRepeats = times);
  }

  /**
   * Adds primary questions. Choose them before the study begins, together with their {@linkplain
   * Question#until stopping rules}.
   */
  public Study asks(Question... more) {
    return with(c -> c.questions.addAll(Arrays.asList(more)));
  }

  /**
   * Sets the mixture with which all other mixtures are compared.
   *
   * @param mixture name of a mixture of this study; by default the first mixture without synthetic
   *     text or, if there is none, the first mixture
   */
  public Study baseline(String mixture) {
    return with(c -> c.baseline = Optional.of(mixture));
  }

  /**
   * Adds runs of the baseline and of the two best other mixtures at different learning rates. These
   * runs show whether the order of mixtures depends on the recipe. They use the smallest model, the
   * largest budget and all seeds. Several seeds are needed for significant results.
   *
   * <p>The best mixtures are those with the lowest mean loss at the smallest model and the largest
   * budget. The best mixtures are known only after all mixtures are measured. Until then, the plan
   * counts the first two mixtures instead.
   *
   * @param factors factors by which the learning rate is multiplied, above 0, such as 1/3.0 and 3;
   *     a factor of 1 is ignored
   */
  public Study checkRates(double... factors) {
    return with(c -> Arrays.stream(factors).forEach(c.rateFactors::add));
  }

  /**
   * Sets a model whose pre-training is continued. Every run starts from the weights of this model,
   * with a new optimizer and a new warm-up. The study uses the tokenizer of the model and, if no
   * models were added, the shape of the model.
   *
   * <p>Budgets count only the tokens of this study. Batch size and learning rate follow the recipe
   * as if training had just begun. Every mixture should include natural text (replay), so that the
   * model does not forget what it has learned.
   *
   * @param checkpoint directory with {@code model.safetensors}, {@code config.json} and {@code
   *     tokenizer.json} of a model with the Llama or Qwen 3 architecture, such as the directory
   *     {@code runs/IDENTITY/model} of a run in the directory of a lab
   */
  public Study startFrom(Path checkpoint) {
    return with(
        c -> {
          c.startFrom = Optional.of(checkpoint);
          c.tokenizer = TokenizerSpec.huggingFace(checkpoint.resolve("tokenizer.json"));
        });
  }

  /** Returns the mixture with which all other mixtures are compared; empty if it does not exist. */
  public Optional<Mixture> baselineMixture() {
    return mixtures.stream()
        .filter(m -> baseline.map(m.name()::equals).orElseGet(() -> m.syntheticShare() == 0))
        .findFirst()
        .or(() -> mixtures.stream().filter(m -> baseline.isEmpty()).findFirst());
  }

  /**
   * Sets the number of seeds for every mixture so that a given difference between two mixtures is
   * detected with 80 % power at the largest budget. The number is based on the seed noise in
   * earlier studies. The findings report the power that was achieved. Call this method after the
   * budgets are set.
   *
   * @param nats the difference in nats per token, above 0
   * @throws IllegalStateException if the study has no budgets
   * @throws IllegalArgumentException if more than 100 seeds would be needed
   */
  public Study detect(double nats) {
    if (budgets.isEmpty()) {
      throw new IllegalStateException("detect: the study has no budgets; call Study.budgets first");
    }
    int needed = SeedNoisePrior.seeds(nats, budgets.get(budgets.size() - 1).count());
    return with(
        c -> {
          c.seeds = needed;
          c.seedsByMixture.clear();
        });
  }

  /** Returns the number of seeds of a mixture in this study. */
  public int seedsOf(Mixture mixture) {
    return chosenRuns.isEmpty()
        ? seedsByMixture.getOrDefault(mixture.name(), seeds)
        : (int)
            chosenRuns.stream()
                .filter(run -> run.mixture().equals(mixture.name()))
                .mapToInt(RunKey::seed)
                .distinct()
                .count();
  }

  /** Returns the distinct corpora of all mixtures, in the order in which they first occur. */
  public List<Corpus> corpora() {
    return mixtures.stream()
        .flatMap(m -> m.parts().stream())
        .map(Mixture.Part::corpus)
        .distinct()
        .toList();
  }

  /** Returns all problems with this description, without reading any text. */
  public List<Problem> problems() {
    return StudyRules.problems(this);
  }

  private Study with(Consumer<Copy> change) {
    Copy copy = new Copy();
    change.accept(copy);
    return copy.study();
  }

  private final class Copy {
    private final List<Mixture> mixtures = new ArrayList<>(Study.this.mixtures);
    private final List<ModelSpec> models = new ArrayList<>(Study.this.models);
    private final List<Tokens> budgets = new ArrayList<>(Study.this.budgets);
    private int seeds = Study.this.seeds;
    private final Map<String, Integer> seedsByMixture =
        new LinkedHashMap<>(Study.this.seedsByMixture);
    private final Set<RunKey> chosenRuns = new LinkedHashSet<>(Study.this.chosenRuns);
    private Domains domains = Study.this.domains;
    private final List<MultipleChoice> tests = new ArrayList<>(Study.this.tests);
    private TokenizerSpec tokenizer = Study.this.tokenizer;
    private Recipe recipe = Study.this.recipe;
    private double maxRepeats = Study.this.maxRepeats;
    private final List<Question> questions = new ArrayList<>(Study.this.questions);
    private Optional<String> baseline = Study.this.baseline;
    private final List<Double> rateFactors = new ArrayList<>(Study.this.rateFactors);
    private Optional<Path> startFrom = Study.this.startFrom;

    Study study() {
      return new Study(
          name,
          mixtures,
          models,
          budgets,
          seeds,
          seedsByMixture,
          chosenRuns,
          domains,
          tests,
          tokenizer,
          recipe,
          maxRepeats,
          questions,
          baseline,
          rateFactors,
          startFrom);
    }
  }
}
