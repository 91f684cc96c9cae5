package dev.mixlaw.api.spi;

import dev.mixlaw.api.results.RunResult;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/** Keeps runs. After a kill, a store has its old state or the new one. */
public interface RunStore extends AutoCloseable {
  /** Returns the directory of a run or a shared trunk; creates it if it is missing. */
  Path directory(String identity);

  /** Returns the result of a run that ended, with any outcome; empty if there is none. */
  Optional<RunResult> find(String identity);

  /** Keeps the result of a run that ended. */
  void save(RunResult result);

  /**
   * Stores values that stay the same for all starts of the study, in one atomic write. A name that
   * has a value already keeps it.
   *
   * @param values by name, such as {@code workers}
   */
  void freeze(Map<String, String> values);

  /** Returns the setting of this name; empty before the first start of the study. */
  Optional<String> frozen(String name);

  /** Releases the store for other processes. */
  @Override
  void close();
}
