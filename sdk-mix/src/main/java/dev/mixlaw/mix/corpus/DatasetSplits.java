package dev.mixlaw.mix.corpus;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;

/** Finds the splits of a dataset by its file names, with the same rules as Hugging Face. */
final class DatasetSplits {
  private static final Pattern SHARD =
      Pattern.compile("data/([\\w.]+)-\\d{5}-of-\\d{5}[^/]*\\.[^/]+");
  private static final Map<String, Pattern> WORDS =
      Map.of(
          "train", word("train|training"),
          "validation", word("validation|valid|val|dev"),
          "test", word("test|testing|eval|evaluation"));

  private DatasetSplits() {}

  private static Pattern word(String words) {
    return Pattern.compile("(^|[-._ 0-9/])(" + words + ")([-._ 0-9/]|$)");
  }

  /** Returns the files of each split. If no split is named, all files belong to {@code train}. */
  static SortedMap<String, List<String>> splits(List<String> files) {
    SortedMap<String, List<String>> splits = shards(files);
    if (splits.isEmpty()) {
      splits = byWords(files);
    }
    if (splits.isEmpty()) {
      splits.put("train", files);
    }
    return splits;
  }

  /** Returns whether the file names alone show that a directory is a dataset with splits. */
  static boolean isDescribedBy(List<String> files) {
    SortedMap<String, List<String>> words = byWords(files);
    return !shards(files).isEmpty()
        || (words.size() > 1
            && words.containsKey("train")
            && words.values().stream().flatMap(List::stream).distinct().count() == files.size());
  }

  private static SortedMap<String, List<String>> shards(List<String> files) {
    SortedMap<String, List<String>> splits = new TreeMap<>();
    for (String file : files) {
      var shard = SHARD.matcher(file);
      if (shard.matches()) {
        add(splits, shard.group(1), file);
      }
    }
    return splits;
  }

  private static SortedMap<String, List<String>> byWords(List<String> files) {
    SortedMap<String, List<String>> splits = new TreeMap<>();
    files.forEach(file -> byWord(splits, file, false));
    if (splits.isEmpty()) {
      files.forEach(file -> byWord(splits, file, true));
    }
    return splits;
  }

  private static void byWord(SortedMap<String, List<String>> splits, String file, boolean folder) {
    int slash = file.lastIndexOf('/');
    String part = folder ? file.substring(0, Math.max(0, slash)) : file.substring(slash + 1);
    WORDS.forEach(
        (split, word) -> {
          if (word.matcher(part).find()) {
            add(splits, split, file);
          }
        });
  }

  private static void add(SortedMap<String, List<String>> splits, String split, String file) {
    splits.computeIfAbsent(split, s -> new ArrayList<>()).add(file);
  }
}
