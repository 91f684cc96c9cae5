package dev.mixlaw.api.rounds;

/** What a round's model is trained on. With a budget of D tokens in round 0: */
public enum Strategy {
  /** D tokens that the round before wrote, nothing else (Shumailov et al. 2024). */
  REPLACE("replace", false, false),
  /**
   * The natural text and what every round before wrote, equal parts, (k + 1)·D tokens in round k
   * (Gerstgrasser et al. 2024): training grows with the text, as it does there.
   */
  ACCUMULATE("accumulate", true, true),
  /**
   * D tokens drawn in equal parts from the natural text and what every round before wrote (Kazdan
   * et al. 2024): as {@link #ACCUMULATE} with the work of {@link #REPLACE}.
   */
  ACCUMULATE_SUBSAMPLE("accumulate-subsample", true, false);

  private final String words;
  private final boolean keeps;
  private final boolean grows;

  Strategy(String words, boolean keeps, boolean grows) {
    this.words = words;
    this.keeps = keeps;
    this.grows = grows;
  }

  /** Whether natural text and the text of all rounds stay in training. */
  public boolean keepsEarlierText() {
    return keeps;
  }

  /**
   * How many times round 0's tokens a round trains on.
   *
   * @param round from 0
   */
  public int budgetFactor(int round) {
    return grows ? round + 1 : 1;
  }

  @Override
  public String toString() {
    return words;
  }
}
