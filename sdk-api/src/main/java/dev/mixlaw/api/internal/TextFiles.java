package dev.mixlaw.api.internal;

import java.nio.file.Path;
import java.util.Objects;

/**
 * The files that contain the documents of a corpus. Files whose names end in {@code .gz} or {@code
 * .zst} are decompressed.
 *
 * @param path a file, or a directory whose files are read in the order of their names
 * @param format how documents are stored in a file
 * @param textField the field of a JSON record, or the Parquet column, that contains the text
 * @param badRecordFraction largest fraction of malformed records, as described for {@code
 *     Corpus.badRecordFraction}
 */
public record TextFiles(Path path, Format format, String textField, double badRecordFraction) {
  public TextFiles {
    Objects.requireNonNull(path, "path");
    Objects.requireNonNull(format, "format");
    Objects.requireNonNull(textField, "textField");
  }

  /** The format in which documents are stored in a file. */
  public enum Format {
    /** One JSON object per line. */
    JSONL,
    /** One document per file. */
    TEXT,
    /** One document per line. */
    LINES,
    /** One document per row of a Parquet file. */
    PARQUET,
    /** One document per {@code conversion} record of a web archive. */
    WARC,
    /** The format that the extension of each file indicates. */
    BY_NAME
  }
}
