package dev.mixlaw.train.engine.weights;

import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.SessionSpec;

/** Checks token ids, because an invalid id would make native code access memory out of bounds. */
public final class TokenChecks {
  private TokenChecks() {}

  /**
   * Checks a training batch, and returns its number of sequences.
   *
   * @throws IllegalArgumentException if the length is wrong or an id is out of range
   */
  public static int checkBatch(SessionSpec spec, int[] sequences) {
    int length = spec.model().context() + 1;
    int count = sequences.length / length;
    if (count < 1 || count > spec.batchSequences() || sequences.length % length != 0) {
      throw new IllegalArgumentException(
          "batch: expected 1 to %s sequences of %s ids; got %s ids"
              .formatted(spec.batchSequences(), length, sequences.length));
    }
    checkIds(sequences, sequences.length, spec.vocabulary());
    return count;
  }

  /**
   * Checks the arguments for computing losses.
   *
   * @param first first position whose loss is computed
   * @throws IllegalArgumentException if a length is wrong or an id is out of range
   */
  public static void checkRows(
      LanguageModel model, int[] ids, int rows, int length, int first, float[] nats) {
    checkLength(length, model.context());
    if (first < 0 || first >= length) {
      throw new IllegalArgumentException(
          "first position " + first + "; expected 0 to " + (length - 1));
    }
    long asked = (long) rows * (length + 1);
    if (rows < 0 || asked > ids.length || (long) rows * (length - first) > nats.length) {
      throw new IllegalArgumentException(
          "%s rows of %s ids; got %s ids and %s places for losses"
              .formatted(rows, length + 1, ids.length, nats.length));
    }
    checkIds(ids, (int) asked, model.vocabulary());
  }

  public static void checkLength(int length, int context) {
    if (length < 1 || length > context) {
      throw new IllegalArgumentException("row of " + length + " tokens; expected 1 to " + context);
    }
  }

  public static void checkIds(int[] ids, int count, int vocabulary) {
    for (int i = 0; i < count; i++) {
      if (ids[i] < 0 || ids[i] >= vocabulary) {
        throw new IllegalArgumentException(
            "token id " + ids[i] + " at index " + i + "; expected 0 to " + (vocabulary - 1));
      }
    }
  }
}
