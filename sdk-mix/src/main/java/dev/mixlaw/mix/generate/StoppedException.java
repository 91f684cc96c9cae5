package dev.mixlaw.mix.generate;

/** Thrown to abandon a draft when the budget is spent or the generation is stopped. */
final class StoppedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean budgetSpent;

  private StoppedException(boolean budgetSpent) {
    super(budgetSpent ? "the budget is spent" : "stopped", null, false, false);
    this.budgetSpent = budgetSpent;
  }

  static StoppedException budgetSpent() {
    return new StoppedException(true);
  }

  static StoppedException stopped() {
    return new StoppedException(false);
  }

  boolean isBudgetSpent() {
    return budgetSpent;
  }
}
