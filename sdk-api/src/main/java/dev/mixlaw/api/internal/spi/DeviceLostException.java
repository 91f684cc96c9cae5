package dev.mixlaw.api.internal.spi;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;

/**
 * Thrown if a device error makes all sessions on the device unusable. New sessions can be opened
 * after all of these sessions are closed.
 */
public final class DeviceLostException extends MixlawException {
  private static final long serialVersionUID = 1;

  public DeviceLostException(Problem problem) {
    super(Kind.ENGINE, problem);
  }
}
