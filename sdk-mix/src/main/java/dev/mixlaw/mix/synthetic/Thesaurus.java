package dev.mixlaw.mix.synthetic;

import java.util.List;

/** A source of synonyms. Safe for use by several threads. */
@FunctionalInterface
public interface Thesaurus {
  /**
   * Returns synonyms of a word in the same grammatical form.
   *
   * @param word a word in lower case
   * @return synonyms in lower case, the best first, without the word itself; empty if there are
   *     none
   */
  List<String> synonyms(String word);

  /** Returns a fingerprint; thesauri with the same fingerprint have the same synonyms. */
  default String fingerprint() {
    return getClass().getName();
  }
}
