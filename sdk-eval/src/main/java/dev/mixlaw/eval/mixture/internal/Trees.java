package dev.mixlaw.eval.mixture.internal;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Regression trees read from LightGBM's text, added up.
 *
 * <p>Evaluating them here instead of in the native library leaves nothing to close, and a thousand
 * trees take microseconds where the call alone would.
 */
final class Trees {
  /** LightGBM's mark of a split by {@code value <= threshold} without missing values. */
  private static final int NUMERICAL = 2;

  private final List<Tree> all;

  private Trees(List<Tree> all) {
    this.all = all;
  }

  /** Children below 0 are leaves: ~child is the leaf's place. */
  @SuppressWarnings("ArrayRecordComponent") // internal, never compared
  private record Tree(int[] feature, double[] threshold, int[] left, int[] right, double[] leaf) {
    double value(double[] at) {
      int node = left.length == 0 ? ~0 : 0;
      while (node >= 0) {
        node = at[feature[node]] <= threshold[node] ? left[node] : right[node];
      }
      return leaf[~node];
    }
  }

  static Trees read(String model) {
    List<Tree> all = new ArrayList<>();
    String[] parts = model.split("\nTree=", -1);
    for (String part : Arrays.asList(parts).subList(1, parts.length)) {
      String text = part.split("\n\n", 2)[0];
      for (int type : ints(text, "decision_type")) {
        if ((type & ~NUMERICAL) != 0) {
          throw new IllegalStateException("LightGBM split of unknown type " + type);
        }
      }
      all.add(
          new Tree(
              ints(text, "split_feature"),
              doubles(text, "threshold"),
              ints(text, "left_child"),
              ints(text, "right_child"),
              doubles(text, "leaf_value")));
    }
    return new Trees(all);
  }

  double value(double[] at) {
    double sum = 0;
    for (Tree tree : all) {
      sum += tree.value(at);
    }
    return sum;
  }

  private static int[] ints(String text, String key) {
    return Arrays.stream(values(text, key)).mapToInt(Integer::parseInt).toArray();
  }

  private static double[] doubles(String text, String key) {
    return Arrays.stream(values(text, key)).mapToDouble(Double::parseDouble).toArray();
  }

  private static String[] values(String text, String key) {
    String line =
        text.lines()
            .filter(l -> l.startsWith(key + "="))
            .findFirst()
            .orElse(key + "=")
            .substring(key.length() + 1);
    return line.isBlank() ? new String[0] : line.strip().split(" ", -1);
  }
}
