package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.Reasons;
import dev.mixlaw.mix.internal.TextFingerprint;
import dev.mixlaw.mix.internal.Utf8;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import java.util.function.LongConsumer;

/**
 * Size and fingerprint of a text, computed by reading it once.
 *
 * @param documents number of documents
 * @param bytes UTF-8 bytes of all texts
 * @param skipped number of malformed records that were skipped
 * @param fingerprint hash of all documents
 */
record TextSummary(
    TextSource source, long documents, long bytes, long skipped, String fingerprint) {

  /**
   * Reads a whole text.
   *
   * @param problems receives the problems in the text
   * @return empty if there are problems
   */
  static Optional<TextSummary> of(
      TextSource source, List<Problem> problems, LongConsumer progress) {
    TextFingerprint content = new TextFingerprint();
    int before = problems.size();
    long skipped = 0;
    try (DocumentStream documents = source.open()) {
      while (documents.hasNext()) {
        Document document = documents.next();
        int broken = Utf8.unpairedSurrogate(document.text());
        if (broken >= 0) {
          problems.add(unpaired(source, document, broken));
          return Optional.empty();
        }
        content.add(document);
        progress.accept(content.bytes());
      }
      skipped = documents.skipped();
      if (content.bytes() == 0) {
        problems.add(
            new Problem(
                source.title(),
                content.documents() + " documents with 0 bytes of text",
                "at least one document with text",
                "change "
                    + (source.role().equals("domain") ? "Study.evaluateOn" : "Mixture.with")));
      }
    } catch (MixlawException e) {
      e.problems().forEach(p -> problems.add(named(source, p)));
    } catch (UncheckedIOException e) {
      problems.add(
          new Problem(
              source.title(),
              "cannot be read: " + Reasons.of(e.getCause()),
              "readable text",
              "change the source of the corpus"));
    }
    return problems.size() > before
        ? Optional.empty()
        : Optional.of(
            new TextSummary(source, content.documents(), content.bytes(), skipped, content.hex()));
  }

  private static Problem named(TextSource source, Problem p) {
    return p.subject().contains(source.name())
        ? p
        : new Problem(source.title() + ": " + p.subject(), p.actual(), p.expected(), p.fix());
  }

  private static Problem unpaired(TextSource source, Document document, int at) {
    return new Problem(
        source.title() + ": document " + document.id(),
        "an unpaired surrogate at character " + at,
        "well-formed Unicode",
        "correct the source of the documents");
  }
}
