package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.Reasons;
import dev.mixlaw.mix.analysis.TextLanguage;
import dev.mixlaw.mix.internal.FilteredDocumentStream;
import dev.mixlaw.mix.internal.TextFingerprint;
import dev.mixlaw.mix.internal.Utf8;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The size, fingerprint, language and problems of a text. The values are collected while {@link
 * #corpus} is read for another purpose, so that the text is read only once.
 */
final class TextSummary {
  private final TextSource source;
  private final StudyListener listener;
  private final List<Problem> problems = new ArrayList<>();
  private final TextFingerprint content = new TextFingerprint();
  private final TextLanguage.Sample sample = new TextLanguage.Sample();
  private long skipped;
  private String fingerprint = "";

  TextSummary(TextSource source, StudyListener listener) {
    this.source = source;
    this.listener = listener;
  }

  /** Returns the text as a corpus that can be read once. Reading ends at the first problem. */
  Corpus corpus() {
    return Corpus.documents(source.name(), this::open);
  }

  private DocumentStream open() {
    try {
      return new Reading(source.documents().open());
    } catch (MixlawException | UncheckedIOException e) {
      failed(e);
      return DocumentStream.of(List.of());
    }
  }

  private final class Reading extends FilteredDocumentStream {
    private final PreparationProgress progress;

    Reading(DocumentStream documents) {
      this(documents, new PreparationProgress(listener, "text of " + source.title(), 0));
    }

    private Reading(DocumentStream documents, PreparationProgress progress) {
      super(documents, document -> TextSummary.this.add(document, progress));
      this.progress = progress;
    }

    @Override
    public boolean hasNext() {
      try {
        if (problems.isEmpty() && super.hasNext()) {
          return true;
        }
        skipped = skipped();
        progress.finish(content.bytes());
      } catch (MixlawException | UncheckedIOException e) {
        failed(e);
      }
      return false;
    }
  }

  private boolean add(Document document, PreparationProgress progress) {
    int broken = Utf8.unpairedSurrogate(document.text());
    if (broken >= 0) {
      String actual = "an unpaired surrogate at character " + broken;
      add(source.title() + ": document " + document.id(), actual, "well-formed Unicode");
    }
    if (problems.isEmpty()) {
      content.add(document);
      sample.add(document.text());
      progress.accept(content.bytes());
    }
    return problems.isEmpty();
  }

  private void failed(RuntimeException e) {
    if (e instanceof UncheckedIOException io) {
      add(source.title(), "cannot be read: " + Reasons.of(io.getCause()), "readable text");
    } else if (e instanceof MixlawException mistakes) {
      for (Problem p : mistakes.problems()) {
        String subject = p.subject();
        String named = subject.contains(source.name()) ? subject : source.title() + ": " + subject;
        problems.add(new Problem(named, p.actual(), p.expected(), p.fix()));
      }
    }
  }

  private void add(String subject, String actual, String expected) {
    problems.add(new Problem(subject, actual, expected, "correct the source of the documents"));
  }

  /** Returns the problems that were found when the text was read. */
  List<Problem> problems() {
    if (problems.isEmpty() && content.bytes() == 0) {
      problems.add(
          new Problem(
              source.title(),
              content.documents() + " documents with 0 bytes of text",
              "at least one document with text",
              "change " + (source.role().equals("domain") ? "Study.evaluateOn" : "Mixture.with")));
    }
    return problems;
  }

  TextSource source() {
    return source;
  }

  long bytes() {
    return content.bytes();
  }

  long skipped() {
    return skipped;
  }

  String fingerprint() {
    fingerprint = fingerprint.isEmpty() ? content.hex() : fingerprint;
    return fingerprint;
  }

  TextLanguage language() {
    return new TextLanguage(source.name(), sample.language());
  }
}
