package dev.mixlaw.api.rounds;

/** What the model of a round is trained on, where round 0 trains on D tokens. */
public enum Strategy {
  /** D tokens that the round before wrote, and nothing else (Shumailov et al. 2024). */
  REPLACE("replace", false, false),
  /**
   * The natural text and what every earlier round wrote in equal parts, (k + 1)·D tokens in round k
   * (Gerstgrasser et al. 2024). Training grows with the text.
   */
  ACCUMULATE("accumulate", true, true),
  /**
   * D tokens in equal parts from the natural text and what every earlier round wrote (Kazdan et al.
   * 2024). It costs no more training than {@link #REPLACE}.
   */
  ACCUMULATE_SUBSAMPLE("accumulate-subsample", true, false);

  private final String label;
  private final boolean keepsEarlierText;
  private final boolean grows;

  Strategy(String label, boolean keepsEarlierText, boolean grows) {
    this.label = label;
    this.keepsEarlierText = keepsEarlierText;
    this.grows = grows;
  }

  /** Returns whether the natural text and the text of all rounds stay in training. */
  public boolean keepsEarlierText() {
    return keepsEarlierText;
  }

  /**
   * Returns the budget of a round as a multiple of D.
   *
   * @param round from 0
   */
  public int budgetFactor(int round) {
    return grows ? round + 1 : 1;
  }

  /** Returns the name as it is written, such as {@code accumulate-subsample}. */
  @Override
  public String toString() {
    return label;
  }
}
