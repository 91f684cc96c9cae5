package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Reasons;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;

/** Reads the configurations of a dataset from the YAML header of its {@code README.md}. */
final class DatasetCard {
  private static final Pattern CONFIGS = Pattern.compile("configs\\s*:.*");

  private static final int LONGEST_HEADER = 1 << 20;

  private DatasetCard() {}

  /**
   * A configuration of a dataset.
   *
   * @param folder the directory that contains its files
   * @param patterns the file name patterns of each split; empty if file names determine the splits
   */
  record Configuration(
      String name,
      boolean byDefault,
      Optional<String> folder,
      Map<String, List<String>> patterns) {}

  /** Returns all configurations, or an empty list if the README has no {@code configs}. */
  static List<Configuration> configurations(String corpus, Path directory) {
    Path readme = directory.resolve("README.md");
    if (!Files.isRegularFile(readme)) {
      return List.of();
    }
    String what = "corpus " + corpus + ": " + readme;
    try {
      List<String> header = header(readme);
      return header.stream().anyMatch(line -> CONFIGS.matcher(line).matches())
          ? parse(String.join("\n", header))
          : List.of();
    } catch (IOException e) {
      throw MixlawException.data(
          what, "cannot be read: " + Reasons.of(e), "UTF-8 text", "replace the README", e);
    } catch (RuntimeException | StackOverflowError e) {
      // The library throws several kinds of exceptions, and nested YAML overflows its stack.
      throw MixlawException.data(
          what,
          "invalid configs: " + FileDocumentStream.shortened(String.valueOf(e.getMessage())),
          "YAML that the Hugging Face Hub can read",
          "correct the README, or use Corpus.parquet or Corpus.directory",
          e);
    } catch (NoClassDefFoundError e) {
      throw MixlawException.data(
          what,
          "has configs, but org.snakeyaml:snakeyaml-engine is not on the class path",
          "the library that reads configs",
          "add a dependency on org.snakeyaml:snakeyaml-engine",
          e);
    }
  }

  /** Returns the lines of the YAML header, which is between two {@code ---} lines. */
  private static List<String> header(Path readme) throws IOException {
    List<String> lines;
    try (InputStream in = Files.newInputStream(readme)) {
      lines = new String(in.readNBytes(LONGEST_HEADER), StandardCharsets.UTF_8).lines().toList();
    }
    if (lines.isEmpty() || !dashes(lines.get(0).replace("\uFEFF", ""))) {
      return List.of();
    }
    List<String> rest = lines.subList(1, lines.size());
    List<String> header = rest.stream().takeWhile(line -> !dashes(line)).toList();
    return header.size() == rest.size() ? List.of() : header;
  }

  private static boolean dashes(String line) {
    return line.stripTrailing().equals("---");
  }

  private static List<Configuration> parse(String yaml) {
    Object root = new Load(LoadSettings.builder().build()).loadFromString(yaml);
    List<Configuration> all = new ArrayList<>();
    for (Object item : list(map(root).get("configs"))) {
      Map<?, ?> config = map(item);
      Object folder = config.get("data_dir");
      all.add(
          new Configuration(
              text(config.get("config_name"), "config_name"),
              Boolean.TRUE.equals(config.get("default")),
              folder == null ? Optional.empty() : Optional.of(text(folder, "data_dir")),
              patterns(config.get("data_files"), folder == null ? "" : folder + "/")));
    }
    return all;
  }

  private static Map<String, List<String>> patterns(@Nullable Object files, String folder) {
    Map<String, List<String>> patterns = new LinkedHashMap<>();
    for (Object item :
        files == null ? List.of() : files instanceof List<?> l ? l : List.of(files)) {
      boolean split = item instanceof Map;
      String name = split ? text(map(item).get("split"), "split") : "train";
      Object paths = split ? map(item).get("path") : item;
      for (Object path :
          paths instanceof List<?> several ? several : list(List.of(text(paths, "path")))) {
        patterns
            .computeIfAbsent(name, s -> new ArrayList<>())
            .add(folder + text(path, "path").replaceFirst("^\\./", ""));
      }
    }
    return patterns;
  }

  private static List<?> list(@Nullable Object value) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new IllegalArgumentException(value + "; expected a list");
  }

  private static Map<?, ?> map(@Nullable Object value) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new IllegalArgumentException(value + "; expected a mapping");
  }

  private static String text(@Nullable Object value, String name) {
    if (value == null || value instanceof List || value instanceof Map) {
      throw new IllegalArgumentException(name + ": " + value);
    }
    return value.toString();
  }
}
