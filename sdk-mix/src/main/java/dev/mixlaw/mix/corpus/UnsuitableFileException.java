package dev.mixlaw.mix.corpus;

import java.io.IOException;

/** Thrown when a file cannot be read in its present form. */
final class UnsuitableFileException extends IOException {
  private static final long serialVersionUID = 1;

  final String expected;
  final String fix;

  /** Creates an exception for a file that is not in the format stated by its name or corpus. */
  UnsuitableFileException(String actual, String fix) {
    this(actual, "a file in the format of its corpus", fix);
  }

  UnsuitableFileException(String actual, String expected, String fix) {
    super(actual);
    this.expected = expected;
    this.fix = fix;
  }
}
