package dev.mixlaw.api.spi;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;

/**
 * A device broke under all sessions that were on it, whichever of them broke it. They are of no use
 * any more; when all of them are closed, others can be opened there.
 */
public final class DeviceLostException extends MixlawException {
  private static final long serialVersionUID = 1;

  public DeviceLostException(Problem problem) {
    super(Kind.ENGINE, problem);
  }
}
