package dev.mixlaw.samples;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.samples.corpora.ReferenceCorpora;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The design of the reference study, which checks the findings of Kang et al. (2025, "Demystifying
 * synthetic data in LLM pre-training", arXiv 2510.01631) with small models. There is one study for
 * each group of mixtures. All of them are trained in stages, and the largest models come last.
 *
 * @param texts the corpora and domains
 */
record ReferenceDesign(ReferenceCorpora texts) {
  /** Begins the names of all studies. */
  static final String PREFIX = "reference-";

  static final String PAIRED = PREFIX + "paired";
  static final String STYLES = PREFIX + "styles";
  static final String GENERATORS = PREFIX + "generators";

  /** Name of the model with which the primary comparisons are made. */
  static final String PRIMARY_MODEL = "300k";

  private static final int CONTEXT = 128;
  private static final int VOCABULARY = 1024;
  private static final int MOST_SEEDS = 4;
  private static final double THIRD = 0.33;
  private static final String[] MODELS = {"100k", PRIMARY_MODEL, "550k", "1M", "3M"};
  private static final String[] BUDGETS = {"125k", "250k", "500k", "1M", "2M"};
  private static final String[] GENERATOR_BUDGETS = {"125k", "250k", "500k", "1M"};

  /** The mixtures that are also trained with large models and with other learning rates. */
  private static final Set<String> MAIN =
      Set.of(
          ("human,rephrased-33,rephrased-100,filtered-human-33,"
                  + "natural,textbooks-33,textbooks-100,questions-33,filtered-100")
              .split(","));

  /**
   * A stage of the training, which trains one model with the seeds from 0 to {@code seeds - 1}.
   *
   * @param all whether all mixtures are trained, or only the main ones
   * @param rate factor by which the learning rate is multiplied
   */
  private record Stage(String model, int seeds, boolean all, double rate) {
    boolean includes(RunKey run) {
      return run.model().equals(model)
          && run.seed() < seeds
          && (all || MAIN.contains(run.mixture()));
    }
  }

  private static final List<Stage> STAGES =
      List.of(
          new Stage("100k", 2, true, 1),
          new Stage("300k", 1, true, 1),
          new Stage("100k", 4, true, 1),
          new Stage("300k", 2, true, 1),
          new Stage("100k", 2, false, 1 / 3.0),
          new Stage("1M", 1, false, 1),
          new Stage("3M", 1, false, 1),
          new Stage("550k", 1, false, 1),
          new Stage("100k", 2, false, 3),
          new Stage("1M", 2, false, 1),
          new Stage("3M", 2, false, 1));

  /** Returns the studies of each stage. A study includes its runs of earlier stages. */
  List<List<Study>> stages() {
    List<List<Study>> stages = new ArrayList<>();
    for (Stage stage : STAGES) {
      List<Stage> until =
          STAGES.subList(0, STAGES.indexOf(stage) + 1).stream()
              .filter(s -> s.rate() == stage.rate())
              .toList();
      stages.add(
          studies(stage.rate(), MOST_SEEDS, MODELS).stream()
              .filter(study -> study.runs().stream().anyMatch(stage::includes))
              .map(study -> study.only(run -> until.stream().anyMatch(s -> s.includes(run))))
              .toList());
    }
    return stages;
  }

  /** Returns all studies with the runs of all stages. */
  List<Study> all() {
    List<Study> all = new ArrayList<>();
    for (List<Study> stage : stages()) {
      stage.forEach(study -> all.removeIf(earlier -> earlier.name().equals(study.name())));
      all.addAll(stage);
    }
    return all;
  }

  /**
   * Returns studies in which every mixture is run with every small model, budget and seed. The
   * plans of these studies state the detectable differences.
   */
  List<Study> grids() {
    return Stream.concat(
            studies(1, 4, "100k").stream(), studies(1, 2, "100k", PRIMARY_MODEL).stream())
        .toList();
  }

  private List<Study> studies(double rate, int seeds, String... models) {
    return Stream.of(paired(), styles(), generators())
        .map(described -> complete(described, rate, seeds, models))
        .toList();
  }

  private Study complete(Study described, double rate, int seeds, String... models) {
    Study study =
        Study.named(described.name() + (rate == 1 ? "" : Texts.format("-rate-%.2f", rate)))
            .mixtures(described.mixtures())
            .baseline(described.mixtures().get(0).name())
            .models(ModelSpec.ladder(models).stream().map(m -> m.withContext(CONTEXT)).toList())
            .budgets(described.budgets().toArray(Tokens[]::new))
            .seeds(seeds)
            .tokenizer(TokenizerSpec.trainedBpe(VOCABULARY))
            .recipe(Recipe.standard().withLearningRateFactor(rate))
            .evaluateOn(texts.domains());
    boolean primary = rate == 1 && List.of(models).contains(PRIMARY_MODEL);
    return primary ? study.asks(described.questions().toArray(Question[]::new)) : study;
  }

  private Study paired() {
    return Study.named(PAIRED)
        .budgets(BUDGETS)
        .mixtures(Mixture.of(texts.human()))
        .mixtures(shares(texts.human(), texts.rephrased(), 0.1, THIRD, 0.67, 1))
        .mixtures(shares(texts.human(), texts.filteredHuman(), THIRD, 1))
        .asks(
            compare("rephrased-100", "human", "2M"),
            compare("rephrased-33", "human", "2M"),
            compare("rephrased-33", "filtered-human-33", "2M"));
  }

  private Study styles() {
    return Study.named(STYLES)
        .budgets(BUDGETS)
        .mixtures(Mixture.of(texts.natural()))
        .mixtures(shares(texts.natural(), texts.textbooks(), 0.1, THIRD, 0.67, 1))
        .mixtures(shares(texts.natural(), texts.questions(), 0.1, THIRD, 0.67))
        .mixtures(shares(texts.natural(), texts.filtered(), THIRD, 1))
        .asks(
            compare("textbooks-100", "natural", "2M"),
            compare("textbooks-10", "natural", "2M"),
            compare("textbooks-33", "natural", "2M"),
            compare("questions-33", "natural", "2M"),
            compare("filtered-100", "natural", "2M"));
  }

  private Study generators() {
    Study study = Study.named(GENERATORS).budgets(GENERATOR_BUDGETS);
    for (List<Corpus> models : texts.generators()) {
      List<Mixture> mixtures =
          models.stream().flatMap(by -> shares(texts.human(), by, THIRD).stream()).toList();
      study =
          study
              .mixtures(mixtures)
              .asks(compare(mixtures.get(1).name(), mixtures.get(0).name(), "1M"));
    }
    return study;
  }

  private static List<Mixture> shares(Corpus base, Corpus added, double... shares) {
    return Mixture.grid(base, added, shares).stream()
        .map(m -> m.parts().size() > 1 ? m : new Mixture(added.name() + "-100", m.parts()))
        .toList();
  }

  private static Question compare(String mixture, String other, String budget) {
    return Question.compare(mixture).with(other).at(PRIMARY_MODEL, Tokens.tokens(budget));
  }
}
