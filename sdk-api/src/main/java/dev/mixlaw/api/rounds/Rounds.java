package dev.mixlaw.api.rounds;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Rounds of training on own text, by one or more strategies: train, write, mix, train.
 *
 * <pre>{@code
 * Rounds.of(web).named("collapse").model(ModelSpec.ladder("200k").get(0)).tokens("300k")
 *     .rounds(3).strategy(REPLACE).and(ACCUMULATE).seeds(2).evaluateOn(domains);
 * }</pre>
 *
 * <p>Every round of every strategy trains a fresh model of the same shape with the same recipe,
 * whose learning rate and batch are those of round 0. A seed is a chain: models of one seed begin
 * with the same weights in every round, and each is trained on what its own chain wrote.
 *
 * @param name of the directory: letters, digits, {@code . _ -}
 * @param corpus the natural text
 * @param model in every round; must be given
 * @param tokens that round 0 trains on; must be given
 * @param rounds after round 0; 3 by default
 * @param strategies each its own chain from the same round 0
 * @param seeds chains of each strategy; 1 by default
 * @param writing how text is written
 * @param domains real held-out text
 * @param tokenizer of all rounds; when trained, then on the natural text alone
 * @param recipe of all rounds
 * @param maxRepeats how often a run may see each token of a text; 4 by default
 */
public record Rounds(
    String name,
    Corpus corpus,
    Optional<ModelSpec> model,
    Optional<Tokens> tokens,
    int rounds,
    List<Strategy> strategies,
    int seeds,
    Writing writing,
    Domains domains,
    TokenizerSpec tokenizer,
    Recipe recipe,
    double maxRepeats) {

  public Rounds {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(corpus, "corpus");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(tokens, "tokens");
    strategies = List.copyOf(strategies);
    Objects.requireNonNull(writing, "writing");
    Objects.requireNonNull(domains, "domains");
    Objects.requireNonNull(tokenizer, "tokenizer");
    Objects.requireNonNull(recipe, "recipe");
  }

  /** Rounds that begin with a natural corpus; three, named {@code rounds}, with no strategy yet. */
  public static Rounds of(Corpus natural) {
    return new Rounds(
        "rounds",
        natural,
        Optional.empty(),
        Optional.empty(),
        3,
        List.of(),
        1,
        Writing.unconditional(),
        Domains.of(),
        TokenizerSpec.trainedBpe(4096),
        Recipe.standard(),
        4);
  }

  public Rounds named(String newName) {
    return with(d -> d.name = newName);
  }

  public Rounds model(ModelSpec ofEveryRound) {
    return with(d -> d.model = Optional.of(ofEveryRound));
  }

  /** What round 0 trains on, such as {@code "300k"}. */
  public Rounds tokens(String ofRound0) {
    return with(d -> d.tokens = Optional.of(Tokens.tokens(ofRound0)));
  }

  /** How many rounds come after round 0. */
  public Rounds rounds(int number) {
    return with(d -> d.rounds = number);
  }

  /** Adds a strategy. */
  public Rounds strategy(Strategy strategy) {
    return with(d -> d.strategies.add(strategy));
  }

  /** Adds a strategy. */
  public Rounds and(Strategy strategy) {
    return strategy(strategy);
  }

  /** Chains of each strategy. */
  public Rounds seeds(int number) {
    return with(d -> d.seeds = number);
  }

  public Rounds writing(Writing how) {
    return with(d -> d.writing = how);
  }

  public Rounds evaluateOn(Domains where) {
    return with(d -> d.domains = where);
  }

  public Rounds tokenizer(TokenizerSpec spec) {
    return with(d -> d.tokenizer = spec);
  }

  public Rounds recipe(Recipe newRecipe) {
    return with(d -> d.recipe = newRecipe);
  }

  public Rounds maxRepeats(double times) {
    return with(d -> d.maxRepeats = times);
  }

  private Rounds with(Consumer<Draft> change) {
    Draft draft = new Draft(this);
    change.accept(draft);
    return draft.rounds();
  }

  /** All that is wrong with this description, before any text is read; empty if it is sound. */
  public List<Problem> problems() {
    return RoundsRules.problems(this);
  }

  /** Tokens that each round writes, the last one too. */
  public Tokens writtenTokens() {
    return writing.tokens().or(() -> tokens).orElseThrow();
  }

  /**
   * Round 0: the natural text alone, once a seed. Peak learning rate and batch are fixed here, so
   * that a longer round has the same.
   */
  public Study round0() {
    Study study =
        Study.named(name)
            .mixtures(Mixture.of(corpus))
            .models(model.stream().toList())
            .budgets(tokens.stream().toArray(Tokens[]::new))
            .seeds(seeds)
            .evaluateOn(domains)
            .tokenizer(tokenizer)
            .recipe(recipe)
            .maxRepeats(maxRepeats);
    if (model.isEmpty() || tokens.isEmpty() || model.get().context() < 1) {
      return study; // said by who checks it
    }
    ModelSpec m = model.get();
    double peak = recipe.peakLearningRate(m, tokens.get()) / recipe.learningRateFactor();
    long batch = (long) recipe.batchSequences(m, tokens.get()) * m.context();
    return study.recipe(recipe.withLearningRate(peak).withBatch(Tokens.tokens(batch)));
  }

  /** Rounds that are being changed into others. */
  private static final class Draft {
    private String name;
    private final Corpus corpus;
    private Optional<ModelSpec> model;
    private Optional<Tokens> tokens;
    private int rounds;
    private final List<Strategy> strategies;
    private int seeds;
    private Writing writing;
    private Domains domains;
    private TokenizerSpec tokenizer;
    private Recipe recipe;
    private double maxRepeats;

    Draft(Rounds of) {
      name = of.name;
      corpus = of.corpus;
      model = of.model;
      tokens = of.tokens;
      rounds = of.rounds;
      strategies = new ArrayList<>(of.strategies);
      seeds = of.seeds;
      writing = of.writing;
      domains = of.domains;
      tokenizer = of.tokenizer;
      recipe = of.recipe;
      maxRepeats = of.maxRepeats;
    }

    Rounds rounds() {
      return new Rounds(
          name,
          corpus,
          model,
          tokens,
          rounds,
          strategies,
          seeds,
          writing,
          domains,
          tokenizer,
          recipe,
          maxRepeats);
    }
  }
}
