package dev.mixlaw.mix.corpus;

import java.io.IOException;

/**
 * Thrown when a file is not suitable as it is. The message describes the actual state of the file.
 */
final class UnsuitableFileException extends IOException {
  private static final long serialVersionUID = 1;

  final String expected;
  final String fix;

  /**
   * Creates an exception for a file whose format differs from the format that its name or its
   * corpus states.
   */
  UnsuitableFileException(String actual, String fix) {
    this(actual, "a file in the format of its corpus", fix);
  }

  UnsuitableFileException(String actual, String expected, String fix) {
    super(actual);
    this.expected = expected;
    this.fix = fix;
  }
}
