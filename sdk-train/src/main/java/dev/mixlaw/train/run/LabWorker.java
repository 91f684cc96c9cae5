package dev.mixlaw.train.run;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.spi.StudyRunner.PreparedText;
import dev.mixlaw.api.internal.spi.StudyRunner.Resources;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.train.run.LabRecords.StudyRecord;
import dev.mixlaw.train.run.child.ChildReport;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Executes the jobs of all studies in a lab, together with the workers in other processes. */
final class LabWorker {
  private final LabStore store;
  private final PreparedText text;
  private final DomainEvaluator evaluator;
  private final Resources resources;
  private final RunSettings settings;
  private final StudyListener listener;
  private final Map<String, Optional<OpenStudy>> open = new HashMap<>();
  private final List<Problem> problems = new ArrayList<>();

  private record OpenStudy(StudyExecution execution, ProgressReporter progress) {}

  LabWorker(
      LabStore store,
      PreparedText text,
      DomainEvaluator evaluator,
      Resources resources,
      RunSettings settings,
      StudyListener listener) {
    this.store = store;
    this.text = text;
    this.evaluator = evaluator;
    this.resources = resources;
    this.settings = settings;
    this.listener = listener;
  }

  /**
   * Executes jobs until each job has ended, in this process or in another one.
   *
   * @throws MixlawException if a study cannot be continued in this process
   */
  void run() {
    LabRecords records = new LabRecords(store);
    ProgressReporter warnings = new ProgressReporter(listener, 0);
    try (JobClaims claims = new JobClaims(store, resources.lease())) {
      // A study that has ended is read again only when all have ended, since the records of large
      // studies are long. The last pass reads all studies, and finds none that was submitted again.
      Set<String> ended = new HashSet<>();
      boolean last = false;
      for (int times = 0; !last; times++) {
        long before = claims.granted();
        boolean readsAll = ended.isEmpty();
        List<String> names = store.list("studies");
        for (String name : names) {
          if (!ended.contains(name)) {
            Optional<StudyRecord> record =
                records.study(
                    name,
                    damaged ->
                        warnings.accept(ChildReport.of(ChildReport.Kind.WARNED, damaged, 0)));
            if (record.isEmpty() || work(record.get(), claims)) {
              ended.add(name);
            }
          }
        }
        if (!ended.containsAll(names)) {
          WorkerPool.pause(times);
        } else {
          last = readsAll && claims.granted() == before;
          ended.clear();
        }
      }
    }
    MixlawException.throwIfAny(MixlawException.Kind.ENGINE, problems);
  }

  /** Executes jobs of a study. Returns whether no job is left that this process can execute. */
  private boolean work(StudyRecord record, JobClaims claims) {
    if (record.work().isEmpty() || hasEnded(record.provenance().study(), record.work().get())) {
      return true;
    }
    String plan = record.provenance().study() + " " + record.work().get().digest();
    Optional<OpenStudy> study = open.computeIfAbsent(plan, p -> open(record));
    if (study.isEmpty()) {
      return true;
    }
    OpenStudy opened = study.get();
    boolean ended = opened.execution().work(claims, opened.progress(), Optional.empty());
    if (ended) {
      open.remove(plan); // If the study is submitted again, its failed runs are executed again.
    }
    return ended;
  }

  private boolean hasEnded(String study, StoredWork work) {
    return work.study().rateFactors().isEmpty()
        && new EndedJobs(store, study, work.digest(), resources.lease(), System::nanoTime).size()
            >= work.jobs();
  }

  private Optional<OpenStudy> open(StudyRecord record) {
    Provenance provenance = record.provenance();
    StoredWork work = record.work().orElseThrow();
    try {
      store.fetchText(provenance);
      StudyExecution execution =
          new StudyExecution(
              work.study(provenance),
              text.open(
                  record
                      .tokenizerFile()
                      .map(file -> TokenizerSpec.huggingFace(store.fetch(file)))
                      .orElse(work.study().tokenizer()),
                  provenance.corpora(),
                  provenance.domains()),
              store,
              evaluator,
              settings.onCards(work.resources(provenance.engine(), resources)),
              settings.withKeepModels(work.keepModels()),
              false);
      if (!execution.plan().digest().equals(work.digest())) {
        throw MixlawException.engine(
            "study " + provenance.study() + ": runs of this worker",
            "differ from the runs of the study, with engine %s on %s"
                .formatted(execution.plan().engine(), execution.plan().device()),
            "the same version of Mixlaw, and engine %s of version %s"
                .formatted(provenance.engine(), work.engineVersion()),
            "start the worker on another machine, or submit the study again on this one");
      }
      ProgressReporter progress = new ProgressReporter(listener, execution.plan().trainedTokens());
      return Optional.of(new OpenStudy(execution, progress));
    } catch (MixlawException e) {
      problems.addAll(e.problems());
      return Optional.empty();
    }
  }
}
