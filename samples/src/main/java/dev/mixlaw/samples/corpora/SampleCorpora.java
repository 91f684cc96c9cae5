package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Domains;
import java.util.List;

/**
 * The corpora and domains of a sample program.
 *
 * @param synthetic other corpora, each of which is mixed with the natural corpus
 */
public record SampleCorpora(Corpus natural, List<Corpus> synthetic, Domains domains) {
  public SampleCorpora {
    synthetic = List.copyOf(synthetic);
  }
}
