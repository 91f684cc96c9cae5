package dev.mixlaw.mix.corpus;

import java.io.IOException;

/** A file that is whole but cannot be read as it is. The message says what it is. */
final class UnsuitableFileException extends IOException {
  private static final long serialVersionUID = 1;

  /** What to do with the file. */
  final String fix;

  UnsuitableFileException(String what, String fix) {
    super(what);
    this.fix = fix;
  }
}
