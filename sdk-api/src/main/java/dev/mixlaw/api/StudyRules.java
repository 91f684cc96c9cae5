package dev.mixlaw.api;

import dev.mixlaw.api.internal.Names;
import dev.mixlaw.api.internal.TextFiles;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.Question;
import dev.mixlaw.api.results.RunKey;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The rules that the description of a study must satisfy before any text is read. */
final class StudyRules {
  /**
   * Rounding error that is accepted in a share, because shares are often written with six digits.
   */
  private static final double SHARE_TOLERANCE = 1e-6;

  private static final String ASKS = "Study.asks";

  private final List<Problem> problems = new ArrayList<>();

  private StudyRules() {}

  static List<Problem> problems(Study study) {
    StudyRules rules = new StudyRules();
    rules.study(study);
    rules.corpora(study);
    rules.tests(study);
    rules.mixtures(study);
    rules.models(study);
    rules.recipe(study.recipe());
    study.questions().forEach(q -> rules.question(study, q));
    return rules.problems;
  }

  private void problem(String subject, Object actual, String expected, String fix) {
    problems.add(new Problem(subject, String.valueOf(actual), expected, "change " + fix));
  }

  private void study(Study study) {
    name("study", study.name(), "Study.named");
    String subject = "study " + study.name();
    some(subject + ": mixtures", study.mixtures(), "Study.mixtures");
    if (study.startFrom().isEmpty()) {
      some(subject + ": models", study.models(), "Study.models");
    }
    some(subject + ": budgets", study.budgets(), "Study.budgets");
    if (new HashSet<>(study.budgets()).size() < study.budgets().size()) {
      problem(subject + ": budgets", study.budgets(), "each budget once", "Study.budgets");
    }
    if (study.seeds() < 1) {
      problem(subject + ": seeds", study.seeds(), "at least 1", "Study.seeds");
    }
    List<String> mixtures = study.mixtures().stream().map(Mixture::name).toList();
    study
        .seedsByMixture()
        .forEach(
            (mixture, seeds) -> {
              if (!mixtures.contains(mixture)) {
                problem(
                    "seeds of mixture " + mixture,
                    "no such mixture",
                    "one of " + mixtures,
                    "Study.seeds");
              }
              if (seeds < 1) {
                problem("seeds of mixture " + mixture, seeds, "at least 1", "Study.seeds");
              }
            });
    for (RunKey run : study.chosenRuns()) {
      if (!mixtures.contains(run.mixture())
          || study.models().stream().noneMatch(m -> m.name().equals(run.model()))
          || !study.budgets().contains(run.budget())
          || run.seed() < 0
          || run.rateFactor() != 1) {
        problem(
            "run " + run,
            "not a run of this study",
            "a mixture, a model and a budget of the study, a seed from 0, and no rate factor",
            "Study.runs");
      }
    }
    if (study.baseline().isPresent() && study.baselineMixture().isEmpty()) {
      problem(
          subject + ": baseline",
          "no mixture " + study.baseline().get(),
          "one of " + mixtures,
          "Study.baseline");
    }
    study
        .rateFactors()
        .forEach(f -> inOpenRange("learning rate check: factor", f, "Study.checkRates"));
    if (!study.rateFactors().isEmpty() && study.mixtures().size() < 2) {
      problem(
          "learning rate check: mixtures",
          study.mixtures().size(),
          "at least 2",
          "Study.mixtures or Study.checkRates");
    }
    if (!(study.maxRepeats() >= 1) || Double.isInfinite(study.maxRepeats())) {
      problem(
          subject + ": repeats per token",
          study.maxRepeats(),
          "a finite number of at least 1",
          "Study.maxRepeats");
    }
    if (study.domains().directories().isEmpty()) {
      some(subject + ": domains", study.domains().listed(), "Study.evaluateOn");
    }
    for (Path directory : study.domains().directories()) {
      if (!Files.isDirectory(directory)) {
        problem(
            "domains",
            directory + " is not a directory",
            "an existing directory",
            "Domains.directory");
      }
    }
    study
        .domains()
        .mostBytes()
        .ifPresent(bytes -> excerpt("domains", bytes, "Domains.atMostBytes"));
    tokenizer(study.tokenizer());
  }

  private void tokenizer(TokenizerSpec spec) {
    if (spec.isTrained() && (spec.vocabulary() < 257 || spec.vocabulary() > 32768)) {
      problem(
          "tokenizer: vocabulary", spec.vocabulary(), "257 to 32768", "TokenizerSpec.trainedBpe");
    }
    if (spec.isTrained() && spec.sampleBytes() < 1) {
      problem(
          "tokenizer: sample bytes", spec.sampleBytes(), "at least 1", "TokenizerSpec.trainedBpe");
    }
    spec.tokenizerJson()
        .filter(file -> !Files.isRegularFile(file))
        .ifPresent(
            file ->
                problem(
                    "tokenizer",
                    file + " is not a file",
                    "an existing tokenizer.json",
                    "TokenizerSpec.huggingFace"));
  }

  private void corpora(Study study) {
    corpora("corpus", "different corpora", study.corpora());
    corpora("domain", "domains", study.domains().listed());
  }

  private void corpora(String role, String several, List<Corpus> corpora) {
    names(role, several, corpora.stream().map(Corpus::name), "Corpus.named");
    corpora.forEach(corpus -> corpus(role + " " + corpus.name(), corpus));
  }

  private void corpus(String subject, Corpus corpus) {
    corpus.excerpts().forEach(bytes -> excerpt(subject, bytes, "Corpus.excerpt"));
    corpus.files().ifPresent(files -> files(subject, files));
  }

  private void files(String subject, TextFiles files) {
    if (!Files.exists(files.path())) {
      problem(
          subject,
          files.path() + " does not exist",
          "an existing file or directory",
          "Corpus." + files.format().name().toLowerCase(Locale.ROOT));
    }
    if (!(files.badRecordFraction() >= 0 && files.badRecordFraction() <= 1)) {
      problem(
          subject + ": fraction of malformed records",
          files.badRecordFraction(),
          "0 to 1",
          "Corpus.badRecordFraction");
    }
  }

  private void excerpt(String of, long bytes, String fix) {
    if (bytes < 1) {
      problem(of + ": size of the excerpt in bytes", bytes, "at least 1", fix);
    }
  }

  private void tests(Study study) {
    Stream<String> names = study.tests().stream().map(MultipleChoice::name);
    names("test", "tests", names, "MultipleChoice.named");
    for (MultipleChoice test : study.tests()) {
      some("test " + test.name() + ": questions", test.questions(), "Study.ask");
      Set<String> ids = new HashSet<>();
      for (MultipleChoice.Question q : test.questions()) {
        if (!ids.add(q.id())) {
          problem(
              "test " + test.name() + ": question " + q.id(),
              "two questions with this id",
              "different ids",
              "MultipleChoice.Question");
        }
      }
    }
  }

  private void mixtures(Study study) {
    Stream<String> names = study.mixtures().stream().map(Mixture::name);
    names("mixture", "mixtures", names, "Mixture.named");
    for (Mixture mixture : study.mixtures()) {
      String subject = "mixture " + mixture.name();
      Set<String> corpora = new HashSet<>();
      double sum = 0;
      for (Mixture.Part part : mixture.parts()) {
        if (!corpora.add(part.corpus().name())) {
          problem(
              subject,
              "corpus " + part.corpus().name() + " twice",
              "each corpus once",
              "Mixture.with");
        }
        if (!(part.share() > 0 && part.share() <= 1)) {
          problem(
              subject + ": share of " + part.corpus().name(),
              part.share(),
              "above 0, at most 1",
              "Mixture.with");
        }
        sum += part.share();
      }
      double tolerance = SHARE_TOLERANCE * mixture.parts().size();
      if (!(Math.abs(sum - 1) <= tolerance)) {
        problem(
            subject + ": sum of shares",
            sum,
            "1, within a tolerance of " + tolerance,
            "Mixture.with");
      }
    }
  }

  private void models(Study study) {
    names("model", "models", study.models().stream().map(ModelSpec::name), "ModelSpec.named");
    study.models().forEach(model -> problems.addAll(model.problems()));
  }

  private void recipe(Recipe r) {
    Schedule schedule = r.schedule();
    if (schedule.warmup() < 0) {
      problem("recipe: warm-up", schedule.warmup(), "at least 0 steps", "Recipe.with(Schedule)");
    }
    double decay = schedule.decay().orElse(Double.NaN);
    if (schedule.decay().isPresent() && !(decay > 0 && decay <= 1)) {
      problem("recipe: decay", decay, "above 0, at most 1", "Recipe.with(Schedule)");
    }
    double floor = schedule.floor().orElse(0);
    if (!(floor >= 0 && floor <= 1)) {
      problem("recipe: floor of the cosine schedule", floor, "in [0, 1]", "Recipe.with(Schedule)");
    }
    r.learningRate()
        .ifPresent(rate -> inOpenRange("recipe: learning rate", rate, "Recipe.withLearningRate"));
    inOpenRange(
        "recipe: learning rate factor", r.learningRateFactor(), "Recipe.withLearningRateFactor");
    inOpenRange("recipe: clip norm", r.clipNorm(), "Recipe");
    if (!(r.weightDecay() >= 0)
        || !(r.beta1() >= 0 && r.beta1() < 1)
        || !(r.beta2() >= 0 && r.beta2() < 1)
        || !(r.epsilon() > 0)) {
      problem(
          "recipe: weight decay, beta1, beta2, epsilon",
          r.weightDecay() + ", " + r.beta1() + ", " + r.beta2() + ", " + r.epsilon(),
          "≥ 0, in [0, 1), in [0, 1), > 0",
          "Recipe");
    }
  }

  private void question(Study study, Question q) {
    List<String> mixtures = study.mixtures().stream().map(Mixture::name).toList();
    List<String> models = study.models().stream().map(ModelSpec::name).toList();
    Stream.concat(Stream.of(q.mixture()), q.other().stream())
        .filter(m -> !mixtures.contains(m))
        .forEach(m -> problem("question " + q, "no mixture " + m, "one of " + mixtures, ASKS));
    q.model()
        .filter(m -> !models.contains(m))
        .ifPresent(m -> problem("question " + q, "no model " + m, "one of " + models, ASKS));
    q.budget()
        .filter(b -> !study.budgets().contains(b))
        .ifPresent(
            b -> problem("question " + q, "no such budget", "one of " + study.budgets(), ASKS));
    if (q.width().isPresent() && !q.domain().equals(FittedLaw.MACRO)) {
      problem("question " + q, "domain " + q.domain(), "the mean of domains", "Question.until");
    }
  }

  private void inOpenRange(String subject, double value, String fix) {
    if (!(value > 0) || Double.isInfinite(value)) {
      problem(subject, value, "finite and above 0", fix);
    }
  }

  private void some(String subject, List<?> values, String fix) {
    if (values.isEmpty()) {
      problem(subject, "none", "at least one", fix);
    }
  }

  private void names(String role, String several, Stream<String> names, String fix) {
    Set<String> used = new TreeSet<>(String.CASE_INSENSITIVE_ORDER);
    names.forEach(
        name -> {
          name(role, name, fix);
          if (!used.add(name)) {
            problem(
                role + " " + name,
                "two " + several + " with this name",
                "names that differ in more than upper and lower case",
                fix);
          }
        });
  }

  private void name(String role, String name, String fix) {
    boolean domain = role.equals("domain");
    if (!Names.isValid(name) || (domain && Names.isMean(name))) {
      problem(
          role + " name",
          "\"" + name + "\"",
          domain ? Names.EXPECTED_OF_DOMAIN : Names.EXPECTED,
          fix);
    }
  }
}
