package dev.mixlaw.mix.generate;

/** Tracks the tokens and the cost of all requests, and reserves budget for pending requests. */
final class Budgeting {
  private final long maxTokens;
  private final double maxCost;
  private long requests;
  private long tokens;
  private double cost;
  private int underWay;
  private long reservedTokens;
  private double reservedCost;
  private double promptRatio = 1;

  Budgeting(long maxTokens, double maxCost) {
    this.maxTokens = maxTokens;
    this.maxCost = maxCost;
  }

  /**
   * Reserves the maximum that a request may use. Waits while pending requests could release enough
   * of their reservations.
   *
   * @return whether the budget allows the request
   */
  synchronized boolean reserve(long mostTokens, double mostCost) throws InterruptedException {
    while (tokens + reservedTokens + mostTokens > maxTokens
        || cost + reservedCost + mostCost > maxCost) {
      if (underWay == 0) {
        return false;
      }
      wait();
    }
    underWay++;
    reservedTokens += mostTokens;
    reservedCost += mostCost;
    return true;
  }

  synchronized void release(long mostTokens, double mostCost) {
    underWay--;
    reservedTokens -= mostTokens;
    // Without pending requests, the sum is set to exactly 0, so that rounding errors do not
    // accumulate.
    reservedCost = underWay == 0 ? 0 : reservedCost - mostCost;
    notifyAll();
  }

  /** Adds the tokens and the cost of a call, and reports the totals to a listener. */
  synchronized void spend(Call call, boolean earlier, GenerationListener listener) {
    requests++;
    tokens += call.promptTokens() + call.writtenTokens();
    cost += call.cost();
    listener.answered(earlier, requests, tokens, cost);
  }

  /**
   * Records the ratio between the generator's count of a prompt's tokens and the estimate.
   *
   * @param counted the estimate, as returned by {@link GenerationSettings#tokens}
   * @param byGenerator the generator's count
   */
  synchronized void observe(long counted, long byGenerator) {
    promptRatio = Math.max(promptRatio, (double) byGenerator / Math.max(1, counted));
  }

  /**
   * Multiplies an estimate of a prompt's tokens by the largest ratio that {@link #observe} has
   * recorded, at least 1.
   */
  synchronized long promptTokens(long counted) {
    return (long) Math.ceil(counted * promptRatio);
  }
}
