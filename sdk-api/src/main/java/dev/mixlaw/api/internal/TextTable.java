package dev.mixlaw.api.internal;

import java.util.List;
import java.util.Locale;

/** A builder of human-readable text from formatted lines. Not thread-safe. */
public final class TextTable {
  private final StringBuilder text = new StringBuilder();

  /** Adds a line in the format of {@link String#format(Locale, String, Object...)}. */
  public TextTable line(String format, Object... arguments) {
    String line = Names.printable(String.format(Locale.ROOT, format, arguments));
    text.append(line).append(System.lineSeparator());
    return this;
  }

  /** Adds a line for each value, preceded by the prefix. */
  public TextTable lines(String prefix, List<String> values) {
    values.forEach(v -> line("%s%s", prefix, v));
    return this;
  }

  /**
   * Adds the line of a plan that states the engine, its device, and the numbers of workers and
   * threads.
   */
  public TextTable engine(String engine, String device, int workers, int threads, String reason) {
    return line(
        "engine %s on %s, %d runs at once with %d threads each: %s",
        engine, device, workers, threads, reason);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
