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

/** What to do with a file of each format. */
public final class FileFormats {
  /** Endings of names that tell a format, without those of compression. */
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

  /** What {@link #named} knows, in words. */
  public static final String NAMES =
      "*.jsonl, *.json, *.ndjson, *.txt, *.text, *.warc, *.wet, all these with .gz or .zst too, or"
          + " *.parquet";

  /** What optional libraries are known by: a class of each, and its artifact. */
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

  /** What a file's name tells; empty if it is not that of a text. */
  public static Optional<Corpus.Format> named(String name) {
    Compression compression = Compression.ofName(name);
    return ending(compression.strip(name))
        .filter(f -> f != Corpus.Format.PARQUET || compression == Compression.NONE);
  }

  /** Told from a file's name, without the ending that says how it is compressed; else text. */
  static Corpus.Format ofName(String plainName) {
    return ending(plainName).orElse(Corpus.Format.TEXT);
  }

  private static Optional<Corpus.Format> ending(String plainName) {
    int dot = plainName.lastIndexOf('.');
    return dot < 0
        ? Optional.empty()
        : Optional.ofNullable(BY_ENDING.get(plainName.substring(dot).toLowerCase(Locale.ROOT)));
  }

  /** Opens a file; nothing stays open if that fails. */
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

  /** What is wrong with a readable file as far as can be told without reading all of it. */
  static List<Problem> problems(String corpus, CorpusFiles.Entry entry, String textField) {
    Set<String> missing = missing(entry);
    if (!missing.isEmpty()) {
      String artifacts = String.join(", ", missing);
      return List.of(
          new Problem(
              "corpus " + corpus + ": no library to read " + entry.path(),
              artifacts + " not on the class path",
              "plain and gzip text, or that library present",
              "a dependency on " + artifacts));
    }
    if (entry.format() == Corpus.Format.PARQUET) {
      return entry.compression() == Compression.NONE
          ? ParquetRecordReader.problems(corpus, entry.path(), textField)
          : List.of(
              new Problem(
                  "corpus " + corpus + ": " + entry.path(),
                  "a compressed Parquet file, which cannot be read from its end",
                  "Parquet files as they are: they compress inside",
                  "decompressing the file"));
    }
    return List.of();
  }

  /** What a file must be for reading not to fail. */
  static String allowed(CorpusFiles.Entry entry) {
    if (entry.format() == Corpus.Format.PARQUET) {
      return "a whole, undamaged Parquet file";
    }
    return entry.compression() == Compression.NONE
        ? "a readable file"
        : "a whole, undamaged compressed file";
  }

  /** The artifacts that a file needs and that are not there. */
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
