package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.Collapse.Outcome;
import java.util.Optional;

record CollapseVerdict(Outcome outcome, String reason, Optional<String> firstViolation) {
  static CollapseVerdict of(Outcome outcome, String reason) {
    return new CollapseVerdict(outcome, reason, Optional.empty());
  }

  Collapse on(String mixture, String baseline, String model) {
    return new Collapse(mixture, baseline, model, outcome, reason, firstViolation);
  }
}
