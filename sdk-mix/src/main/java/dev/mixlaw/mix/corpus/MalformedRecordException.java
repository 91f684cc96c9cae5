package dev.mixlaw.mix.corpus;

/** A record that is not a document. The message states the reason. */
final class MalformedRecordException extends Exception {
  private static final long serialVersionUID = 1;

  /** Number of lines from the first line of the record to the error. */
  final long lineOffset;

  MalformedRecordException(String reason) {
    this(reason, 0);
  }

  MalformedRecordException(String reason, long lineOffset) {
    super(reason, null, false, false);
    this.lineOffset = lineOffset;
  }
}
