package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.MixlawException;
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

/** Finds the files of each split of a Hugging Face dataset. */
final class DatasetFiles {
  private static final Pattern UNSUPPORTED = Pattern.compile("(?i).+\\.(arrow|csv|tsv)(\\.\\w+)?");

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

  /** Returns the sorted paths of the files in a split, relative to the directory. */
  static List<String> of(
      String corpus, Path directory, Optional<String> configuration, String split) {
    DatasetFiles dataset = new DatasetFiles(corpus, directory);
    SortedMap<String, List<String>> splits = dataset.splits(configuration);
    List<String> files = splits.getOrDefault(split, List.of());
    if (files.isEmpty()) {
      throw dataset.problem(
          "no split \"" + split + "\"",
          "one of " + splits.keySet(),
          "change HuggingFaceDataset.split");
    }
    return files;
  }

  /** Returns the sorted names of the splits in the default configuration. */
  static List<String> splits(String corpus, Path directory) {
    return List.copyOf(new DatasetFiles(corpus, directory).splits(Optional.empty()).keySet());
  }

  /** Returns whether the README or the file names in a directory define splits. */
  static boolean isDataset(String corpus, Path directory) {
    return !DatasetCard.configurations(corpus, directory).isEmpty()
        || DatasetSplits.isDescribedBy(
            FolderFiles.names("corpus " + corpus, directory).stream()
                .filter(DatasetFiles::isText)
                .toList());
  }

  /** Returns whether a file may contain records, according to its name. */
  static boolean isText(String name) {
    return FileFormats.named(name).isPresent()
        && !DESCRIPTIONS.contains(name.substring(name.lastIndexOf('/') + 1));
  }

  private SortedMap<String, List<String>> splits(Optional<String> configuration) {
    if (!Files.isDirectory(directory)) {
      throw problem("not a directory", "a directory", "change HuggingFaceDataset.in");
    }
    List<String> names = FolderFiles.names("corpus " + corpus, directory);
    List<DatasetCard.Configuration> configurations = DatasetCard.configurations(corpus, directory);
    if (configurations.isEmpty() && configuration.isPresent()) {
      throw problem(
          "no configuration \"" + configuration.get() + "\": README.md has no configurations",
          "a dataset whose README.md has this configuration",
          "omit HuggingFaceDataset.configuration, or pass the directory of the configuration to HuggingFaceDataset.in");
    }
    return configurations.isEmpty()
        ? DatasetSplits.splits(readable(names))
        : configured(choose(configurations, configuration), names);
  }

  private SortedMap<String, List<String>> configured(
      DatasetCard.Configuration configuration, List<String> names) {
    if (configuration.patterns().isEmpty()) {
      String folder = configuration.folder().map(f -> f.endsWith("/") ? f : f + "/").orElse("");
      return DatasetSplits.splits(
          readable(names.stream().filter(n -> n.startsWith(folder)).toList()));
    }
    SortedMap<String, List<String>> splits = new TreeMap<>();
    configuration
        .patterns()
        .forEach(
            (split, globs) -> {
              Set<String> matched = new TreeSet<>();
              for (String glob : globs) {
                names.stream().filter(n -> GlobPattern.matches(glob, n)).forEach(matched::add);
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
                "change HuggingFaceDataset.configuration"));
  }

  private List<String> readable(List<String> names) {
    List<String> files = names.stream().filter(DatasetFiles::isText).toList();
    if (files.isEmpty()) {
      Optional<String> other =
          names.stream().filter(n -> UNSUPPORTED.matcher(n).matches()).findFirst();
      throw problem(
          "no file in a supported format" + other.map(n -> "; it has " + n).orElse(""),
          "Parquet, JSON Lines or text files",
          "convert the dataset with to_parquet or to_json");
    }
    return files;
  }

  private MixlawException problem(String actual, String expected, String fix) {
    return MixlawException.data(
        "corpus " + corpus + ": dataset " + directory,
        FileDocumentStream.shortened(actual),
        FileDocumentStream.shortened(expected),
        fix);
  }
}
