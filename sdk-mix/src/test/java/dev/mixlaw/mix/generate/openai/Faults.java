package dev.mixlaw.mix.generate.openai;

import static dev.mixlaw.mix.generate.openai.LoopbackServer.answer;
import static dev.mixlaw.mix.generate.openai.LoopbackServer.error;
import static dev.mixlaw.mix.generate.openai.LoopbackServer.ok;
import static dev.mixlaw.mix.generate.openai.LoopbackServer.status;

/** Faults of real servers, for tests of generation over HTTP. */
public final class Faults {
  private Faults() {}

  /** Returns all transient faults, that is, those that disappear on a retry; each occurs once. */
  public static LoopbackServer.Fault[] passing(LoopbackServer server) {
    return new LoopbackServer.Fault[] {
      tooManyRequests("17"),
      status(500, "boom"),
      server.silent(),
      server.hangs(),
      server.trickles(),
      ok(answer("whole").substring(0, 40)),
      LoopbackServer.brokenOff(),
      ok(answer("")),
      ok(answer("  \n")),
      status(503, "{}")
    };
  }

  public static LoopbackServer.Fault tooManyRequests(String retryAfter) {
    return status(429, "", "Retry-After", retryAfter);
  }

  public static LoopbackServer.Fault refusedKey(String key) {
    return error(401, "invalid_api_key", "Incorrect API key provided: " + key);
  }

  public static LoopbackServer.Fault unknownModel() {
    return error(404, "model_not_found", "The model does not exist");
  }

  public static LoopbackServer.Fault tooLong() {
    return error(400, "context_length_exceeded", "maximum context length is 8 tokens");
  }
}
