package dev.mixlaw.api.spi;

import dev.mixlaw.api.results.Findings;
import java.nio.file.Path;

/** Writes findings for people and for programs. */
public interface ReportWriter {
  /**
   * Writes {@code html}, and {@code results.json} and {@code runs.jsonl} beside it, each
   * atomically.
   */
  void write(Findings findings, Path html);
}
