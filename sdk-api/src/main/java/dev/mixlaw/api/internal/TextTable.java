package dev.mixlaw.api.internal;

import java.util.List;
import java.util.Locale;

/** Builds a text for people out of formatted lines. Not for use by several threads. */
public final class TextTable {
  private final StringBuilder text = new StringBuilder();

  /** Adds a line in the format of {@link String#format(Locale, String, Object...)}. */
  public TextTable line(String format, Object... arguments) {
    String line = Names.printable(String.format(Locale.ROOT, format, arguments));
    text.append(line).append(System.lineSeparator());
    return this;
  }

  /** Adds a line for each value, the prefix before it. */
  public TextTable lines(String prefix, List<String> values) {
    values.forEach(v -> line("%s%s", prefix, v));
    return this;
  }

  /** Adds the line of a plan that says what trains: engine, device, workers and threads. */
  public TextTable engine(String engine, String device, int workers, int threads, String reason) {
    return line(
        "engine %s on %s, %d at once, %d threads each: %s",
        engine, device, workers, threads, reason);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
