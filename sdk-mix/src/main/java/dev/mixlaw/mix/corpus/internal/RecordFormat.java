package dev.mixlaw.mix.corpus.internal;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Problem;
import dev.mixlaw.mix.corpus.internal.parquet.ParquetRecords;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What to do with a file of each format. */
final class RecordFormat {
  private static final String PARQUET_LIBRARIES =
      "org.apache.parquet:parquet-column, org.apache.parquet:parquet-format-structures and"
          + " io.airlift:aircompressor";

  private RecordFormat() {}

  /** Told from a file's name, without the ending that says how it is compressed. */
  static Corpus.Format ofName(String plainName) {
    String name = plainName.toLowerCase(Locale.ROOT);
    if (name.endsWith(".jsonl") || name.endsWith(".json")) {
      return Corpus.Format.JSONL;
    } else if (name.endsWith(".parquet")) {
      return Corpus.Format.PARQUET;
    }
    return Corpus.Format.TEXT;
  }

  /** Opens a file; nothing stays open if that fails. */
  static Records open(CorpusFiles.Entry entry, String textField, int maxRecordBytes)
      throws IOException {
    return switch (entry.format()) {
      case PARQUET -> ParquetRecords.open(entry.path(), textField, maxRecordBytes);
      default ->
          new LineRecords(
              entry.compression().open(entry.path()), entry.format(), textField, maxRecordBytes);
    };
  }

  /** What is wrong with a readable file as far as can be told without reading all of it. */
  static List<Problem> problems(String corpus, CorpusFiles.Entry entry, String textField) {
    Optional<String> missing =
        entry.format() == Corpus.Format.PARQUET
            ? missing(
                PARQUET_LIBRARIES,
                "org.apache.parquet.column.ColumnReader",
                "org.apache.parquet.format.FileMetaData",
                "io.airlift.compress.Decompressor")
            : entry.compression().missingLibrary();
    if (missing.isPresent()) {
      return List.of(
          new Problem(
              "corpus " + corpus + ": no library to read " + entry.path(),
              missing.get() + " not on the class path",
              "plain and gzip text, or that library present",
              "a dependency on " + missing.get()));
    }
    if (entry.format() == Corpus.Format.PARQUET) {
      return entry.compression() == Compression.NONE
          ? ParquetRecords.problems(corpus, entry.path(), textField)
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

  private static Optional<String> missing(String artifacts, String... classes) {
    try {
      for (String name : classes) {
        Class.forName(name, false, RecordFormat.class.getClassLoader());
      }
      return Optional.empty();
    } catch (ClassNotFoundException e) {
      return Optional.of(artifacts);
    }
  }
}
