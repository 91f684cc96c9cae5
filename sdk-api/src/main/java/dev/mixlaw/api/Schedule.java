package dev.mixlaw.api;

/**
 * The learning rate over a run, as a factor of its peak.
 *
 * <p>Both warm up linearly over {@code warmup} of the study's smallest budget, so that runs of all
 * budgets start alike.
 */
public sealed interface Schedule {
  /** Share of the smallest budget spent warming up, in [0, 1). */
  double warmup();

  /**
   * Warm-up, stable, decay: constant, then linear to 0 over the last {@code decay} of the budget.
   *
   * <p>Runs of several budgets share one trunk: each is a short decay branch of it (Hu et al. 2024,
   * arXiv 2404.06395).
   */
  record WarmupStableDecay(double warmup, double decay) implements Schedule {}

  /** Half a cosine from the peak to {@code floor} of it; every budget is a run of its own. */
  record Cosine(double warmup, double floor) implements Schedule {}

  static Schedule warmupStableDecay() {
    return new WarmupStableDecay(0.1, 0.2);
  }

  static Schedule cosine() {
    return new Cosine(0.1, 0.1);
  }
}
