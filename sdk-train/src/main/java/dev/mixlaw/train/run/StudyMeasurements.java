package dev.mixlaw.train.run;

import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.internal.spi.NonFiniteLossException;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.DomainLoss;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.train.run.LabRecords.Earlier;
import dev.mixlaw.train.run.LabRecords.Measurements;
import dev.mixlaw.train.run.LabRecords.StudyRecord.Measured;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.ObjDoubleConsumer;

/**
 * The domains and tests of a study, and the measurements that are already in the lab.
 *
 * @param data the prepared text, which includes the domains
 * @param questions the tests with their questions
 */
record StudyMeasurements(
    LabRecords records,
    PreparedData data,
    List<MultipleChoice> questions,
    DomainEvaluator evaluator) {
  /**
   * Returns the measurements of a run that are in the lab.
   *
   * @param damaged receives a sentence for each damaged record
   */
  Measurements of(String run, Consumer<String> damaged) {
    return records.measurements(run, domains(), tests(), damaged);
  }

  /**
   * Returns a run that has ended, together with its measurements, or empty if there is no such run.
   */
  Optional<Earlier> earlier(String run, Consumer<String> damaged) {
    return records.earlier(run, domains(), tests(), damaged);
  }

  List<Measured> domains() {
    return data.domains().stream()
        .map(d -> new Measured(d.facts().name(), RunIdentities.of(evaluator, d)))
        .toList();
  }

  List<Measured> tests() {
    return questions.stream()
        .map(t -> new Measured(t.name(), RunIdentities.of(evaluator, t)))
        .toList();
  }

  /** Returns the number of tokens in the domains on which a run has not been measured yet. */
  long missingTokens(Measurements known) {
    long tokens = 0;
    for (int i = 0; i < known.losses().size(); i++) {
      if (known.losses().get(i).isEmpty()) {
        tokens += data.domains().get(i).facts().tokens();
      }
    }
    return tokens;
  }

  /**
   * Performs the missing measurements of a model, and stores each one as soon as it is available.
   *
   * @param measured receives the name of each domain that is measured, and its loss in nats per
   *     token; or the names of a test and a metric, and the value of the metric
   * @throws NonFiniteLossException if a loss is not finite
   */
  void complete(String run, LanguageModel model, ObjDoubleConsumer<String> measured) {
    Measurements known = of(run, damaged -> {});
    for (int i = 0; i < known.losses().size(); i++) {
      if (known.losses().get(i).isEmpty()) {
        TokenizedText domain = data.domains().get(i);
        DomainLoss loss =
            evaluator.evaluate(model, data.tokenizer().endOfText(), List.of(domain)).get(0);
        if (!Double.isFinite(loss.nats())) {
          throw new NonFiniteLossException(
              "the loss on domain " + loss.domain() + " is " + loss.nats());
        }
        records.save(run, RunIdentities.of(evaluator, domain), loss);
        measured.accept(loss.domain(), loss.natsPerToken().value());
      }
    }
    for (int i = 0; i < known.choices().size(); i++) {
      if (known.choices().get(i).isEmpty()) {
        MultipleChoice test = questions.get(i);
        ChoiceAccuracy accuracy = evaluator.answer(model, data.tokenizer(), List.of(test)).get(0);
        records.save(run, RunIdentities.of(evaluator, test), accuracy);
        accuracy
            .measurements()
            .forEach(
                m -> measured.accept(test.name() + " " + m.metric().name(), m.value().value()));
      }
    }
  }
}
