package dev.mixlaw.train.run;

import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.units.Tokens;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Creates the jobs of a study. Budgets are rounded to whole steps. */
final class RunJobFactory {
  private final Study study;
  private final int vocabulary;
  private final Optional<StartingPoint> start;
  private final List<Problem> problems = new ArrayList<>();

  private RunJobFactory(Study study, int vocabulary) {
    this.study = study;
    this.vocabulary = vocabulary;
    this.start = study.startFrom().map(StartingPoint::of);
  }

  /**
   * Returns the jobs, in the order of mixtures, models and seeds.
   *
   * @param problems receives the reasons why models cannot be trained; such models have no jobs
   */
  static List<RunJob> of(Study study, int vocabulary, List<Problem> problems) {
    RunJobFactory factory = new RunJobFactory(study, vocabulary);
    List<ModelSpec> sound = study.models().stream().filter(factory::check).toList();
    Map<List<String>, SortedMap<Integer, Set<Tokens>>> budgets =
        study.runs().stream()
            .collect(
                Collectors.groupingBy(
                    run -> List.of(run.mixture(), run.model()),
                    Collectors.groupingBy(
                        RunKey::seed,
                        TreeMap::new,
                        Collectors.mapping(RunKey::budget, Collectors.toSet()))));
    List<RunJob> jobs = new ArrayList<>();
    for (Mixture mixture : study.mixtures()) {
      for (ModelSpec model : sound) {
        budgets
            .getOrDefault(List.of(mixture.name(), model.name()), new TreeMap<>())
            .forEach((seed, some) -> jobs.addAll(factory.jobs(mixture, model, seed, some)));
      }
    }
    problems.addAll(factory.problems);
    return jobs;
  }

  private boolean check(ModelSpec model) {
    int before = problems.size();
    Batches batches = batches(model);
    String batch = "change Study.budgets, Recipe.withBatch or ModelSpec.withContext";
    Tokens previous = null;
    for (Tokens budget : study.budgets()) {
      long first = (long) batches.of(0) * model.context();
      if (budget.count() < first) {
        problems.add(
            new Problem(
                "model " + model.name() + ": budget of " + budget.count() + " tokens",
                "less than one step of " + first + " tokens",
                "at least " + first + " tokens",
                batch));
      } else if (previous != null
          && steps(batches, model, previous) == steps(batches, model, budget)) {
        long steps = steps(batches, model, budget);
        problems.add(
            new Problem(
                "model %s: budgets %s and %s"
                    .formatted(model.name(), previous.count(), budget.count()),
                "both are %s steps of %s tokens"
                    .formatted(steps, (long) batches.of(steps - 1) * model.context()),
                "budgets that differ by at least one step",
                batch));
      }
      previous = budget;
    }
    if (problems.size() == before) {
      Tokens smallest = study.budgets().get(0);
      long steps = steps(batches, model, smallest);
      OptionalDouble decay = study.recipe().schedule().decay();
      if (decay.isPresent() && branchStep(batches, model, smallest) == steps) {
        problems.add(
            new Problem(
                "model " + model.name() + ": decay of the smallest budget",
                decay.getAsDouble() + " of " + steps + " steps rounds to 0",
                "at least 1 step",
                "change Study.budgets, Recipe.withBatch or Recipe.with(Schedule)"));
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
                        rows + " rows for a tokenizer with " + vocabulary + " tokens",
                        "at least " + vocabulary,
                        "change ModelSpec.withVocabulary or Study.tokenizer"));
              }
            });
    return problems.size() == before;
  }

  private List<RunJob> jobs(Mixture mixture, ModelSpec model, int seed, Set<Tokens> budgets) {
    Batches batches = batches(model);
    List<RunJob.Branch> branches = new ArrayList<>();
    for (Tokens budget : study.budgets().stream().filter(budgets::contains).toList()) {
      RunKey key = new RunKey(mixture.name(), model.name(), budget, seed);
      branches.add(
          new RunJob.Branch(
              key, branchStep(batches, model, budget), steps(batches, model, budget)));
    }
    if (study.recipe().schedule().decay().isPresent()) {
      return List.of(job(mixture, model, seed, batches, branches));
    }
    return branches.stream().map(p -> job(mixture, model, seed, batches, List.of(p))).toList();
  }

  private RunJob job(
      Mixture mixture, ModelSpec model, int seed, Batches batches, List<RunJob.Branch> branches) {
    int rows = model.vocabulary().orElse(vocabulary);
    return new RunJob(
        mixture.name(),
        mixture.shares(),
        model,
        seed,
        rows,
        batches,
        study.recipe(),
        start,
        branches);
  }

  private Batches batches(ModelSpec model) {
    List<Tokens> budgets = study.budgets();
    return Batches.upTo(budgets.get(budgets.size() - 1).count(), study.recipe(), model);
  }

  private long branchStep(Batches batches, ModelSpec model, Tokens budget) {
    OptionalDouble decay = study.recipe().schedule().decay();
    return decay.isPresent()
        ? batches.steps(budget.count() * (1 - decay.getAsDouble()) / model.context())
        : 0;
  }

  private static long steps(Batches batches, ModelSpec model, Tokens budget) {
    return batches.steps((double) budget.count() / model.context());
  }
}
