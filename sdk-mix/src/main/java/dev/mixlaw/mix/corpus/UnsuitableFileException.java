package dev.mixlaw.mix.corpus;

import java.io.IOException;

/**
 * Thrown for an undamaged file that cannot be read as it is. The message states what the file is.
 */
final class UnsuitableFileException extends IOException {
  private static final long serialVersionUID = 1;

  /** Instruction for making the file readable. */
  final String fix;

  UnsuitableFileException(String what, String fix) {
    super(what);
    this.fix = fix;
  }
}
