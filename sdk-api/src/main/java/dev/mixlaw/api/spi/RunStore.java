package dev.mixlaw.api.spi;

import dev.mixlaw.api.results.RunResult;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Keeps runs. Writes are atomic: after a kill there is the old state or the new one. */
public interface RunStore extends AutoCloseable {
  /** The directory of a run, or of a trunk that several runs share; made if it is missing. */
  Path directory(String identity);

  /** The result of a run that ended, whatever its outcome. */
  Optional<RunResult> find(String identity);

  void save(RunResult result);

  /**
   * Stores values that stay the same for all starts of the study, in one atomic write. A name that
   * has a value already keeps it.
   *
   * @param values by name, such as {@code workers}
   */
  void freeze(Map<String, String> values);

  /** The frozen value of this name; empty before the study's first start. Changes nothing. */
  Optional<String> frozen(String name);

  @Override
  void close();
}
