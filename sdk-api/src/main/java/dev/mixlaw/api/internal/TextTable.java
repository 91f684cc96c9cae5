package dev.mixlaw.api.internal;

import java.util.List;
import java.util.Locale;

/** A builder for text that consists of formatted lines. */
public final class TextTable {
  private final StringBuilder text = new StringBuilder();

  /** Adds a line that is formatted like {@link String#format(Locale, String, Object...)}. */
  public TextTable line(String format, Object... arguments) {
    String line = Names.printable(Texts.format(format, arguments));
    text.append(line).append(System.lineSeparator());
    return this;
  }

  public TextTable lines(String prefix, List<String> values) {
    values.forEach(v -> line("%s%s", prefix, v));
    return this;
  }

  /** Adds the line of a plan that describes the engine, its device, its workers and its threads. */
  public TextTable engine(String engine, String device, int workers, int threads, String reason) {
    return line(
        "engine %s on %s, %d run%s at once with %d thread%s each: %s",
        engine, device, workers, workers == 1 ? "" : "s", threads, threads == 1 ? "" : "s", reason);
  }

  @Override
  public String toString() {
    return text.toString();
  }
}
