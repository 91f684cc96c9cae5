package dev.mixlaw.mix.corpus.internal.dataset;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Finds the files of a split. */
public final class DatasetFiles {
  private static final Pattern READ =
      Pattern.compile("(?i).+\\.(parquet|((jsonl|json|ndjson|txt)(\\.(gz|zst))?))");
  private static final Pattern ARROW = Pattern.compile("(?i).+\\.(arrow|csv|tsv)(\\.\\w+)?");

  /** Files that describe a dataset and are no part of it. */
  private static final Set<String> DESCRIPTIONS =
      Set.of(
          "config.json",
          "dataset_info.json",
          "dataset_infos.json",
          "dataset_dict.json",
          "state.json");

  private final String corpus;
  private final Path directory;

  private DatasetFiles(String corpus, Path directory) {
    this.corpus = corpus;
    this.directory = directory;
  }

  /**
   * The files of a split, in the order of their names.
   *
   * @throws MixlawException (data) if there are none, saying what there is
   */
  public static List<Path> of(
      String corpus, Path directory, Optional<String> configuration, String split) {
    return new DatasetFiles(corpus, directory).of(configuration, split);
  }

  private List<Path> of(Optional<String> configuration, String split) {
    if (!Files.isDirectory(directory)) {
      throw problem("is not a directory", "a directory", "HuggingFaceDataset.in");
    }
    List<String> names = names();
    List<DatasetCard.Configuration> configurations = DatasetCard.configurations(corpus, directory);
    if (configurations.isEmpty() && configuration.isPresent()) {
      throw problem(
          "configuration " + configuration.get() + ", where README.md describes none",
          "no configuration, or the configuration's own folder as the directory",
          "HuggingFaceDataset.configuration");
    }
    SortedMap<String, List<String>> splits =
        configurations.isEmpty()
            ? SplitNames.splits(readable(names))
            : configured(choose(configurations, configuration), names);
    List<String> files = splits.getOrDefault(split, List.of());
    if (files.isEmpty()) {
      throw problem(
          "no split \"" + split + "\"", "one of " + splits.keySet(), "HuggingFaceDataset.split");
    }
    return files.stream().map(directory::resolve).toList();
  }

  private SortedMap<String, List<String>> configured(
      DatasetCard.Configuration configuration, List<String> names) {
    if (configuration.patterns().isEmpty()) {
      String folder = configuration.folder().map(f -> f.endsWith("/") ? f : f + "/").orElse("");
      return SplitNames.splits(readable(names.stream().filter(n -> n.startsWith(folder)).toList()));
    }
    SortedMap<String, List<String>> splits = new TreeMap<>();
    configuration
        .patterns()
        .forEach(
            (split, globs) -> {
              Set<String> matched = new TreeSet<>();
              for (String glob : globs) {
                names.stream().filter(n -> Globs.matches(glob, n)).forEach(matched::add);
              }
              splits.put(split, readable(new ArrayList<>(matched)));
            });
    return splits;
  }

  private DatasetCard.Configuration choose(
      List<DatasetCard.Configuration> all, Optional<String> wanted) {
    Optional<DatasetCard.Configuration> chosen =
        wanted.isPresent()
            ? all.stream().filter(c -> c.name().equals(wanted.get())).findFirst()
            : all.size() == 1
                ? Optional.of(all.get(0))
                : all.stream()
                    .filter(DatasetCard.Configuration::byDefault)
                    .findFirst()
                    .or(() -> all.stream().filter(c -> c.name().equals("default")).findFirst());
    return chosen.orElseThrow(
        () ->
            problem(
                wanted
                    .map(name -> "no configuration \"" + name + "\"")
                    .orElse("several configurations and no default"),
                "one of " + all.stream().map(DatasetCard.Configuration::name).toList(),
                "HuggingFaceDataset.configuration"));
  }

  /** Those that hold text; an error if there are none. */
  private List<String> readable(List<String> names) {
    List<String> files =
        names.stream()
            .filter(n -> READ.matcher(n).matches())
            .filter(n -> !DESCRIPTIONS.contains(n.substring(n.lastIndexOf('/') + 1)))
            .toList();
    if (files.isEmpty()) {
      Optional<String> other = names.stream().filter(n -> ARROW.matcher(n).matches()).findFirst();
      throw problem(
          "no file to read" + other.map(n -> ", but " + n).orElse(""),
          "Parquet, JSON Lines or text, such as to_parquet or to_json write",
          "the files of the dataset");
    }
    return files;
  }

  /**
   * All files by their path from the directory on, with slashes, in order; hidden ones left out.
   */
  private List<String> names() {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile)
          .map(file -> directory.relativize(file).toString())
          .map(name -> name.replace(directory.getFileSystem().getSeparator(), "/"))
          .filter(name -> !name.startsWith(".") && !name.contains("/."))
          .sorted()
          .toList();
    } catch (IOException | UncheckedIOException e) {
      throw problem("cannot be listed: " + e, "a readable directory", "its permissions");
    }
  }

  private MixlawException problem(String actual, String allowed, String setting) {
    return new MixlawException(
        MixlawException.Kind.DATA,
        new Problem("corpus " + corpus + ": dataset " + directory, actual, allowed, setting));
  }
}
