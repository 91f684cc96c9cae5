package dev.mixlaw.mix.synthetic;

import java.util.List;

/** Knows words that may stand for others. Safe for use by several threads. */
@FunctionalInterface
public interface Thesaurus {
  /**
   * Synonyms of a word in the same grammatical form, where it knows them.
   *
   * @param word in lower case
   * @return in lower case, best first, without the word itself; empty if there are none
   */
  List<String> synonyms(String word);

  /** Tells it from others: those with the same one have the same synonyms. */
  default String fingerprint() {
    return getClass().getName();
  }
}
