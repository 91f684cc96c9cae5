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
 * Rounds of training on generated text, with one or more strategies: train, write, mix, train
 * again.
 *
 * <pre>{@code
 * Rounds.of(web).named("collapse").model(ModelSpec.ladder("200k").get(0)).tokens("300k")
 *     .rounds(3).strategy(REPLACE).and(ACCUMULATE).seeds(2).evaluateOn(domains);
 * }</pre>
 *
 * <p>Every round of every strategy trains a new model of the same shape with the same recipe, with
 * the learning rate and batch of round 0. Each seed is a chain: its models start with the same
 * weights in every round, and each model is trained on text that the models in its own chain wrote.
 *
 * <p>Rounds are immutable. Each method with an argument returns a changed copy.
 *
 * @param name name of the rounds and of their directory: letters, digits, {@code . _ -}
 * @param corpus the natural text
 * @param model shape of the model in every round; required
 * @param tokens number of tokens that round 0 trains on; required
 * @param rounds number of rounds after round 0; 3 by default
 * @param strategies strategies, each with its own chains starting from the same round 0; at least
 *     one
 * @param seeds number of chains per strategy; 1 by default
 * @param writing how text is written
 * @param domains held-out natural text
 * @param tokenizer tokenizer for all rounds; a trained tokenizer is trained only on the natural
 *     text
 * @param recipe recipe for all rounds
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

  /** Copies the list. */
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

  /**
   * Returns a description of three rounds that start from a natural corpus, with the name {@code
   * rounds} and no strategy yet.
   */
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

  /** Sets the name; {@code rounds} by default. */
  public Rounds named(String newName) {
    return with(c -> c.name = newName);
  }

  /** Sets the shape of the model in every round; there is no default. */
  public Rounds model(ModelSpec newModel) {
    return with(c -> c.model = Optional.of(newModel));
  }

  /**
   * Sets how many tokens round 0 trains on; there is no default.
   *
   * @param ofRound0 number of tokens in round 0, such as {@code "300k"}
   * @throws IllegalArgumentException if the text is not a positive number with an optional k, M, B
   *     or T
   */
  public Rounds tokens(String ofRound0) {
    return with(c -> c.tokens = Optional.of(Tokens.tokens(ofRound0)));
  }

  /** Sets the number of rounds after round 0, at least 1; 3 by default. */
  public Rounds rounds(int number) {
    return with(c -> c.rounds = number);
  }

  /** Adds a strategy. */
  public Rounds strategy(Strategy strategy) {
    return with(c -> c.strategies.add(strategy));
  }

  /** Adds another strategy. */
  public Rounds and(Strategy strategy) {
    return strategy(strategy);
  }

  /** Sets the number of chains per strategy, at least 1; 1 by default. */
  public Rounds seeds(int number) {
    return with(c -> c.seeds = number);
  }

  /** Sets how models write text; {@link Writing#unconditional()} by default. */
  public Rounds writing(Writing newWriting) {
    return with(c -> c.writing = newWriting);
  }

  /** Sets the domains on which losses are measured; there is no default. */
  public Rounds evaluateOn(Domains newDomains) {
    return with(c -> c.domains = newDomains);
  }

  /** Sets the tokenizer; by default one with a vocabulary of 4096 is trained on the corpus. */
  public Rounds tokenizer(TokenizerSpec newTokenizer) {
    return with(c -> c.tokenizer = newTokenizer);
  }

  /** Sets how models are trained; {@link Recipe#standard()} by default. */
  public Rounds recipe(Recipe newRecipe) {
    return with(c -> c.recipe = newRecipe);
  }

  /** Sets how often a run may see each token of a text, at least 1; 4 by default. */
  public Rounds maxRepeats(double times) {
    return with(c -> c.maxRepeats = times);
  }

  /** Returns all problems in this description, without reading any text. */
  public List<Problem> problems() {
    return RoundsRules.problems(this);
  }

  /**
   * Returns how many tokens each round writes, including the last one.
   *
   * @throws java.util.NoSuchElementException if the number of tokens is not set
   */
  public Tokens writtenTokens() {
    return writing.tokens().or(() -> tokens).orElseThrow();
  }

  /** Returns round 0 as a study that trains on only the natural text, once per seed. */
  public Study round0() {
    return Study.named(name)
        .mixtures(Mixture.of(corpus))
        .models(model.stream().toList())
        .budgets(tokens.stream().toArray(Tokens[]::new))
        .seeds(seeds)
        .evaluateOn(domains)
        .tokenizer(tokenizer)
        .recipe(recipe)
        .maxRepeats(maxRepeats);
  }

  private Rounds with(Consumer<Copy> change) {
    Copy copy = new Copy();
    change.accept(copy);
    return copy.rounds();
  }

  private final class Copy {
    private String name = Rounds.this.name;
    private Optional<ModelSpec> model = Rounds.this.model;
    private Optional<Tokens> tokens = Rounds.this.tokens;
    private int rounds = Rounds.this.rounds;
    private final List<Strategy> strategies = new ArrayList<>(Rounds.this.strategies);
    private int seeds = Rounds.this.seeds;
    private Writing writing = Rounds.this.writing;
    private Domains domains = Rounds.this.domains;
    private TokenizerSpec tokenizer = Rounds.this.tokenizer;
    private Recipe recipe = Rounds.this.recipe;
    private double maxRepeats = Rounds.this.maxRepeats;

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
