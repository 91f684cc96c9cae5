package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.corpus.HeldOut;
import dev.mixlaw.mix.corpus.TextPath;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** One natural text of the user's, and what to measure on. */
public final class NaturalText {
  private NaturalText() {}

  /**
   * Takes a text as it is, with excerpts of its domains. Where none are given and the text is a
   * dataset with a held-out split, they are of that; else some of its documents are held out.
   *
   * @param domains a text, or a folder in which each file or folder is one
   * @param work for the excerpts; made if it is missing
   * @throws MixlawException if a text cannot be read, or there is too little to hold anything out
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
    HeldOut split = HeldOut.split(() -> Corpora.open(all), DefaultCorpora.HELD_OUT);
    try (DocumentStream training = split.training().open()) {
      if (split.validation().isEmpty() || !training.hasNext()) {
        throw wrong(text, "too few documents to hold some out", "a hundred or more, or --domains");
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
    List<TextPath> each = domains.each().texts();
    if (each.isEmpty()) {
      throw wrong(domains, "no text", "files or folders of text, each a domain");
    }
    return each;
  }

  private static MixlawException wrong(TextPath text, String actual, String allowed) {
    return new MixlawException(
        MixlawException.Kind.DATA, new Problem("text " + text.path(), actual, allowed, "the path"));
  }
}
