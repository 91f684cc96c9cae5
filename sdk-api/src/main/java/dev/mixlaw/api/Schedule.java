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

  /**
   * Share of the smallest budget that the standard schedules warm up over. Long, as small studies
   * have few steps: a tenth of 174 steps left models of 400k parameters 0.1 to 0.25 nats worse and
   * seeds 0.2 apart where 0.4 left them 0.03 apart, and 0.8 was no worse than 0.4.
   */
  double WARMUP = 0.4;

  static Schedule warmupStableDecay() {
    return new WarmupStableDecay(WARMUP, 0.2);
  }

  static Schedule cosine() {
    return new Cosine(WARMUP, 0.1);
  }
}
