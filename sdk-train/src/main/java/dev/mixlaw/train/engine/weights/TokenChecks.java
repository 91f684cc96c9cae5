package dev.mixlaw.train.engine.weights;

import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;

/** Checks what engines are given: native code would read beside it. */
public final class TokenChecks {
  private TokenChecks() {}

  /** A batch of training. */
  public static void checkBatch(SessionSpec spec, int[] sequences) {
    int length = spec.model().context() + 1;
    if (sequences.length != (long) spec.batchSequences() * length) {
      throw new IllegalArgumentException(
          "a batch is "
              + spec.batchSequences()
              + " sequences of "
              + length
              + " ids, not "
              + sequences.length
              + " ids");
    }
    checkIds(sequences, sequences.length, spec.vocabulary());
  }

  /**
   * Rows whose losses are asked for.
   *
   * @param first position of a row whose loss is
   */
  public static void checkRows(
      LanguageModel model, int[] ids, int rows, int length, int first, float[] nats) {
    checkLength(length, model.context());
    if (first < 0 || first >= length) {
      throw new IllegalArgumentException(
          "losses from position " + first + " of " + length + "; 0 to " + (length - 1));
    }
    long asked = (long) rows * (length + 1);
    if (rows < 0 || asked > ids.length || (long) rows * (length - first) > nats.length) {
      throw new IllegalArgumentException(
          rows
              + " rows of "
              + (length + 1)
              + " ids of "
              + ids.length
              + ", their losses to "
              + nats.length
              + " places");
    }
    checkIds(ids, (int) asked, model.vocabulary());
  }

  /** Tokens of a row. */
  public static void checkLength(int length, int context) {
    if (length < 1 || length > context) {
      throw new IllegalArgumentException(
          length + " tokens a row; 1 to " + context + " are possible");
    }
  }

  /** The first {@code count} ids. */
  public static void checkIds(int[] ids, int count, int vocabulary) {
    for (int i = 0; i < count; i++) {
      if (ids[i] < 0 || ids[i] >= vocabulary) {
        throw new IllegalArgumentException(
            "token id " + ids[i] + " at " + i + " is not in a vocabulary of " + vocabulary);
      }
    }
  }
}
