package dev.mixlaw.eval.analysis;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** How numbers and lists are said. */
final class Texts {
  private Texts() {}

  /** Three significant digits, no exponent. */
  static String number(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }

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
