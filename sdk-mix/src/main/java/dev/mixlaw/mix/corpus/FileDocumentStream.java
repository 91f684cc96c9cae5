package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.TextFiles;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** A stream of the documents in several files, which are read one after another. */
final class FileDocumentStream implements DocumentStream {
  private static final int EXAMPLES = 5;
  private static final int LONGEST_MESSAGE = 500;

  /** Number of records that may be malformed whatever their fraction, unless the fraction is 0. */
  private static final int MALFORMED_ALLOWED = 100;

  private final String corpus;
  private final TextFiles files;
  private final List<CorpusFiles.Entry> entries;
  private final RecordReaderFactory readers;
  private final List<String> examples = new ArrayList<>();
  private int nextEntry;
  private CorpusFiles.@Nullable Entry entry;
  private @Nullable RecordReader records;
  private @Nullable Document ready;
  private long documents;
  private long skipped;
  private long malformed;

  @FunctionalInterface
  interface RecordReaderFactory {
    RecordReader open(CorpusFiles.Entry entry) throws IOException;
  }

  FileDocumentStream(
      String corpus, TextFiles files, List<CorpusFiles.Entry> entries, int maxRecordBytes) {
    this(
        corpus,
        files,
        entries,
        entry -> FileFormats.open(entry, files.textField(), maxRecordBytes));
  }

  FileDocumentStream(
      String corpus,
      TextFiles files,
      List<CorpusFiles.Entry> entries,
      RecordReaderFactory readers) {
    this.corpus = corpus;
    this.files = files;
    this.entries = List.copyOf(entries);
    this.readers = readers;
  }

  @Override
  public boolean hasNext() {
    while (ready == null) {
      if (records == null && !openNext()) {
        return false;
      }
      advance();
    }
    return true;
  }

  @Override
  public Document next() {
    if (!hasNext()) {
      throw new NoSuchElementException("corpus " + corpus + " has no more documents");
    }
    Document document = ready;
    ready = null;
    return document;
  }

  @Override
  public long skipped() {
    return skipped;
  }

  @Override
  public List<String> skippedExamples() {
    return List.copyOf(examples);
  }

  @Override
  public void close() {
    nextEntry = entries.size();
    documents = Math.max(documents, 1); // a stream that is closed early is not empty
    ready = null;
    closeFile();
  }

  private boolean openNext() {
    if (nextEntry == entries.size()) {
      if (documents == 0) {
        throw MixlawException.data(
            "corpus " + corpus + " is empty",
            files.path()
                + " has no document"
                + (skipped == 0 ? "" : "; " + skipped + " skipped: " + shown()),
            "at least one document",
            "change the path" + (skipped == 0 ? "" : " or Corpus.textField"));
      }
      return false;
    }
    entry = entries.get(nextEntry++);
    try {
      records = readers.open(entry);
    } catch (IOException e) {
      throw unreadable(e, 1);
    }
    return true;
  }

  private void advance() {
    RecordReader in = records;
    try {
      if (!in.next()) {
        closeFile();
        return;
      }
      String text = in.text();
      if (!text.isBlank()) {
        boolean whole = entry.format() == TextFiles.Format.TEXT;
        ready = new Document(whole ? entry.label() : entry.label() + ":" + in.position(), text);
        documents++;
      }
    } catch (MalformedRecordException e) {
      skip(entry.label() + ":" + (in.position() + e.lineOffset) + ": " + e.getMessage(), e.blank);
    } catch (IOException e) {
      throw unreadable(e, in.position());
    }
  }

  private void skip(String example, boolean blank) {
    skipped++;
    malformed += blank ? 0 : 1;
    if (examples.size() < EXAMPLES) {
      examples.add(shortened(example));
    }
    double fraction = files.badRecordFraction();
    long limit =
        fraction > 0 ? Math.max(MALFORMED_ALLOWED, (long) (fraction * (documents + skipped))) : 0;
    if (malformed > limit) {
      MixlawException e =
          MixlawException.data(
              "corpus " + corpus + ": malformed records",
              malformed + " of " + (documents + skipped) + " records so far: " + shown(),
              "at most " + limit + " (fraction " + fraction + ")",
              "correct the records or increase Corpus.badRecordFraction");
      close();
      throw e;
    }
  }

  private String shown() {
    return String.join("; ", examples) + (skipped > examples.size() ? "; ..." : "");
  }

  private MixlawException unreadable(IOException cause, long record) {
    String subject = "corpus " + corpus + ": reading failed at " + entry.label() + ":";
    MixlawException e =
        new MixlawException(
            MixlawException.Kind.DATA,
            FileFormats.problem(subject + Math.max(1, record), entry, cause),
            cause);
    close();
    return e;
  }

  static String shortened(String message) {
    return message.length() > LONGEST_MESSAGE
        ? message.substring(0, LONGEST_MESSAGE) + "…"
        : message;
  }

  private void closeFile() {
    RecordReader open = records;
    records = null;
    if (open != null) {
      try {
        open.close();
      } catch (IOException e) {
        throw new UncheckedIOException("corpus " + corpus + ": closing failed", e);
      }
    }
  }
}
