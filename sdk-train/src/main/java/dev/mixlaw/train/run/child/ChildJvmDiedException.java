package dev.mixlaw.train.run.child;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;

/** A child process ended that should not have: its session is lost, this process is as it was. */
public final class ChildJvmDiedException extends MixlawException {
  private static final long serialVersionUID = 1;

  ChildJvmDiedException(Problem problem) {
    super(Kind.ENGINE, problem);
  }
}
