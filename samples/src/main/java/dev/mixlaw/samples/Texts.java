package dev.mixlaw.samples;

import dev.mixlaw.samples.corpora.CorporaDirectory;
import dev.mixlaw.samples.corpora.DefaultCorpora;
import dev.mixlaw.samples.corpora.SampleCorpora;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The text a sample trains on: the user's, or what comes with the samples. */
final class Texts {
  private static final long NATURAL_BYTES = 5_000_000;

  private Texts() {}

  static SampleCorpora of(@Nullable Path corpora, Path lab) {
    System.err.println("collecting text in " + lab.resolve("corpora"));
    return corpora == null
        ? DefaultCorpora.write(lab.resolve("corpora"), NATURAL_BYTES)
        : CorporaDirectory.read(corpora, lab.resolve("corpora"));
  }
}
