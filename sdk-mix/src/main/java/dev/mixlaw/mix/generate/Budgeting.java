package dev.mixlaw.mix.generate;

/** Tracks the tokens and cost that were spent and those reserved for pending requests. */
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

  /** Creates an account with a maximum number of tokens and a maximum cost. */
  Budgeting(long maxTokens, double maxCost) {
    this.maxTokens = maxTokens;
    this.maxCost = maxCost;
  }

  /**
   * Reserves the maximum that a request may use. Waits for pending requests if enough of the budget
   * may remain after them.
   *
   * @return false if the budget does not allow the request
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

  /** Releases a reservation. */
  synchronized void release(long mostTokens, double mostCost) {
    underWay--;
    reservedTokens -= mostTokens;
    // Without pending requests nothing is reserved: rounding errors must not accumulate.
    reservedCost = underWay == 0 ? 0 : reservedCost - mostCost;
    notifyAll();
  }

  /** Adds the tokens and cost of a call, and reports the totals so far to a listener. */
  synchronized void spend(Call call, boolean earlier, GenerationListener listener) {
    requests++;
    tokens += call.promptTokens() + call.writtenTokens();
    cost += call.cost();
    listener.answered(earlier, requests, tokens, cost);
  }

  /** Records how many tokens a generator counts in a prompt, for {@link #promptTokens}. */
  synchronized void observe(long counted, long byGenerator) {
    promptRatio = Math.max(promptRatio, (double) byGenerator / Math.max(1, counted));
  }

  /**
   * Returns the maximum number of tokens that the generator may count in a prompt, based on the
   * largest ratio observed.
   *
   * @param counted number of tokens as counted by the generation's tokenizer
   */
  synchronized long promptTokens(long counted) {
    return (long) Math.ceil(counted * promptRatio);
  }
}
