package dev.mixlaw.train.run;

import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.internal.spi.NonFiniteLossException;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.DomainLoss;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.train.run.LabRecords.StudyRecord.Measured;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** The domains and tests of a study, and the measurements that are already in the lab. */
final class StudyMeasurements {
  private final LabRecords records;
  private final PreparedData data;
  private final List<MultipleChoice> tests;
  private final DomainEvaluator evaluator;

  StudyMeasurements(
      LabRecords records,
      PreparedData data,
      List<MultipleChoice> tests,
      DomainEvaluator evaluator) {
    this.records = records;
    this.data = data;
    this.tests = tests;
    this.evaluator = evaluator;
  }

  /**
   * The measurements of a run.
   *
   * @param losses the losses, in the study's order of domains; empty for a domain on which the run
   *     is not measured yet
   * @param choices the accuracies, in the study's order of tests; empty for a test on which the run
   *     is not measured yet
   */
  record Measurements(List<Optional<DomainLoss>> losses, List<Optional<ChoiceAccuracy>> choices) {
    boolean complete() {
      return losses.stream().allMatch(Optional::isPresent)
          && choices.stream().allMatch(Optional::isPresent);
    }

    /** Returns the losses of all domains, or empty if one is missing. */
    List<DomainLoss> allLosses() {
      return complete() ? losses.stream().map(Optional::orElseThrow).toList() : List.of();
    }

    /** Returns the accuracies of all tests, or empty if a measurement is missing. */
    List<ChoiceAccuracy> allChoices() {
      return complete() ? choices.stream().map(Optional::orElseThrow).toList() : List.of();
    }
  }

  /**
   * Returns the measurements of a run that are in the lab.
   *
   * @param damaged receives a sentence for each damaged record
   */
  Measurements of(String run, Consumer<String> damaged) {
    return read(records, run, domains(), tests(), damaged);
  }

  /** Returns the measurements of a run on the domains and tests of a stored study. */
  static Measurements read(
      LabRecords records,
      String run,
      List<Measured> domains,
      List<Measured> tests,
      Consumer<String> damaged) {
    return new Measurements(
        domains.stream().map(d -> records.losses(run, d.identity(), d.name(), damaged)).toList(),
        tests.stream().map(t -> records.answers(run, t.identity(), t.name(), damaged)).toList());
  }

  List<Measured> domains() {
    return data.domains().stream()
        .map(d -> new Measured(d.facts().name(), RunIdentities.of(evaluator, d)))
        .toList();
  }

  List<Measured> tests() {
    return tests.stream().map(t -> new Measured(t.name(), RunIdentities.of(evaluator, t))).toList();
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
   * @param known measurements that are in the lab
   * @return all measurements
   * @throws NonFiniteLossException if a loss is not finite
   */
  Measurements complete(String run, Measurements known, LanguageModel model) {
    List<Optional<DomainLoss>> losses = new ArrayList<>(known.losses());
    for (int i = 0; i < losses.size(); i++) {
      if (losses.get(i).isEmpty()) {
        TokenizedText domain = data.domains().get(i);
        DomainLoss loss =
            evaluator.evaluate(model, data.tokenizer().endOfText(), List.of(domain)).get(0);
        if (!Double.isFinite(loss.nats())) {
          throw new NonFiniteLossException(
              "the loss on domain " + loss.domain() + " is " + loss.nats());
        }
        records.save(run, RunIdentities.of(evaluator, domain), loss);
        losses.set(i, Optional.of(loss));
      }
    }
    List<Optional<ChoiceAccuracy>> choices = new ArrayList<>(known.choices());
    for (int i = 0; i < choices.size(); i++) {
      if (choices.get(i).isEmpty()) {
        MultipleChoice test = tests.get(i);
        ChoiceAccuracy accuracy = evaluator.answer(model, data.tokenizer(), List.of(test)).get(0);
        records.save(run, RunIdentities.of(evaluator, test), accuracy);
        choices.set(i, Optional.of(accuracy));
      }
    }
    return new Measurements(losses, choices);
  }
}
