package dev.mixlaw.mix.generate;

/** Keeps account of what was spent and of what is reserved for requests under way. */
final class Budgeting {
  private final Budget budget;
  private long requests;
  private long tokens;
  private double cost;
  private int underWay;
  private long reservedTokens;
  private double reservedCost;
  private double promptRatio = 1;

  Budgeting(Budget budget) {
    this.budget = budget;
  }

  /**
   * Reserves the maximum that a request may take. Waits for requests under way if they may leave
   * enough of the budget.
   *
   * @return false if the budget does not allow the request
   */
  synchronized boolean reserve(long maxTokens, double maxCost) throws InterruptedException {
    while (tokens + reservedTokens + maxTokens > budget.tokens()
        || cost + reservedCost + maxCost > budget.money()) {
      if (underWay == 0) {
        return false;
      }
      wait();
    }
    underWay++;
    reservedTokens += maxTokens;
    reservedCost += maxCost;
    return true;
  }

  /** Releases a reservation. */
  synchronized void release(long maxTokens, double maxCost) {
    underWay--;
    reservedTokens -= maxTokens;
    // Without requests under way nothing is reserved: rounding errors must not accumulate.
    reservedCost = underWay == 0 ? 0 : reservedCost - maxCost;
    notifyAll();
  }

  /** Adds what a call took; returns the event with the sums so far. */
  synchronized GenerationEvent.Answered spend(Call call, boolean earlier) {
    requests++;
    tokens += call.promptTokens() + call.writtenTokens();
    cost += call.cost();
    return new GenerationEvent.Answered(earlier, requests, tokens, cost);
  }

  /** Records how many tokens a generator counts in a prompt, for {@link #promptTokens}. */
  synchronized void observe(long counted, long byGenerator) {
    promptRatio = Math.max(promptRatio, (double) byGenerator / Math.max(1, counted));
  }

  /**
   * Returns how many tokens a prompt may have for the generator, by the largest ratio observed.
   *
   * @param counted number of tokens as counted here
   */
  synchronized long promptTokens(long counted) {
    return (long) Math.ceil(counted * promptRatio);
  }
}
