package dev.mixlaw.train.run;

import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.function.ToIntFunction;

/** Creates the jobs of a study. Budgets are rounded to whole steps. */
final class RunJobFactory {
  private final Study study;
  private final int vocabulary;
  private final Tokens largest;
  private final List<Problem> problems = new ArrayList<>();

  private RunJobFactory(Study study, int vocabulary) {
    this.study = study;
    this.vocabulary = vocabulary;
    this.largest = study.budgets().get(study.budgets().size() - 1);
  }

  /**
   * Returns the jobs in the order of mixtures, models and seeds.
   *
   * @param firstSeeds first seed by mixture
   * @param problems receives the reasons why a model cannot be trained; such models have no jobs
   */
  static List<RunJob> of(
      Study study, int vocabulary, ToIntFunction<String> firstSeeds, List<Problem> problems) {
    RunJobFactory factory = new RunJobFactory(study, vocabulary);
    List<ModelSpec> sound = study.models().stream().filter(factory::check).toList();
    List<RunJob> jobs = new ArrayList<>();
    for (Mixture mixture : study.mixtures()) {
      int first = firstSeeds.applyAsInt(mixture.name());
      for (ModelSpec model : sound) {
        for (int i = 0; i < study.seedsOf(mixture); i++) {
          jobs.addAll(factory.jobs(mixture, model, first + i));
        }
      }
    }
    problems.addAll(factory.problems);
    return jobs;
  }

  private boolean check(ModelSpec model) {
    int before = problems.size();
    long perStep = tokensPerStep(model);
    String batch = "Study.budgets, Recipe.withBatch or ModelSpec.withContext";
    Tokens previous = null;
    for (Tokens budget : study.budgets()) {
      if (budget.count() < perStep) {
        problems.add(
            new Problem(
                "model " + model.name() + ": budget of " + budget.count() + " tokens",
                "less than one step of " + perStep + " tokens",
                "at least " + perStep + " tokens",
                batch));
      } else if (previous != null && steps(model, previous) == steps(model, budget)) {
        problems.add(
            new Problem(
                "model "
                    + model.name()
                    + ": budgets "
                    + previous.count()
                    + " and "
                    + budget.count(),
                "both " + steps(model, budget) + " steps of " + perStep + " tokens",
                "budgets that differ by whole steps",
                batch));
      }
      previous = budget;
    }
    if (problems.size() == before) {
      long steps = steps(model, study.budgets().get(0));
      double warmup = study.recipe().schedule().warmup();
      if (warmup > 0 && Math.round(warmup * steps) == 0) {
        tooShort(model, "warm-up", warmup, steps);
      }
      OptionalDouble decay = study.recipe().schedule().decay();
      if (decay.isPresent() && branchStep(steps) == steps) {
        tooShort(model, "decay", decay.getAsDouble(), steps);
      }
    }
    model
        .vocabulary()
        .ifPresent(
            rows -> {
              if (rows < vocabulary) {
                problems.add(
                    new Problem(
                        "model " + model.name() + ": vocabulary",
                        rows + " rows for a tokenizer of " + vocabulary + " tokens",
                        "at least " + vocabulary,
                        "ModelSpec.withVocabulary, or Study.tokenizer"));
              }
            });
    return problems.size() == before;
  }

  private void tooShort(ModelSpec model, String phase, double share, long steps) {
    problems.add(
        new Problem(
            "model " + model.name() + ": " + phase + " of the smallest budget",
            share + " of " + steps + " steps rounds to 0",
            "at least 1 step",
            "Study.budgets, Recipe.withBatch or Recipe.with(Schedule)"));
  }

  private List<RunJob> jobs(Mixture mixture, ModelSpec model, int seed) {
    List<RunJob.Branch> branches = new ArrayList<>();
    for (Tokens budget : study.budgets()) {
      long steps = steps(model, budget);
      RunKey key = new RunKey(mixture.name(), model.name(), budget, seed);
      branches.add(new RunJob.Branch(key, branchStep(steps), steps));
    }
    if (study.recipe().schedule().decay().isPresent()) {
      return List.of(job(mixture, model, seed, branches));
    }
    return branches.stream().map(p -> job(mixture, model, seed, List.of(p))).toList();
  }

  private RunJob job(Mixture mixture, ModelSpec model, int seed, List<RunJob.Branch> branches) {
    Recipe recipe = study.recipe();
    long smallest = steps(model, study.budgets().get(0));
    long warmup = Math.round(recipe.schedule().warmup() * smallest);
    if (recipe.schedule().decay().isPresent()) {
      warmup = Math.min(warmup, branchStep(smallest));
    }
    return new RunJob(
        mixture,
        model,
        seed,
        model.vocabulary().orElse(vocabulary),
        recipe.batchSequences(model, largest),
        recipe.peakLearningRate(model, largest),
        warmup,
        recipe,
        branches);
  }

  private long branchStep(long steps) {
    OptionalDouble decay = study.recipe().schedule().decay();
    return decay.isPresent() ? Math.round(steps * (1 - decay.getAsDouble())) : 0;
  }

  private long steps(ModelSpec model, Tokens budget) {
    return Math.round((double) budget.count() / tokensPerStep(model));
  }

  private long tokensPerStep(ModelSpec model) {
    return (long) study.recipe().batchSequences(model, largest) * model.context();
  }
}
