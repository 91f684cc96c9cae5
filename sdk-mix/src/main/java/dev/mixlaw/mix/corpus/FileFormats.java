package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Problem;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/** Recognises, checks and opens files of each format. */
final class FileFormats {
  /** Formats by file name extension, after the extension for compression has been removed. */
  private static final Map<String, Corpus.Format> BY_ENDING =
      Map.of(
          ".jsonl", Corpus.Format.JSONL,
          ".json", Corpus.Format.JSONL,
          ".ndjson", Corpus.Format.JSONL,
          ".txt", Corpus.Format.TEXT,
          ".text", Corpus.Format.TEXT,
          ".parquet", Corpus.Format.PARQUET,
          ".warc", Corpus.Format.WARC,
          ".wet", Corpus.Format.WARC);

  /** Names that {@link #named} recognises, for messages. */
  static final String NAMES =
      "*.jsonl, *.json, *.ndjson, *.txt, *.text, *.warc, *.wet, each also with .gz or .zst, or"
          + " *.parquet";

  /** Optional libraries of a format: artifacts by a class in each. */
  private static final Map<Corpus.Format, Map<String, String>> LIBRARIES =
      Map.of(
          Corpus.Format.PARQUET,
          new TreeMap<>(
              Map.of(
                  "org.apache.parquet.column.ColumnReader",
                  "org.apache.parquet:parquet-column",
                  "org.apache.parquet.format.FileMetaData",
                  "org.apache.parquet:parquet-format-structures",
                  "io.airlift.compress.Decompressor",
                  "io.airlift:aircompressor")),
          Corpus.Format.WARC,
          Map.of("org.netpreserve.jwarc.WarcReader", "org.netpreserve:jwarc"));

  private FileFormats() {}

  /** Returns the format that a file name denotes; empty if the extension is unknown. */
  static Optional<Corpus.Format> named(String name) {
    Compression compression = Compression.ofName(name);
    return ending(compression.strip(name))
        .filter(f -> f != Corpus.Format.PARQUET || compression == Compression.NONE);
  }

  /**
   * Returns the format of a name from which the extension for compression was removed; text if it
   * is unknown.
   */
  static Corpus.Format ofName(String plainName) {
    return ending(plainName).orElse(Corpus.Format.TEXT);
  }

  private static Optional<Corpus.Format> ending(String plainName) {
    int dot = plainName.lastIndexOf('.');
    return dot < 0
        ? Optional.empty()
        : Optional.ofNullable(BY_ENDING.get(plainName.substring(dot).toLowerCase(Locale.ROOT)));
  }

  /** Opens a file. If this fails, the file is closed. */
  static RecordReader open(CorpusFiles.Entry entry, String textField, int maxRecordBytes)
      throws IOException {
    return switch (entry.format()) {
      case PARQUET -> ParquetRecordReader.open(entry.path(), textField, maxRecordBytes);
      case WARC -> WarcRecordReader.open(entry.compression().open(entry.path()), maxRecordBytes);
      default ->
          new LineRecordReader(
              entry.compression().open(entry.path()), entry.format(), textField, maxRecordBytes);
    };
  }

  /** Returns the problems of a readable file that are visible without reading all of it. */
  static List<Problem> problems(String corpus, CorpusFiles.Entry entry, String textField) {
    Set<String> missing = missing(entry);
    if (!missing.isEmpty()) {
      String artifacts = String.join(", ", missing);
      return List.of(
          new Problem(
              "corpus " + corpus + ": " + entry.path(),
              artifacts + " is not on the class path",
              "the library that reads this format",
              "add a dependency on " + artifacts));
    }
    if (entry.format() == Corpus.Format.PARQUET) {
      return entry.compression() == Compression.NONE
          ? ParquetRecordReader.problems(corpus, entry.path(), textField)
          : List.of(
              new Problem(
                  "corpus " + corpus + ": " + entry.path(),
                  "a Parquet file that was compressed as a whole",
                  "a Parquet file, whose pages are compressed internally",
                  "decompress the file"));
    }
    return List.of();
  }

  /** Returns the expected state of a file, for messages. */
  static String expected(CorpusFiles.Entry entry) {
    if (entry.format() == Corpus.Format.PARQUET) {
      return "a whole, undamaged Parquet file";
    }
    return entry.compression() == Compression.NONE
        ? "a readable file"
        : "a whole, undamaged compressed file";
  }

  /** Returns the artifacts that a file needs but that are not on the class path. */
  private static Set<String> missing(CorpusFiles.Entry entry) {
    Set<String> artifacts = new LinkedHashSet<>();
    entry.compression().missingLibrary().ifPresent(artifacts::add);
    LIBRARIES
        .getOrDefault(entry.format(), Map.of())
        .forEach(
            (className, artifact) -> {
              try {
                Class.forName(className, false, FileFormats.class.getClassLoader());
              } catch (ClassNotFoundException e) {
                artifacts.add(artifact);
              }
            });
    return artifacts;
  }
}
