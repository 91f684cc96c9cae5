package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Reasons;
import dev.mixlaw.api.internal.TextFiles;
import java.io.EOFException;
import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

final class FileFormats {
  /** The format that each file name extension denotes. */
  private static final Map<String, TextFiles.Format> BY_ENDING =
      Map.of(
          ".jsonl", TextFiles.Format.JSONL,
          ".json", TextFiles.Format.JSONL,
          ".ndjson", TextFiles.Format.JSONL,
          ".txt", TextFiles.Format.TEXT,
          ".text", TextFiles.Format.TEXT,
          ".parquet", TextFiles.Format.PARQUET,
          ".warc", TextFiles.Format.WARC,
          ".wet", TextFiles.Format.WARC);

  static final String NAMES =
      "*.jsonl, *.json, *.ndjson, *.txt, *.text, *.warc, *.wet, each also with .gz or .zst, or *.parquet";

  /** The artifacts of optional libraries, by format and by the name of a class in the library. */
  private static final Map<TextFiles.Format, Map<String, String>> LIBRARIES =
      Map.of(
          TextFiles.Format.PARQUET,
          new TreeMap<>(
              Map.of(
                  "org.apache.parquet.column.ColumnReader",
                  "org.apache.parquet:parquet-column",
                  "org.apache.parquet.format.FileMetaData",
                  "org.apache.parquet:parquet-format-structures",
                  "io.airlift.compress.Decompressor",
                  "io.airlift:aircompressor")),
          TextFiles.Format.WARC,
          Map.of("org.netpreserve.jwarc.WarcReader", "org.netpreserve:jwarc"));

  private FileFormats() {}

  /** Returns the format that a file name denotes, or empty if the extension is unknown. */
  static Optional<TextFiles.Format> named(String name) {
    Compression compression = Compression.ofName(name);
    return ending(compression.strip(name))
        .filter(f -> f != TextFiles.Format.PARQUET || compression == Compression.NONE);
  }

  /** Returns the format of a file name without compression extension, by default text. */
  static TextFiles.Format ofName(String plainName) {
    return ending(plainName).orElse(TextFiles.Format.TEXT);
  }

  private static Optional<TextFiles.Format> ending(String plainName) {
    int dot = plainName.lastIndexOf('.');
    return dot < 0
        ? Optional.empty()
        : Optional.ofNullable(BY_ENDING.get(plainName.substring(dot).toLowerCase(Locale.ROOT)));
  }

  /** Opens a file. The file is closed if this method throws an exception. */
  static RecordReader open(CorpusFiles.Entry entry, String textField, int maxRecordBytes)
      throws IOException {
    return switch (entry.format()) {
      case PARQUET -> {
        if (entry.compression() != Compression.NONE) {
          throw new UnsuitableFileException(
              "a Parquet file that was compressed as a whole",
              "a Parquet file that is not compressed as a whole, because its pages are compressed internally",
              "decompress the file");
        }
        yield ParquetRecordReader.open(entry.path(), textField, maxRecordBytes);
      }
      case WARC -> WarcRecordReader.open(entry.compression().open(entry.path()), maxRecordBytes);
      default ->
          new LineRecordReader(
              entry.compression().open(entry.path()), entry.format(), textField, maxRecordBytes);
    };
  }

  /** Returns the problems with a readable file that are apparent without reading all of it. */
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
    if (entry.format() == TextFiles.Format.PARQUET) {
      try (RecordReader footer = open(entry, textField, Corpora.MAX_RECORD_BYTES)) {
        return List.of();
      } catch (IOException e) {
        return List.of(problem("corpus " + corpus + ": " + entry.path(), entry, e));
      }
    }
    return List.of();
  }

  static Problem problem(String subject, CorpusFiles.Entry entry, IOException cause) {
    String reason = FileDocumentStream.shortened(Reasons.of(cause));
    if (cause instanceof UnsuitableFileException unsuitable) {
      return new Problem(subject, reason, unsuitable.expected, unsuitable.fix);
    }
    boolean whole =
        entry.format() == TextFiles.Format.PARQUET || entry.compression() != Compression.NONE;
    return new Problem(
        subject,
        cause instanceof EOFException ? "truncated (" + reason + ")" : reason,
        whole ? "a complete, undamaged file" : "a readable file",
        "replace the file " + entry.path());
  }

  private static Set<String> missing(CorpusFiles.Entry entry) {
    Set<String> artifacts = new LinkedHashSet<>();
    entry.compression().missingLibrary().ifPresent(artifacts::add);
    LIBRARIES
        .getOrDefault(entry.format(), Map.of())
        .forEach((name, artifact) -> artifacts.addAll(exists(name) ? Set.of() : Set.of(artifact)));
    return artifacts;
  }

  static boolean exists(String className) {
    try {
      Class.forName(className, false, FileFormats.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }
}
