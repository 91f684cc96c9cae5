package dev.mixlaw.mix.corpus;

/** A record is no document; the message says why. */
public final class MalformedRecordException extends Exception {
  private static final long serialVersionUID = 1;

  /** Lines after the record's first one where the fault lies. */
  final long linesDown;

  public MalformedRecordException(String reason) {
    this(reason, 0);
  }

  public MalformedRecordException(String reason, long linesDown) {
    super(reason, null, false, false);
    this.linesDown = linesDown;
  }
}
