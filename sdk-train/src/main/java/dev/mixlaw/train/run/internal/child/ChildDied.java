package dev.mixlaw.train.run.internal.child;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;

/** A child process ended that should not have: its session is lost, this process is as it was. */
public final class ChildDied extends MixlawException {
  private static final long serialVersionUID = 1;

  ChildDied(Problem problem) {
    super(Kind.ENGINE, problem);
  }
}
