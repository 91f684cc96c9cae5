package dev.mixlaw.train.run.child;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;

/** Thrown when a child JVM ends unexpectedly. This process is not affected. */
public final class ChildJvmDiedException extends MixlawException {
  private static final long serialVersionUID = 1;

  ChildJvmDiedException(Problem problem) {
    super(Kind.ENGINE, problem);
  }
}
