package dev.mixlaw.eval.analysis;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Lists of sentences. */
final class Texts {
  private Texts() {}

  /** All of them, each once, in order. */
  @SafeVarargs
  static List<String> joined(List<String>... parts) {
    Set<String> all = new LinkedHashSet<>();
    for (List<String> part : parts) {
      all.addAll(part);
    }
    return List.copyOf(all);
  }
}
