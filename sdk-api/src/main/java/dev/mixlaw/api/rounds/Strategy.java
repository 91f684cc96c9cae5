package dev.mixlaw.api.rounds;

/** A choice of the text that the model of a round is trained on. Round 0 trains on D tokens. */
public enum Strategy {
  /** Only D tokens written in the previous round (Shumailov et al. 2024). */
  REPLACE("replace", false, false),
  /**
   * The natural text and the text of every earlier round in equal parts: (k + 1)·D tokens in round
   * k (Gerstgrasser et al. 2024). The training cost grows with the text.
   */
  ACCUMULATE("accumulate", true, true),
  /**
   * D tokens in equal parts from the natural text and the text of every earlier round (Kazdan et
   * al. 2024). Training costs no more than with {@link #REPLACE}.
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

  /**
   * Returns whether the natural text and the text of all earlier rounds remain in the training
   * data.
   */
  public boolean keepsEarlierText() {
    return keepsEarlierText;
  }

  /**
   * Returns the budget of a round as a multiple of D.
   *
   * @param round number of the round, from 0
   */
  public int budgetFactor(int round) {
    return grows ? round + 1 : 1;
  }

  /** Returns the name in lower case with hyphens, such as {@code accumulate-subsample}. */
  @Override
  public String toString() {
    return label;
  }
}
