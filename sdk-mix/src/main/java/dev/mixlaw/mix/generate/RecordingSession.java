package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.generate.RequestHandler.Answer;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.internal.Hash64;
import java.util.ArrayList;
import java.util.List;

/**
 * A scribe for one draft: gives every request a seed of its own, which depends on the draft and the
 * request's number only, and writes down what was asked.
 */
final class RecordingSession implements DraftSession {
  private final RequestHandler desk;
  private final TextGenerator generator;
  private final Manner manner;
  private final long seed;
  private final List<Call> calls;

  /** How all requests of a generation are made. */
  record Manner(int maxTokens, double temperature) {}

  /** A request and its answer. */
  record Call(String generator, String prompt, Answer answer) {}

  RecordingSession(RequestHandler desk, TextGenerator generator, Manner manner, long seed) {
    this(desk, generator, manner, seed, new ArrayList<>());
  }

  private RecordingSession(
      RequestHandler desk, TextGenerator generator, Manner manner, long seed, List<Call> calls) {
    this.desk = desk;
    this.generator = generator;
    this.manner = manner;
    this.seed = seed;
    this.calls = calls;
  }

  @Override
  public String ask(String prompt, String likely) {
    var settings =
        new TextGenerator.Settings(
            manner.maxTokens(), manner.temperature(), Hash64.at(seed, calls.size()));
    Answer answer = desk.ask(generator, prompt, settings, likely);
    calls.add(new Call(generator.name(), prompt, answer));
    return answer.text();
  }

  @Override
  public DraftSession with(TextGenerator other) {
    return new RecordingSession(desk, other, manner, Hash64.mix(seed + 1), calls);
  }

  List<Call> calls() {
    return calls;
  }

  /** Whether the last answer ended at its limit of tokens. */
  boolean cutOff() {
    return !calls.isEmpty() && calls.get(calls.size() - 1).answer().cutOff();
  }
}
