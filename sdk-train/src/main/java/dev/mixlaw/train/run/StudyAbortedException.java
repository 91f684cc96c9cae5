package dev.mixlaw.train.run;

/**
 * Wraps a failure that ends the whole study, such as a full disk, so that it is not recorded as the
 * failure of a run.
 */
final class StudyAbortedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StudyAbortedException(RuntimeException reason) {
    super(reason);
  }

  RuntimeException reason() {
    return (RuntimeException) getCause();
  }
}
