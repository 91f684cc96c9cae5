package dev.mixlaw.mix.corpus.internal;

/** A record is no document; the message says why. */
final class MalformedRecordException extends Exception {
  private static final long serialVersionUID = 1;

  /** Lines after the record's first one where the fault lies. */
  final long linesDown;

  MalformedRecordException(String reason) {
    this(reason, 0);
  }

  MalformedRecordException(String reason, long linesDown) {
    super(reason, null, false, false);
    this.linesDown = linesDown;
  }
}
