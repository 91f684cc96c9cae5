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
 * Rounds of training on generated text. In each round, a model is trained and generates text, on
 * which the model of the next round is trained. A {@link Strategy} determines how this text is
 * combined with earlier text.
 *
 * <pre>{@code
 * Rounds.of(web).named("collapse").model(ModelSpec.ladder("200k").get(0)).tokens("300k")
 *     .rounds(3).strategy(REPLACE).and(ACCUMULATE).seeds(2).evaluateOn(domains);
 * }</pre>
 *
 * <p>All models have the same shape, recipe, learning rate and batch size. The models of one
 * strategy and seed form a chain. The models of a chain start with the same weights in every round,
 * and are trained only on text that models of the same chain generated.
 *
 * <p>Rounds are immutable. Each method that takes an argument returns a modified copy.
 *
 * @param name name of the rounds and of their directory; consists of letters, digits and {@code . _
 *     -}
 * @param corpus the natural text
 * @param model shape of the model in every round; required
 * @param tokens number of training tokens in round 0; required
 * @param rounds number of rounds after round 0; 3 by default
 * @param strategies one or more strategies; each has its own chains, which share round 0
 * @param seeds number of chains per strategy; 1 by default
 * @param writing settings for generating text
 * @param domains held-out natural text
 * @param tokenizer tokenizer for all rounds; if it is trained, only the natural text is used
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
   * Returns a description of three rounds with the name {@code rounds} and without strategies.
   * Round 0 is trained on the given corpus.
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

  /** Sets the shape of all models; there is no default. */
  public Rounds model(ModelSpec newModel) {
    return with(c -> c.model = Optional.of(newModel));
  }

  /**
   * Sets the number of training tokens in round 0; there is no default.
   *
   * @param ofRound0 number of tokens, such as {@code "300k"}
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

  /** Adds another strategy. This method is equivalent to {@link #strategy}. */
  public Rounds and(Strategy strategy) {
    return strategy(strategy);
  }

  /** Sets the number of chains per strategy, at least 1; 1 by default. */
  public Rounds seeds(int number) {
    return with(c -> c.seeds = number);
  }

  /** Sets how models generate text; {@link Writing#unconditional()} by default. */
  public Rounds writing(Writing newWriting) {
    return with(c -> c.writing = newWriting);
  }

  /** Sets the domains on which losses are measured; there is no default. */
  public Rounds evaluateOn(Domains newDomains) {
    return with(c -> c.domains = newDomains);
  }

  /**
   * Sets the tokenizer. By default, a tokenizer with a vocabulary of 4096 is trained on the corpus.
   */
  public Rounds tokenizer(TokenizerSpec newTokenizer) {
    return with(c -> c.tokenizer = newTokenizer);
  }

  /** Sets the recipe with which models are trained; {@link Recipe#standard()} by default. */
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
   * Returns the number of tokens that a model generates in each round, including the last one.
   *
   * @throws java.util.NoSuchElementException if the number of tokens is not set
   */
  public Tokens writtenTokens() {
    return writing.tokens().or(() -> tokens).orElseThrow();
  }

  /** Returns round 0 as a study that trains only on the natural text, once per seed. */
  public Study round0() {
    return study(0).mixtures(Mixture.of(corpus)).budgets(tokens.stream().toArray(Tokens[]::new));
  }

  /**
   * Returns the study of a round, without its mixtures and budgets.
   *
   * @param round number of the round, from 0
   */
  public Study study(int round) {
    return Study.named(name + "-round-" + round)
        .models(model.stream().toList())
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
