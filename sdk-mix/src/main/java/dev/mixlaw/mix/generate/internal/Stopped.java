package dev.mixlaw.mix.generate.internal;

/** Ends a draft that cannot be finished now. */
final class Stopped extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final boolean budgetSpent;

  private Stopped(boolean budgetSpent) {
    super(budgetSpent ? "the budget is spent" : "stopped", null, false, false);
    this.budgetSpent = budgetSpent;
  }

  static Stopped byBudget() {
    return new Stopped(true);
  }

  static Stopped byOthers() {
    return new Stopped(false);
  }

  boolean budgetSpent() {
    return budgetSpent;
  }
}
