package dev.mixlaw.mix.generate;

/**
 * The most that one corpus may take, whatever of it was spent before a restart included.
 *
 * <p>No request is made that could go beyond it: before one, its prompt's tokens and the most
 * tokens of an answer are set aside. Until the first answers show how the generator counts, prompts
 * are counted here, and may come out longer. What failed requests cost is known to nobody and not
 * in it.
 *
 * @param tokens read and written; {@link Long#MAX_VALUE} for any number
 * @param money in the price's currency; {@link Double#POSITIVE_INFINITY} for any sum
 */
public record Budget(long tokens, double money) {
  public Budget {
    if (tokens < 1 || !(money > 0)) {
      throw new IllegalArgumentException(
          "budget: " + tokens + " tokens, " + money + "; expected more than 0");
    }
  }

  public static Budget unlimited() {
    return new Budget(Long.MAX_VALUE, Double.POSITIVE_INFINITY);
  }

  /** At most so many tokens, read and written together. */
  public static Budget tokens(long most) {
    return new Budget(most, Double.POSITIVE_INFINITY);
  }

  /** At most so much money. */
  public static Budget money(double most) {
    return new Budget(Long.MAX_VALUE, most);
  }
}
