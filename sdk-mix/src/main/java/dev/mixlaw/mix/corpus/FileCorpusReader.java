package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.spi.CorpusReader;

/**
 * Reads corpora from JSON Lines, lines of text and whole text files, plain or compressed, and from
 * Parquet and web archives.
 *
 * <ul>
 *   <li>Names ending in {@code .gz} and {@code .zst} are decompressed, also when they hold several
 *       members or frames; {@code .zst} needs {@code com.github.luben:zstd-jni}.
 *   <li>A directory's files are read in the order of their names, folders included; names that
 *       begin with a dot are passed over.
 *   <li>A JSON record's text field may lie deeper: {@code a.b} is the field {@code b} of the object
 *       {@code a}, or the field called {@code a.b}.
 *   <li>Of a Parquet file one column is read, page by page: a text a row, {@code a.b} being the
 *       column {@code b} of the structure {@code a}. Needs {@code
 *       org.apache.parquet:parquet-column}, {@code org.apache.parquet:parquet-format-structures}
 *       and {@code io.airlift:aircompressor}.
 *   <li>Of a web archive the {@code conversion} records of plain text are read, as WET files hold
 *       them; no text is taken out of pages. Needs {@code org.netpreserve:jwarc}.
 *   <li>Text is UTF-8; a byte-order mark at the beginning of a file is left out. Lines end in LF or
 *       CRLF; blank lines are no records.
 *   <li>A document's id is {@code file:line}, {@code file:row} or {@code file:record} counted from
 *       1, or {@code file} when the file is the document; the file is named from the corpus's
 *       directory on, with slashes.
 * </ul>
 *
 * <p>A record is malformed if it is not one JSON object, has no text field or one that is not a
 * string (a null of a column is such), has only white space for text, is not valid Unicode, or is
 * longer than {@value #MAX_RECORD_BYTES} bytes. Such records are skipped and counted; one more than
 * {@link Corpus.Files#badRecordLimit} is an error that shows the first of them. A compressed or
 * Parquet file that is truncated or damaged is an error at once, since nobody knows how much is
 * lost, and so is a corpus without a single document.
 *
 * <p>Memory: a few buffers, the longest record, and a page and a dictionary of Parquet. Readers
 * hold no state.
 */
public final class FileCorpusReader implements CorpusReader {
  /** Longest record that is read: a line, or a file that is a document. */
  public static final int MAX_RECORD_BYTES = 64 << 20;

  @Override
  public boolean reads(Corpus.Files files) {
    return true;
  }

  /**
   * {@inheritDoc}
   *
   * @throws IllegalArgumentException if the corpus is not in files
   */
  @Override
  public DocumentStream open(Corpus corpus) {
    if (corpus.content() instanceof Corpus.Files files) {
      return new FileDocumentStream(
          corpus.name(), files, CorpusFiles.list(corpus.name(), files), MAX_RECORD_BYTES);
    }
    throw new IllegalArgumentException(
        "corpus " + corpus.name() + " is supplied by the application, not read from files");
  }
}
