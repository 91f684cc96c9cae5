package dev.mixlaw.mix.generate;

/**
 * The maximum that one corpus may take, including what earlier runs in its directory took.
 *
 * <p>No request is sent that could exceed the budget: the tokens of its prompt and the maximum
 * number of tokens of its answer are reserved before. Until the first answers show how the
 * generator counts, the tokens of prompts are estimated and may be more. The cost of failed
 * requests is unknown and not included.
 *
 * @param tokens maximum number of tokens, read and written; {@link Long#MAX_VALUE} for no limit
 * @param money maximum cost in the currency of the price; {@link Double#POSITIVE_INFINITY} for no
 *     limit
 */
public record Budget(long tokens, double money) {
  /**
   * Checks the limits.
   *
   * @throws IllegalArgumentException if a limit is not positive
   */
  public Budget {
    if (tokens < 1 || !(money > 0)) {
      throw new IllegalArgumentException(
          "budget: " + tokens + " tokens, " + money + "; expected more than 0");
    }
  }

  /** Returns a budget without limits. */
  public static Budget unlimited() {
    return new Budget(Long.MAX_VALUE, Double.POSITIVE_INFINITY);
  }

  /**
   * Returns a budget of tokens.
   *
   * @param most maximum number of tokens, read and written together; at least 1
   * @throws IllegalArgumentException if {@code most} is less than 1
   */
  public static Budget tokens(long most) {
    return new Budget(most, Double.POSITIVE_INFINITY);
  }

  /**
   * Returns a budget of money.
   *
   * @param most maximum cost in the currency of the price; more than 0
   * @throws IllegalArgumentException if {@code most} is not positive
   */
  public static Budget money(double most) {
    return new Budget(Long.MAX_VALUE, most);
  }
}
