package dev.mixlaw.eval.analysis;

import dev.mixlaw.eval.law.LawFit;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

final class Texts {
  private Texts() {}

  /** Formats text with a decimal point regardless of the default locale. */
  static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /** Formats a number with three significant digits and no exponent. */
  static String number(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }

  /** Returns a short warning if a fit is unreliable. The fit itself has detailed warnings. */
  static List<String> fitWarnings(String mixture, LawFit fit) {
    return switch (fit.status()) {
      case CONVERGED -> List.of();
      case AT_BOUND -> List.of("the fit for " + mixture + " stopped at a parameter bound");
      case WEAKLY_IDENTIFIED -> List.of("the fit for " + mixture + " is weakly identified");
    };
  }

  @SafeVarargs
  static List<String> joined(List<String>... parts) {
    Set<String> all = new LinkedHashSet<>();
    for (List<String> part : parts) {
      all.addAll(part);
    }
    return List.copyOf(all);
  }
}
