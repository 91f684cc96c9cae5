package dev.mixlaw.mix.generate;

/** What was spent and what is set aside for requests under way. */
final class Budgeting {
  private final Budget budget;
  private long requests;
  private long tokens;
  private double cost;
  private int underWay;
  private long tokensAside;
  private double costAside;
  private double promptRatio = 1;

  Budgeting(Budget budget) {
    this.budget = budget;
  }

  /**
   * Sets aside what a request may take; waits for those under way if they may leave enough.
   *
   * @return false if the budget does not allow it
   */
  synchronized boolean setAside(long mostTokens, double mostCost) throws InterruptedException {
    while (tokens + tokensAside + mostTokens > budget.tokens()
        || cost + costAside + mostCost > budget.money()) {
      if (underWay == 0) {
        return false;
      }
      wait();
    }
    underWay++;
    tokensAside += mostTokens;
    costAside += mostCost;
    return true;
  }

  /** Takes back what was set aside. */
  synchronized void release(long mostTokens, double mostCost) {
    underWay--;
    tokensAside -= mostTokens;
    // Nothing under way, nothing aside: rounding must not add up.
    costAside = underWay == 0 ? 0 : costAside - mostCost;
    notifyAll();
  }

  synchronized void spend(RequestHandler.Answer answer) {
    requests++;
    tokens += answer.promptTokens() + answer.writtenTokens();
    cost += answer.cost();
  }

  /** Learns how many tokens a generator makes of a prompt for one counted here. */
  synchronized void learn(long counted, long byGenerator) {
    promptRatio = Math.max(promptRatio, (double) byGenerator / Math.max(1, counted));
  }

  /** Tokens that a prompt may have for the generator: the worst that was seen. */
  synchronized long promptTokens(long counted) {
    return (long) Math.ceil(counted * promptRatio);
  }

  synchronized long requests() {
    return requests;
  }

  synchronized long tokens() {
    return tokens;
  }

  synchronized double cost() {
    return cost;
  }
}
