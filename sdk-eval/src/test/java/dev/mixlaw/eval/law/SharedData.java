package dev.mixlaw.eval.law;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Published measurements in a folder outside of the project, which the system property or
 * environment variable {@code MIXLAW_SHARED} names. Without it, tests that need them are skipped.
 */
public final class SharedData {
  private SharedData() {}

  /** Returns a file of published measurements, or skips the test if there is none. */
  public static Path file(String name) {
    Path root = root();
    assumeTrue(
        root != null,
        () -> "skipped: no shared/data/" + name + "; set MIXLAW_SHARED to the folder that has it");
    Path file = root.resolve("data").resolve(name);
    assumeTrue(Files.exists(file), () -> "skipped: no " + file);
    return file;
  }

  private static @Nullable Path root() {
    String said = System.getProperty("MIXLAW_SHARED", System.getenv("MIXLAW_SHARED"));
    if (said != null) {
      return Path.of(said);
    }
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isDirectory(at.resolve("shared/data"))) {
        return at.resolve("shared");
      }
    }
    return null;
  }

  /** Returns the rows of a CSV file without quotes, as maps from column name to cell. */
  public static List<Map<String, String>> csv(String name) {
    try {
      List<String> lines = Files.readAllLines(file(name));
      String[] header = lines.get(0).split(",", -1);
      List<Map<String, String>> rows = new ArrayList<>();
      for (String line : lines.subList(1, lines.size())) {
        String[] cells = line.split(",", -1);
        Map<String, String> row = new LinkedHashMap<>();
        for (int k = 0; k < header.length; k++) {
          row.put(header[k], cells[k]);
        }
        rows.add(row);
      }
      return rows;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Returns model sizes, tokens and losses that Besiroglu et al. 2024 read off a figure of Hoffmann
   * et al. 2022.
   */
  public static Observations chinchilla() {
    ObservationsBuilder all = ObservationsBuilder.of(Input.N, Input.D);
    for (Map<String, String> row : csv("laws/chinchilla.csv")) {
      all.add(number(row, "loss"), number(row, "params"), number(row, "tokens"));
    }
    return all.build();
  }

  static double number(Map<String, String> row, String column) {
    return Double.parseDouble(row.get(column));
  }
}
