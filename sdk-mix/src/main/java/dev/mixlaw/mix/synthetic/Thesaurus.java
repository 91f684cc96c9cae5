package dev.mixlaw.mix.synthetic;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** Provides synonyms of words. Safe for use by several threads. */
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

  /**
   * Reads WordNet's own files (Fellbaum 1998). Both streams are read to their end and stay open.
   *
   * <p>A word has its most frequent part of speech. Its synonyms are those of its first sense or,
   * if that sense has none, of the next sense that is at least half as frequent. Only single words
   * of lower-case letters are used. The context of a word is ignored, so the sense may be wrong.
   * Regular plurals, third persons, {@code -ed} and {@code -ing} forms are reduced to their base,
   * and the synonyms get the same form. Irregular forms have no synonyms.
   *
   * @param senseIndex the file {@code index.sense}
   * @param verbExceptions the file {@code verb.exc}
   * @throws IOException if a stream cannot be read or has another format
   */
  static Thesaurus wordNet(InputStream senseIndex, InputStream verbExceptions) throws IOException {
    return WordNet.read(senseIndex, verbExceptions);
  }
}
