package dev.mixlaw.train.run;

import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.internal.spi.NonFiniteLossException;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.train.run.LabRecords.Earlier;
import dev.mixlaw.train.run.LabRecords.Measurements;
import dev.mixlaw.train.run.LabRecords.StudyRecord.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.ObjDoubleConsumer;
import java.util.stream.IntStream;

/**
 * The domains and tests of a study, and the measurements that are in the lab.
 *
 * @param data the prepared text, which includes the domains
 * @param questions the tests
 */
record StudyMeasurements(
    LabRecords records,
    PreparedData data,
    List<MultipleChoice> questions,
    DomainEvaluator evaluator) {
  private record Task(
      Measured on, long tokens, Function<LanguageModel, List<Measurement>> measure) {}

  private List<Task> tasks() {
    List<Task> tasks = new ArrayList<>();
    for (TokenizedText domain : data.domains()) {
      tasks.add(
          new Task(
              new Measured("domain", domain.facts().name(), RunIdentities.of(evaluator, domain)),
              domain.facts().tokens(),
              model -> evaluator.evaluate(model, data.tokenizer().endOfText(), List.of(domain))));
    }
    for (MultipleChoice test : questions) {
      tasks.add(
          new Task(
              new Measured("test", test.name(), RunIdentities.of(evaluator, test)),
              0,
              model -> evaluator.answer(model, data.tokenizer(), List.of(test))));
    }
    return tasks;
  }

  List<Measured> on() {
    return tasks().stream().map(Task::on).toList();
  }

  /**
   * Returns the stored measurements of a run.
   *
   * @param damaged receives a message for each damaged record
   */
  Measurements of(String run, Consumer<String> damaged) {
    return records.measurements(run, on(), damaged);
  }

  /** Returns the measurements of a run that has not been measured. */
  Measurements none() {
    return new Measurements(on().stream().map(m -> Optional.<List<Measurement>>empty()).toList());
  }

  Optional<Earlier> earlier(String run, Consumer<String> damaged) {
    return records.earlier(run, on(), damaged);
  }

  /** Returns the number of tokens in the domains on which a run has not been measured. */
  long missingTokens(Measurements known) {
    List<Task> tasks = tasks();
    return IntStream.range(0, tasks.size())
        .filter(i -> known.each().get(i).isEmpty())
        .mapToLong(i -> tasks.get(i).tokens())
        .sum();
  }

  /**
   * Makes the missing measurements of a model, and stores each measurement as soon as it is
   * available.
   *
   * @param known the measurements that are in the lab
   * @param measured receives the names of the subject and the metric of each measurement, and its
   *     value
   * @return all measurements of the run
   * @throws NonFiniteLossException if a value is not finite
   */
  Measurements complete(
      String run, Measurements known, LanguageModel model, ObjDoubleConsumer<String> measured) {
    List<Task> tasks = tasks();
    List<Optional<List<Measurement>>> each = new ArrayList<>(known.each());
    for (int i = 0; i < each.size(); i++) {
      if (each.get(i).isEmpty()) {
        List<Measurement> made = tasks.get(i).measure().apply(model);
        for (Measurement m : made) {
          double all = m.scores().stream().mapToDouble(s -> s).sum() + m.value().value();
          if (!Double.isFinite(all)) {
            throw new NonFiniteLossException(
                m.metric().name() + " on " + m.subject() + " is " + m.value().value());
          }
        }
        records.save(run, tasks.get(i).on(), made);
        made.forEach(
            m -> measured.accept(m.subject() + " " + m.metric().name(), m.value().value()));
        each.set(i, Optional.of(made));
      }
    }
    return new Measurements(each);
  }
}
