package dev.mixlaw.train.run;

/** Carries a failure that ends the study, such as a full disk, past the handling of failed runs. */
final class StudyAbortedException extends RuntimeException {
  private static final long serialVersionUID = 1;

  StudyAbortedException(RuntimeException reason) {
    super(reason);
  }

  RuntimeException reason() {
    return (RuntimeException) getCause();
  }
}
