package dev.mixlaw.mix.corpus;

/** Thrown for a record that is not a valid document or has no text. */
final class MalformedRecordException extends Exception {
  private static final long serialVersionUID = 1;

  /** Number of lines between the first line of the record and the error. */
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

  static MalformedRecordException blank(String reason) {
    return new MalformedRecordException(reason, 0, true);
  }
}
