package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.corpus.HeldOut;
import dev.mixlaw.mix.corpus.TextPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

public final class NaturalText {
  private NaturalText() {}

  /**
   * Reads a text and excerpts of its domains. If no domains are given, uses the held-out split of a
   * dataset, or holds out some of the documents of other texts.
   *
   * @param domains one domain, or a folder of domains
   * @param work directory for the excerpts; created if missing
   * @throws MixlawException if a text cannot be read, or is too short to hold out documents
   */
  public static SampleCorpora read(TextPath text, Optional<TextPath> domains, Path work) {
    Corpus all = text.corpus();
    Path folder = work.resolve("domains");
    if (domains.isPresent()) {
      return new SampleCorpora(all, List.of(), Excerpts.of(each(domains.get()), folder));
    }
    if (text.holdsOut()) {
      return new SampleCorpora(all, List.of(), Excerpts.of(List.of(text), folder));
    }
    HeldOut split = DefaultCorpora.heldOut(() -> Corpora.open(all));
    try (DocumentStream training = split.training().open()) {
      if (split.validation().isEmpty() || !training.hasNext()) {
        throw wrong(
            text, "too few documents to hold some out", "at least 100 documents, or --domains");
      }
    }
    return new SampleCorpora(
        Corpus.documents(all.name(), split.training()),
        List.of(),
        Domains.of(Excerpts.write(split.validation(), folder, all.name())));
  }

  private static List<TextPath> each(TextPath domains) {
    if (!Files.isDirectory(domains.path()) || domains.holdsOut()) {
      return List.of(domains);
    }
    List<TextPath> each = domains.each();
    if (each.isEmpty()) {
      throw wrong(domains, "no text", "files or folders of text, one per domain");
    }
    return each;
  }

  private static MixlawException wrong(TextPath text, String actual, String allowed) {
    return MixlawException.data("text " + text.path(), actual, allowed, "change the path");
  }
}
