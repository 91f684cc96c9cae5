package dev.mixlaw.samples;

import dev.mixlaw.api.internal.Names;
import java.io.PrintStream;

/** A print stream that escapes control characters, because they could manipulate the terminal. */
final class PrintableStream extends PrintStream {
  private final PrintStream to;

  PrintableStream(PrintStream to) {
    super(to, true);
    this.to = to;
  }

  @Override
  public void print(String text) {
    to.print(Names.printable(String.valueOf(text)));
  }

  @Override
  public void print(Object value) {
    print(String.valueOf(value));
  }
}
