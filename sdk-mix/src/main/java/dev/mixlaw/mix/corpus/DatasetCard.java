package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.snakeyaml.engine.v2.api.Load;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/** What the YAML at the head of a dataset's {@code README.md} says of its files. */
final class DatasetCard {
  private static final Pattern HEAD =
      Pattern.compile("\\A\\uFEFF?---\\s*\\n(.*?)\\n---\\s*(\\n|\\z)", Pattern.DOTALL);
  private static final Pattern CONFIGS = Pattern.compile("(?m)^configs\\s*:");

  private DatasetCard() {}

  /**
   * One configuration.
   *
   * @param folder that it is limited to
   * @param patterns of paths by split; empty if names are to tell
   */
  record Configuration(
      String name,
      boolean byDefault,
      Optional<String> folder,
      Map<String, List<String>> patterns) {}

  /** All configurations; none if there is no README or it describes none. */
  static List<Configuration> configurations(String corpus, Path directory) {
    Path readme = directory.resolve("README.md");
    if (!Files.isRegularFile(readme)) {
      return List.of();
    }
    String what = "corpus " + corpus + ": " + readme;
    try {
      Matcher head =
          HEAD.matcher(Files.readString(readme, StandardCharsets.UTF_8).replace("\r", ""));
      if (!head.find() || !CONFIGS.matcher(head.group(1)).find()) {
        return List.of();
      }
      return parse(head.group(1));
    } catch (IOException e) {
      throw data(what, "cannot be read: " + e, "UTF-8 text", "the README", e);
    } catch (YamlEngineException | MalformedCardException e) {
      throw data(
          what,
          "its configs cannot be understood: " + e.getMessage(),
          "YAML as Hugging Face's Hub reads it",
          "the README, or Corpus.parquet and Corpus.directory without it",
          e);
    } catch (NoClassDefFoundError e) {
      throw data(
          what,
          "has configs, and org.snakeyaml:snakeyaml-engine is not on the class path",
          "that library present, or no configs",
          "a dependency on org.snakeyaml:snakeyaml-engine",
          e);
    }
  }

  private static final class MalformedCardException extends Exception {
    private static final long serialVersionUID = 1;

    MalformedCardException(String reason) {
      super(reason);
    }
  }

  private static List<Configuration> parse(String yaml) throws MalformedCardException {
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

  /** One pattern or a list of them, all for {@code train}, or a list of splits with theirs. */
  private static Map<String, List<String>> patterns(@Nullable Object files, String folder)
      throws MalformedCardException {
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

  private static List<?> list(@Nullable Object value) throws MalformedCardException {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new MalformedCardException("a list should be where there is " + value);
  }

  private static Map<?, ?> map(@Nullable Object value) throws MalformedCardException {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new MalformedCardException("names and values should be where there is " + value);
  }

  private static String text(@Nullable Object value, String name) throws MalformedCardException {
    if (value == null || value instanceof List || value instanceof Map) {
      throw new MalformedCardException(name + ": " + value);
    }
    return value.toString();
  }

  private static MixlawException data(
      String what, String actual, String allowed, String setting, Throwable cause) {
    return new MixlawException(
        MixlawException.Kind.DATA, new Problem(what, actual, allowed, setting), cause);
  }
}
