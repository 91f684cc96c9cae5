package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Domains;
import java.util.List;

/**
 * The corpora and domains of a sample's study.
 *
 * @param natural text that people wrote
 * @param synthetic corpora of other origin, each of which is mixed with the natural one
 * @param domains held-out text
 */
public record SampleCorpora(Corpus natural, List<Corpus> synthetic, Domains domains) {
  public SampleCorpora {
    synthetic = List.copyOf(synthetic);
  }
}
