package dev.mixlaw.mix.synthetic;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.internal.Hash64;
import dev.mixlaw.mix.internal.TextFingerprint;
import java.util.Map;

/**
 * Writes what an n-gram model of a corpus's words would.
 *
 * <p>A token is a word, a number or a sign together with the white space before it, so that spacing
 * and paragraphs are learned like words. The model is interpolated with Dirichlet priors (MacKay
 * and Peto, "A hierarchical Dirichlet language model", 1995):
 *
 * <pre>p(w | h) = (count(h w) + K · p(w | h')) / (count(h) + K),   K = 2</pre>
 *
 * where h' is h without its first token. It is sampled exactly: with probability count(h) /
 * (count(h) + K) what follows a random occurrence of h, else the same with h'. Document lengths are
 * those of training documents, drawn at random, and then up to the end of a sentence.
 *
 * <p>Memory: 8 bytes a token of training text and its different words. Safe for use by several
 * threads.
 */
public final class NgramGenerator implements TextGenerator {
  private static final double PRIOR = 2;
  private static final int LONGEST_ENDING = 60;

  private final int order;
  private final WordVocabulary pieces;
  private final NgramIndex contexts;
  private final int[] lengths;
  private final String trainedOn;

  private NgramGenerator(
      int order, WordVocabulary pieces, NgramIndex contexts, int[] lengths, String trainedOn) {
    this.order = order;
    this.pieces = pieces;
    this.contexts = contexts;
    this.lengths = lengths;
    this.trainedOn = trainedOn;
  }

  /**
   * Learns from documents, read once.
   *
   * @param order tokens of the n-gram: 3 looks at two tokens to choose the next; 2 to 5
   * @throws IllegalArgumentException if it is outside
   * @throws MixlawException (data) if there is nothing to learn from
   */
  public static NgramGenerator train(DocumentSource documents, int order) {
    if (order < 2 || order > 5) {
      throw new IllegalArgumentException("order: " + order + "; expected 2 to 5");
    }
    TextFingerprint fingerprint = new TextFingerprint();
    WordVocabulary.Builder builder = new WordVocabulary.Builder(order - 1);
    try (DocumentStream stream = documents.open()) {
      while (stream.hasNext()) {
        Document document = stream.next();
        fingerprint.add(document);
        builder.add(document.text());
      }
    }
    if (builder.documents() == 0) {
      throw new MixlawException(
          MixlawException.Kind.DATA,
          new Problem(
              "the n-gram generator has nothing to learn from",
              "no document with a word",
              "at least one",
              "the documents given to NgramGenerator.train"));
    }
    WordVocabulary pieces = builder.pieces();
    NgramIndex contexts = NgramIndex.of(builder.tokens(), order - 1, pieces.size());
    return new NgramGenerator(order, pieces, contexts, builder.lengths(), fingerprint.hex());
  }

  @Override
  public String name() {
    return "ngram-" + order;
  }

  @Override
  public Map<String, String> parameters() {
    return Map.of("trained_on", trainedOn);
  }

  /**
   * Goes on from the prompt, which may be empty for the beginning of a document; the prompt is not
   * repeated.
   *
   * @throws IllegalArgumentException if the temperature is not 1: it samples as learned
   */
  @Override
  public String generate(String prompt, Settings settings) {
    if (settings.temperature() != 1) {
      throw new IllegalArgumentException(
          name() + " samples as learned; temperature: " + settings.temperature() + "; expected 1");
    }
    return write(pieces.idsAtEnd(prompt, order - 1), settings.maxTokens(), 0, settings.seed());
  }

  /** A whole document, its length drawn from the training documents. */
  public String document(long seed) {
    int length = lengths[(int) Long.remainderUnsigned(Hash64.at(seed, -1), lengths.length)];
    return write(new int[order - 1], length, LONGEST_ENDING, seed).stripLeading();
  }

  private String write(int[] history, int length, int longestEnding, long seed) {
    StringBuilder text = new StringBuilder(6 * Math.min(length, 1 << 20));
    boolean ended = false;
    for (int i = 0; i < length + longestEnding && !ended; i++) {
      int token = contexts.next(history, PRIOR, Hash64.at(seed, i));
      String piece = pieces.text(token);
      text.append(piece);
      System.arraycopy(history, 1, history, 0, history.length - 1);
      history[history.length - 1] = token;
      ended = i >= length - 1 && WordVocabulary.endsSentence(piece);
    }
    return text.toString();
  }
}
