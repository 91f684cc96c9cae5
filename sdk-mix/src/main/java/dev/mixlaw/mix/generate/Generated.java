package dev.mixlaw.mix.generate;

import dev.mixlaw.api.Corpus;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A corpus that was made.
 *
 * @param corpus for studies and readers; each record of its file also says, in {@code made}, how
 *     the document came to be
 * @param card what it is, as {@code card.json} and {@code card.md} beside it say
 * @param directory of all of it, the remembered answers too
 */
public record Generated(Corpus corpus, DataCard card, Path directory) {
  public Generated {
    Objects.requireNonNull(corpus, "corpus");
    Objects.requireNonNull(card, "card");
    Objects.requireNonNull(directory, "directory");
  }
}
