package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.corpus.HeldOut;
import dev.mixlaw.mix.corpus.JsonLines;
import dev.mixlaw.mix.corpus.TextPath;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Takes short excerpts from domains, because the sample programs measure losses often. */
final class Excerpts {
  private Excerpts() {}

  static Domains of(List<TextPath> texts, Path folder) {
    List<Corpus> domains = new ArrayList<>();
    for (TextPath text : texts) {
      Corpus whole = text.heldOut();
      HeldOut split = DefaultCorpora.heldOut(() -> Corpora.open(whole));
      domains.add(write(split.validation(), folder, whole.name()));
    }
    return Domains.of(domains.toArray(Corpus[]::new));
  }

  static Corpus write(List<Document> excerpts, Path folder, String name) {
    Path file = folder.resolve(name + ".jsonl");
    JsonLines.write(file, () -> DocumentStream.of(excerpts));
    return Corpus.jsonl(file).named(name);
  }
}
