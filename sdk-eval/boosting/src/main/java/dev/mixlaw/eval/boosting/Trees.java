package dev.mixlaw.eval.boosting;

import java.util.Arrays;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/**
 * A sum of regression trees that is read from the text format of LightGBM. It is evaluated in Java
 * and needs no native resource. A thousand trees take microseconds.
 */
final class Trees {
  /** LightGBM's decision type of numerical splits without missing values. */
  private static final int NUMERICAL = 2;

  /** Root of each tree: the index of a node, or the bitwise complement of the index of a leaf. */
  private int[] roots = new int[0];

  /** Index of the feature that each node tests, for the nodes of all trees. */
  private int[] feature = new int[0];

  private double[] threshold = new double[0];

  /** Left child of each node, encoded like a root. */
  private int[] left = new int[0];

  private int[] right = new int[0];

  private double[] leaf = new double[0];

  private Trees() {}

  static Trees read(String model) {
    Trees all = new Trees();
    String[] parts = model.split("\nTree=", -1);
    all.roots = new int[parts.length - 1];
    int[] nodes = new int[parts.length];
    int[] leaves = new int[parts.length];
    Fields[] fields = new Fields[parts.length - 1];
    for (int i = 0; i < fields.length; i++) {
      fields[i] = new Fields(parts[i + 1].split("\n\n", 2)[0]);
      nodes[i + 1] = nodes[i] + fields[i].ints("split_feature").length;
      leaves[i + 1] = leaves[i] + fields[i].doubles("leaf_value").length;
      all.roots[i] = nodes[i + 1] == nodes[i] ? ~leaves[i] : nodes[i];
      for (int type : fields[i].ints("decision_type")) {
        if ((type & ~NUMERICAL) != 0) {
          throw new IllegalStateException(
              "LightGBM split has the unknown type " + type + "; expected a numerical split");
        }
      }
    }
    all.feature =
        Arrays.stream(fields).flatMapToInt(f -> IntStream.of(f.ints("split_feature"))).toArray();
    all.threshold =
        Arrays.stream(fields)
            .flatMapToDouble(f -> DoubleStream.of(f.doubles("threshold")))
            .toArray();
    all.leaf =
        Arrays.stream(fields)
            .flatMapToDouble(f -> DoubleStream.of(f.doubles("leaf_value")))
            .toArray();
    all.left = children(fields, "left_child", nodes, leaves);
    all.right = children(fields, "right_child", nodes, leaves);
    return all;
  }

  private static int[] children(Fields[] fields, String key, int[] nodes, int[] leaves) {
    return IntStream.range(0, fields.length)
        .flatMap(
            i ->
                IntStream.of(fields[i].ints(key))
                    .map(child -> child >= 0 ? child + nodes[i] : ~(~child + leaves[i])))
        .toArray();
  }

  double value(double[] at) {
    double sum = 0;
    for (int root : roots) {
      int node = root;
      while (node >= 0) {
        node = at[feature[node]] <= threshold[node] ? left[node] : right[node];
      }
      sum += leaf[~node];
    }
    return sum;
  }

  /** The {@code key=value} lines of a tree. */
  private record Fields(String text) {
    int[] ints(String key) {
      return Arrays.stream(values(key)).mapToInt(Integer::parseInt).toArray();
    }

    double[] doubles(String key) {
      return Arrays.stream(values(key)).mapToDouble(Double::parseDouble).toArray();
    }

    private String[] values(String key) {
      int at = text.indexOf("\n" + key + "=");
      if (at < 0) {
        return new String[0];
      }
      int from = at + key.length() + 2;
      int end = text.indexOf('\n', from);
      String line = text.substring(from, end < 0 ? text.length() : end).strip();
      return line.isEmpty() ? new String[0] : line.split(" ", -1);
    }
  }
}
