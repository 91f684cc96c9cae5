package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/** Documents of files, one after the other. */
public final class FileDocumentStream implements DocumentStream {
  private static final int EXAMPLES = 5;

  private final String corpus;
  private final Corpus.Files files;
  private final List<CorpusFiles.Entry> entries;
  private final Opening opening;
  private final List<String> examples = new ArrayList<>();
  private int nextEntry;
  private CorpusFiles.@Nullable Entry entry;
  private @Nullable RecordReader records;
  private @Nullable Document ready;
  private long documents;
  private long skipped;

  /** Opens a file of a corpus. */
  @FunctionalInterface
  public interface Opening {
    RecordReader open(CorpusFiles.Entry entry) throws IOException;
  }

  /** Files whose entries tell their format. */
  public FileDocumentStream(
      String corpus, Corpus.Files files, List<CorpusFiles.Entry> entries, int maxRecordBytes) {
    this(
        corpus,
        files,
        entries,
        entry -> FileFormats.open(entry, files.textField(), maxRecordBytes));
  }

  /** Files of a format of their own. */
  public FileDocumentStream(
      String corpus, Corpus.Files files, List<CorpusFiles.Entry> entries, Opening opening) {
    this.corpus = corpus;
    this.files = files;
    this.entries = List.copyOf(entries);
    this.opening = opening;
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
    documents = Math.max(documents, 1); // closed early is not empty
    ready = null;
    closeFile();
  }

  private boolean openNext() {
    if (nextEntry == entries.size()) {
      if (documents == 0) {
        throw new MixlawException(
            MixlawException.Kind.DATA,
            new Problem(
                "corpus " + corpus + " is empty",
                files.path() + " has no document" + (skipped == 0 ? "" : "; " + malformed()),
                "at least one document",
                skipped == 0 ? "the corpus's path" : "the corpus's path, or Corpus.textField"));
      }
      return false;
    }
    entry = entries.get(nextEntry++);
    try {
      records = opening.open(entry);
    } catch (IOException e) {
      throw unreadable(e, 1);
    }
    return true;
  }

  /** Reads one record, or to the end of the file. */
  private void advance() {
    RecordReader in = records;
    try {
      if (!in.next()) {
        closeFile();
        return;
      }
      String text = in.text();
      if (!text.isBlank()) {
        boolean whole = entry.format() == Corpus.Format.TEXT;
        ready = new Document(whole ? entry.label() : entry.label() + ":" + in.position(), text);
        documents++;
      }
    } catch (MalformedRecordException e) {
      skip(entry.label() + ":" + (in.position() + e.linesDown) + ": " + e.getMessage());
    } catch (IOException e) {
      throw unreadable(e, in.position());
    }
  }

  private void skip(String example) {
    skipped++;
    if (examples.size() < EXAMPLES) {
      examples.add(example);
    }
    if (skipped > files.badRecordLimit()) {
      MixlawException e =
          new MixlawException(
              MixlawException.Kind.DATA,
              new Problem(
                  "corpus " + corpus + " has malformed records",
                  malformed(),
                  "at most " + files.badRecordLimit(),
                  "Corpus.badRecordLimit"));
      close();
      throw e;
    }
  }

  private String malformed() {
    return skipped
        + " malformed: "
        + String.join("; ", examples)
        + (skipped > examples.size() ? "; ..." : "");
  }

  private MixlawException unreadable(IOException cause, long record) {
    String reason = cause.getMessage() == null ? cause.toString() : cause.getMessage();
    MixlawException e =
        new MixlawException(
            MixlawException.Kind.DATA,
            new Problem(
                "corpus " + corpus + ": reading failed at " + entry.label() + ":" + record,
                cause instanceof EOFException ? "truncated (" + reason + ")" : reason,
                FileFormats.allowed(entry),
                "the file " + entry.path()),
            cause);
    close();
    return e;
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
