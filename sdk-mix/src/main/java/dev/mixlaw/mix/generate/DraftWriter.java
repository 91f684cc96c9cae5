package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.internal.Hash64;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes one draft and applies the filters to it. This class is thread-safe. */
final class DraftWriter {
  static final String GENERATOR = "generator";

  private final GenerationSettings settings;
  private final RequestHandler handler;
  private final boolean estimate;

  /**
   * Creates a writer.
   *
   * @param estimate whether rejected drafts also pass through the remaining filters, so that every
   *     request that a draft may need is counted
   */
  DraftWriter(GenerationSettings settings, RequestHandler handler, boolean estimate) {
    this.settings = settings;
    this.handler = handler;
    this.estimate = estimate;
  }

  /**
   * The reason why a draft was rejected.
   *
   * @param by name of the filter that rejected the draft, or {@link #GENERATOR}
   */
  record Refusal(String by, String reason) {}

  /**
   * The result of writing a draft.
   *
   * @param text text of the draft; empty if it was rejected
   * @param scores scores of the draft, by the name of the filter that assigned them
   */
  record Outcome(
      Material material,
      String text,
      Optional<Refusal> refusal,
      List<Call> calls,
      Map<String, Double> scores) {}

  /**
   * Writes a draft and applies the filters to it.
   *
   * @throws GeneratorException if the generator is unavailable, or fails for every prompt
   */
  Outcome write(Material material) {
    long seed = Hash64.at(Hash64.of(material.document(), settings.seed()), material.part());
    RecordingSession session = session(seed, 0);
    List<Call> calls = new ArrayList<>();
    Map<String, Double> scores = new TreeMap<>();
    String text = "";
    Optional<Refusal> refusal = Optional.empty();
    try {
      text = settings.style().write(material, session);
      for (int i = 0; i < settings.filters.size() && (estimate || refusal.isEmpty()); i++) {
        DraftFilter filter = settings.filters.get(i);
        RecordingSession own = session(seed, i + 1L);
        Draft judged;
        try {
          judged = filter.judge(new Draft(material, text, session.cutOff()), own);
        } finally {
          calls.addAll(own.calls());
        }
        text = judged.text();
        judged.score().ifPresent(score -> scores.put(filter.name(), score));
        refusal = refusal.or(() -> judged.rejection().map(r -> new Refusal(filter.name(), r)));
      }
      if (refusal.isEmpty() && text.isBlank()) {
        refusal = Optional.of(new Refusal("empty", "no text"));
      }
    } catch (GeneratorException e) {
      if (e.failure() != GeneratorException.Failure.PROMPT
          && e.failure() != GeneratorException.Failure.UNUSABLE) {
        throw e;
      }
      refusal = Optional.of(new Refusal(GENERATOR, String.valueOf(e.getMessage())));
    }
    calls.addAll(0, session.calls());
    return new Outcome(material, refusal.isEmpty() ? text : "", refusal, calls, scores);
  }

  private RecordingSession session(long draftSeed, long number) {
    return new RecordingSession(settings, handler, Hash64.at(draftSeed, number));
  }
}
