package dev.mixlaw.mix.synthetic;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/** A source of synonyms. Implementations must be thread-safe. */
@FunctionalInterface
public interface Thesaurus {
  /**
   * Returns the synonyms of a word, in the same grammatical form.
   *
   * @param word a word in lower case
   * @return synonyms in lower case, best first, without the word itself; empty if there are none
   */
  List<String> synonyms(String word);

  /** Returns a fingerprint. Thesauri with equal fingerprints have the same synonyms. */
  default String fingerprint() {
    return getClass().getName();
  }

  /**
   * Reads a thesaurus from the files of WordNet (Fellbaum 1998). Both streams are read to the end
   * but not closed.
   *
   * <p>Each word is assigned its most frequent part of speech. The synonyms are those of the word's
   * first sense. If the first sense has no synonyms, the next sense that is at least half as
   * frequent is used. The context of a word is ignored, so the sense may be wrong. Only single
   * words of lower-case letters are used. Regular plurals and regular verb forms are reduced to
   * their base form, and the synonyms are inflected accordingly. Irregular forms have no synonyms.
   *
   * @param senseIndex the contents of the file {@code index.sense}
   * @param verbExceptions the contents of the file {@code verb.exc}
   * @throws IOException if a stream cannot be read or has another format
   */
  static Thesaurus wordNet(InputStream senseIndex, InputStream verbExceptions) throws IOException {
    return WordNet.read(senseIndex, verbExceptions);
  }
}
