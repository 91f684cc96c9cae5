package dev.mixlaw.mix.corpus;

/**
 * Thrown for a record that is not a document or that has no text. The message states the reason.
 */
final class MalformedRecordException extends Exception {
  private static final long serialVersionUID = 1;

  /** Number of lines from the first line of the record to the error. */
  final long lineOffset;

  /** Whether the record is valid but has no text. */
  final boolean blank;

  MalformedRecordException(String reason) {
    this(reason, 0);
  }

  MalformedRecordException(String reason, long lineOffset) {
    this(reason, lineOffset, false);
  }

  private MalformedRecordException(String reason, long lineOffset, boolean blank) {
    super(reason, null, false, false);
    this.lineOffset = lineOffset;
    this.blank = blank;
  }

  /** Returns the exception for a valid record without text. */
  static MalformedRecordException blank(String reason) {
    return new MalformedRecordException(reason, 0, true);
  }
}
