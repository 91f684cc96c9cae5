package dev.mixlaw.api.rounds;

/**
 * A strategy, which determines the text on which the model of a round is trained. In the
 * descriptions, D is the number of training tokens in round 0.
 */
public enum Strategy {
  /** Trains only on D tokens that were generated in the previous round (Shumailov et al. 2024). */
  REPLACE("replace", false, false),
  /**
   * Trains on the natural text and the texts of all earlier rounds in equal parts. Round k trains
   * on (k + 1)·D tokens (Gerstgrasser et al. 2024), so its cost grows with each round.
   */
  ACCUMULATE("accumulate", true, true),
  /**
   * Trains on D tokens, drawn in equal parts from the natural text and the texts of all earlier
   * rounds (Kazdan et al. 2024). Training costs as much as with {@link #REPLACE}.
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
   * Returns whether later rounds are also trained on the natural text and the texts of all earlier
   * rounds.
   */
  public boolean keepsEarlierText() {
    return keepsEarlierText;
  }

  /**
   * Returns the number of training tokens in a round as a multiple of D.
   *
   * @param round number of the round, from 0
   */
  public int budgetFactor(int round) {
    return grows ? round + 1 : 1;
  }

  /** Returns the name of the strategy, such as {@code accumulate-subsample}. */
  @Override
  public String toString() {
    return label;
  }
}
