package dev.mixlaw.mix.generate;

import dev.mixlaw.api.Corpus;
import java.nio.file.Path;
import java.util.Objects;

/**
 * A generated corpus. The data card in the files {@code card.json} and {@code card.md} documents
 * its source, prompts, settings, rejected drafts and cost.
 */
public final class Generated {
  private final Corpus corpus;
  private final DataCard card;
  private final Path directory;

  Generated(Corpus corpus, DataCard card, Path directory) {
    this.corpus = Objects.requireNonNull(corpus, "corpus");
    this.card = Objects.requireNonNull(card, "card");
    this.directory = Objects.requireNonNull(directory, "directory");
  }

  /**
   * Returns the corpus for use in studies. The field {@code made} of each record in its file states
   * how the document was generated.
   */
  public Corpus corpus() {
    return corpus;
  }

  /** Returns the directory that contains the corpus, its data card and the stored answers. */
  public Path directory() {
    return directory;
  }

  /**
   * Returns whether all requests were sent. The result is false if the budget was spent earlier.
   */
  public boolean complete() {
    return card.complete();
  }

  /** Returns the number of documents in the corpus. */
  public long documents() {
    return card.documents();
  }

  /** Returns the number of requests that were answered, in this run or in earlier runs. */
  public long requests() {
    return card.spent().requests();
  }

  /** Returns the number of prompt tokens and generated tokens, without those of failed attempts. */
  public long tokens() {
    return card.spent().promptTokens() + card.spent().writtenTokens();
  }

  /** Returns the total cost in the currency of the price, or 0 if no price was set. */
  public double cost() {
    return card.spent().cost();
  }

  DataCard card() {
    return card;
  }
}
