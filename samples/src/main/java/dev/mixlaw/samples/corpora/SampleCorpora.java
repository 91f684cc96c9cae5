package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Domains;
import java.util.List;

/**
 * What a study is made of.
 *
 * @param natural text written by people
 * @param synthetic corpora of other origin, each to be mixed with the natural one
 * @param domains held-out text
 */
public record SampleCorpora(Corpus natural, List<Corpus> synthetic, Domains domains) {
  public SampleCorpora {
    synthetic = List.copyOf(synthetic);
  }
}
