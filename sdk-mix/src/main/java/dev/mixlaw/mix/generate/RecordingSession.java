package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.internal.Hash64;
import java.util.ArrayList;
import java.util.List;

/**
 * A session that records its calls. The seed of a request depends only on {@code requestSeed} and
 * on the number of earlier requests.
 */
final class RecordingSession implements DraftSession {
  private final GenerationSettings settings;
  private final RequestHandler handler;
  private final TextGenerator generator;
  private final long requestSeed;
  private final List<Call> calls;

  RecordingSession(GenerationSettings settings, RequestHandler handler, long requestSeed) {
    this(settings, handler, settings.generator(), requestSeed, new ArrayList<>());
  }

  private RecordingSession(
      GenerationSettings settings,
      RequestHandler handler,
      TextGenerator generator,
      long requestSeed,
      List<Call> calls) {
    this.settings = settings;
    this.handler = handler;
    this.generator = generator;
    this.requestSeed = requestSeed;
    this.calls = calls;
  }

  @Override
  public String ask(String prompt, String expected) {
    var how =
        new TextGenerator.Settings(
            settings.maxTokens, settings.temperature, Hash64.at(requestSeed, calls.size()));
    Call call = handler.ask(generator, prompt, how, expected);
    calls.add(call);
    return call.text();
  }

  @Override
  public DraftSession with(TextGenerator other) {
    return new RecordingSession(settings, handler, other, Hash64.mix(requestSeed + 1), calls);
  }

  @Override
  public long seed() {
    return settings.seed();
  }

  @Override
  public int countTokens(String text) {
    return GenerationSettings.tokens(text);
  }

  List<Call> calls() {
    return calls;
  }

  /** Returns whether the last answer reached its token limit. */
  boolean cutOff() {
    return !calls.isEmpty() && calls.get(calls.size() - 1).cutOff();
  }
}
