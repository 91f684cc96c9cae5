package dev.mixlaw.train.run;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.internal.spi.StudyRunner.Resources;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.engine.Engines;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The data that a worker needs to execute a study, in addition to its {@link Provenance}.
 *
 * @param study the study without its text
 * @param digest digest of the study's plan, which a worker must reproduce
 * @param jobs number of jobs
 * @param engineVersion version of the engine, which depends on the number format
 * @param threadsPerRun number of threads per run if it was set for the lab
 * @param keepModels whether the final models are kept
 */
record StoredWork(
    Study study,
    String digest,
    int jobs,
    String engineVersion,
    OptionalInt threadsPerRun,
    boolean keepModels) {

  static StoredWork of(Study study, ExecutionPlan planned, boolean keepModels) {
    return new StoredWork(
        new Study(
            study.name(),
            List.of(),
            study.models(),
            study.budgets(),
            study.seeds(),
            study.seedsByMixture(),
            study.chosenRuns(),
            Domains.of(),
            study.tests(),
            study.tokenizer(),
            study.recipe(),
            study.maxRepeats(),
            study.questions(),
            Optional.of(study.baselineMixture().orElseThrow().name()),
            study.rateFactors(),
            study.startFrom()),
        planned.plan().digest(),
        planned.jobs().size(),
        planned.engine().version(),
        planned.layout().threadsPerRun(),
        keepModels);
  }

  /** Returns the study, whose corpora have no documents. */
  Study study(Provenance provenance) {
    DocumentSource none = () -> DocumentStream.of(List.<Document>of());
    Map<String, Corpus> corpora =
        provenance.corpora().stream()
            .map(
                (TextFacts text) ->
                    new Corpus(
                        text.name(),
                        text.kind(),
                        text.generator(),
                        Optional.empty(),
                        Optional.of(none),
                        List.of()))
            .collect(Collectors.toMap(Corpus::name, Function.identity()));
    List<Mixture> mixtures = new ArrayList<>();
    provenance
        .mixtures()
        .forEach(
            (name, shares) -> {
              Mixture mixture = Mixture.named(name);
              for (Map.Entry<String, Double> part : shares.entrySet()) {
                mixture = mixture.with(corpora.get(part.getKey()), part.getValue());
              }
              mixtures.add(mixture);
            });
    return study.mixtures(mixtures);
  }

  /** Returns the given resources with the engine and the number of threads per run of the study. */
  Resources resources(String engine, Resources own) {
    return new Resources(
        own.engine().or(() -> Optional.of(engine(engine))),
        own.threads(),
        threadsPerRun,
        own.memoryBytes(),
        own.strictReproduction(),
        own.lease());
  }

  /** Returns the named engine with the number format that the study uses, if it has one. */
  private TrainingEngine engine(String name) {
    TrainingEngine standard = Engines.byName(name);
    return Stream.concat(
            Stream.of(standard),
            Stream.of(Precision.values()).flatMap(p -> with(standard, p).stream()))
        .filter(e -> e.version().equals(engineVersion))
        .findFirst()
        .orElse(standard);
  }

  private static Optional<TrainingEngine> with(TrainingEngine engine, Precision precision) {
    try {
      return Optional.of(engine.precision(precision)).filter(e -> e.unavailable().isEmpty());
    } catch (MixlawException | LinkageError unsupported) {
      return Optional.empty();
    }
  }
}
