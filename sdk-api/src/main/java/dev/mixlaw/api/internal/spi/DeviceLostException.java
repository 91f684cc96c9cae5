package dev.mixlaw.api.internal.spi;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;

/**
 * A device error that makes all sessions on the device unusable. New sessions can be opened once
 * all of these sessions are closed.
 */
public final class DeviceLostException extends MixlawException {
  private static final long serialVersionUID = 1;

  /** Creates an exception of kind ENGINE. */
  public DeviceLostException(Problem problem) {
    super(Kind.ENGINE, problem);
  }
}
