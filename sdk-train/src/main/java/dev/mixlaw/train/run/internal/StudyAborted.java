package dev.mixlaw.train.run.internal;

/** Carries a failure that ends the study, such as a full disk, past the handling of failed runs. */
final class StudyAborted extends RuntimeException {
  private static final long serialVersionUID = 1;

  StudyAborted(RuntimeException reason) {
    super(reason);
  }

  RuntimeException reason() {
    return (RuntimeException) getCause();
  }
}
