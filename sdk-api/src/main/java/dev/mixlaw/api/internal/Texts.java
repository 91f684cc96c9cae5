package dev.mixlaw.api.internal;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/** Text that does not depend on the default locale. */
public final class Texts {
  private Texts() {}

  /** Formats text as {@link String#format}, with a decimal point in every locale. */
  public static String format(String format, Object... arguments) {
    return String.format(Locale.ROOT, format, arguments);
  }

  /** Formats a number with three significant digits and no exponent. */
  public static String number(double value) {
    return new BigDecimal(value).round(new MathContext(3)).stripTrailingZeros().toPlainString();
  }

  /** Returns all texts of the lists in their order, each once. */
  @SafeVarargs
  public static List<String> joined(List<String>... lists) {
    Set<String> all = new LinkedHashSet<>();
    for (List<String> list : lists) {
      all.addAll(list);
    }
    return List.copyOf(all);
  }
}
