package dev.mixlaw.eval.analysis;

import dev.mixlaw.eval.law.LawFit;
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

  /** In few words why a law is to be doubted, if it is; its own warnings say more. */
  static List<String> doubts(String mixture, LawFit fit) {
    return switch (fit.status()) {
      case CONVERGED -> List.of();
      case AT_BOUND -> List.of("the law of " + mixture + " is at the edge of what is allowed");
      case WEAKLY_IDENTIFIED -> List.of("the law of " + mixture + " is weakly identified");
    };
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
