package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.mix.generate.spi.Draft;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.generate.spi.Verdict;
import dev.mixlaw.mix.internal.Hash64;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/** Writes one draft and passes it through the filters. Safe for use by several threads. */
final class DraftWriter {
  static final String GENERATOR = "generator";

  private final GenerationSettings job;
  private final RequestHandler desk;

  DraftWriter(GenerationSettings job, RequestHandler desk) {
    this.job = job;
    this.desk = desk;
  }

  /** Why a draft is left out. */
  record Left(String by, String reason) {}

  /**
   * What became of a material.
   *
   * @param text empty if it is left out
   * @param scores by filter
   */
  record Outcome(
      Material material,
      String text,
      Optional<Left> left,
      List<RecordingSession.Call> calls,
      Map<String, Double> scores) {}

  /**
   * Writes and filters.
   *
   * @throws GeneratorException if there is no answer for now, or for no prompt at all
   */
  Outcome write(Material material) {
    long seed = Hash64.at(Hash64.of(material.document(), job.seed()), material.part());
    RecordingSession clerk =
        new RecordingSession(desk, job.generator(), job.manner(), Hash64.at(seed, 0));
    List<RecordingSession.Call> calls = new ArrayList<>();
    Map<String, Double> scores = new TreeMap<>();
    String text = "";
    Optional<Left> left = Optional.empty();
    try {
      text = job.style().write(material, clerk);
      for (int i = 0; i < job.filters().size() && left.isEmpty(); i++) {
        DraftFilter filter = job.filters().get(i);
        RecordingSession own =
            new RecordingSession(desk, job.generator(), job.manner(), Hash64.at(seed, i + 1L));
        Verdict verdict;
        try {
          verdict = filter.judge(new Draft(material, text, clerk.cutOff()), own);
        } finally {
          calls.addAll(own.calls());
        }
        if (verdict instanceof Verdict.Kept kept) {
          text = kept.text();
          kept.score().ifPresent(score -> scores.put(filter.name(), score));
        } else {
          left = Optional.of(new Left(filter.name(), ((Verdict.Refused) verdict).reason()));
        }
      }
      if (left.isEmpty() && text.isBlank()) {
        left = Optional.of(new Left("empty", "no text"));
      }
    } catch (GeneratorException e) {
      if (e.failure() != GeneratorException.Failure.PROMPT
          && e.failure() != GeneratorException.Failure.UNUSABLE) {
        throw e;
      }
      left = Optional.of(new Left(GENERATOR, String.valueOf(e.getMessage())));
    }
    calls.addAll(0, clerk.calls());
    return new Outcome(material, left.isEmpty() ? text : "", left, calls, scores);
  }

  /** Makes all requests that a material may lead to, refused or not: for plans. */
  void rehearse(Material material) {
    long seed = Hash64.at(Hash64.of(material.document(), job.seed()), material.part());
    RecordingSession clerk =
        new RecordingSession(desk, job.generator(), job.manner(), Hash64.at(seed, 0));
    String text = job.style().write(material, clerk);
    for (int i = 0; i < job.filters().size(); i++) {
      RecordingSession own =
          new RecordingSession(desk, job.generator(), job.manner(), Hash64.at(seed, i + 1L));
      Verdict verdict = job.filters().get(i).judge(new Draft(material, text, false), own);
      text = verdict instanceof Verdict.Kept kept ? kept.text() : text;
    }
  }
}
