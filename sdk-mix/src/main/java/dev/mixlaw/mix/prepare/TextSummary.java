package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.Reasons;
import dev.mixlaw.mix.analysis.TextLanguage;
import dev.mixlaw.mix.internal.Contamination;
import dev.mixlaw.mix.internal.RecordCounts;
import dev.mixlaw.mix.internal.SplitSource;
import dev.mixlaw.mix.internal.TextFingerprint;
import dev.mixlaw.mix.internal.Utf8;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The size, fingerprint, language and problems of a text, and the documents of domains that it
 * contains. All of them are determined by reading the text once.
 */
final class TextSummary {
  private static final String FIX = "correct the source of the documents";

  private final TextSource source;
  private final StudyListener listener;
  private final List<Problem> problems = new ArrayList<>();
  private final TextLanguage.Sample sample = new TextLanguage.Sample();
  private final Contamination.Matches matches = new Contamination.Matches();
  private final List<String> fingerprints = new ArrayList<>();
  private final List<List<int[]>> pieces = new ArrayList<>(List.of(new ArrayList<>()));
  private long documents;
  private long bytes;
  private long skipped;

  TextSummary(TextSource source, StudyListener listener) {
    this.source = source;
    this.listener = listener;
  }

  /**
   * Results for a batch.
   *
   * @param pieces sizes in bytes of the pieces from which the tokenizer's sample is drawn
   * @param part results for the whole part if this is its last batch, otherwise null
   */
  private record BatchSummary(long bytes, int[] pieces, @Nullable PartSummary part)
      implements Serializable {}

  private record PartSummary(
      String fingerprint,
      long documents,
      List<String> beginnings,
      Contamination.Matches matches,
      long skipped,
      @Nullable RecordCounts counts)
      implements Serializable {}

  /** Reads a domain in this process and adds its documents to {@code domains}. */
  void readDomain(Contamination domains) {
    domains.addDomain(source.name());
    read(TextReader.LOCAL, (d, matched) -> domains.add(source.name(), d));
  }

  /** Reads a corpus and looks for documents of the domains. */
  void readCorpus(TextReader reader, Contamination domains) {
    read(reader, domains::match);
  }

  /** A function of documents that can be sent to other processes. */
  @FunctionalInterface
  private interface Matcher extends BiConsumer<Document, Contamination.Matches>, Serializable {}

  private void read(TextReader reader, Matcher matcher) {
    String stage = "text of " + source.title();
    PreparationProgress progress = new PreparationProgress(listener, stage, 0);
    try {
      RecordCounts counts = source.documents() instanceof SplitSource split ? split.counts() : null;
      String title = source.title();
      reader.read(
          stage,
          source,
          part -> summarizer(title, matcher),
          batch -> {
            add(batch, counts);
            progress.accept(bytes);
          });
      if (counts != null) {
        counts.requireDocuments();
      }
      progress.finish(bytes);
    } catch (MixlawException | UncheckedIOException e) {
      failed(e);
    }
  }

  private static Function<TextReader.Batch, BatchSummary> summarizer(
      String title, Matcher matcher) {
    TextFingerprint content = new TextFingerprint();
    TextLanguage.Sample sample = new TextLanguage.Sample();
    Contamination.Matches matches = new Contamination.Matches();
    return batch -> {
      long before = content.bytes();
      for (Document document : batch.documents()) {
        requireUnicode(title, document);
        content.add(document);
        sample.add(document.text());
        matcher.accept(document, matches);
      }
      return new BatchSummary(
          content.bytes() - before,
          TokenizerSample.pieceSizes(batch.documents()),
          batch.last()
              ? new PartSummary(
                  content.hex(),
                  content.documents(),
                  sample.beginnings(),
                  matches,
                  batch.stream().skipped(),
                  batch.stream() instanceof SplitSource.PartStream part ? part.counts() : null)
              : null);
    };
  }

  private static void requireUnicode(String title, Document document) {
    int broken = Utf8.unpairedSurrogate(document.text());
    if (broken >= 0) {
      throw MixlawException.data(
          title + ": document " + document.id(),
          "an unpaired surrogate at character " + broken,
          "well-formed Unicode",
          FIX);
    }
  }

  private void add(BatchSummary batch, @Nullable RecordCounts counts) {
    bytes += batch.bytes();
    pieces.get(pieces.size() - 1).add(batch.pieces());
    PartSummary part = batch.part();
    if (part != null) {
      pieces.add(new ArrayList<>());
      fingerprints.add(part.fingerprint());
      documents += part.documents();
      part.beginnings().forEach(sample::add);
      matches.addAll(part.matches());
      skipped += part.skipped();
      if (counts != null && part.counts() != null) {
        counts.add(part.counts());
      }
    }
  }

  private void failed(RuntimeException e) {
    if (e instanceof UncheckedIOException io) {
      String actual = "cannot be read: " + Reasons.of(io.getCause());
      problems.add(new Problem(source.title(), actual, "readable text", FIX));
    } else if (e instanceof MixlawException mistakes) {
      for (Problem p : mistakes.problems()) {
        String subject = p.subject();
        String named = subject.contains(source.name()) ? subject : source.title() + ": " + subject;
        problems.add(new Problem(named, p.actual(), p.expected(), p.fix()));
      }
    }
  }

  /** Returns the problems that were found when the text was read. */
  List<Problem> problems() {
    if (problems.isEmpty() && bytes == 0) {
      problems.add(
          new Problem(
              source.title(),
              documents + " documents with 0 bytes of text",
              "at least one document with text",
              "change " + (source.role().equals("domain") ? "Study.evaluateOn" : "Mixture.with")));
    }
    return problems;
  }

  TextSource source() {
    return source;
  }

  Contamination.Matches matches() {
    return matches;
  }

  long bytes() {
    return bytes;
  }

  /**
   * Returns, for each part, the sizes in bytes of the pieces from which the tokenizer's sample is
   * drawn.
   */
  List<int[]> pieces() {
    return pieces.stream()
        .map(part -> part.stream().flatMapToInt(Arrays::stream).toArray())
        .toList();
  }

  long skipped() {
    return skipped;
  }

  String fingerprint() {
    return TextFingerprint.of(fingerprints);
  }

  TextLanguage language() {
    return new TextLanguage(source.name(), sample.language());
  }
}
