package dev.mixlaw.mix.synthetic;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.internal.Documents;
import dev.mixlaw.mix.internal.Hash64;
import dev.mixlaw.mix.internal.TextFingerprint;
import dev.mixlaw.mix.internal.Utf8;
import java.util.Iterator;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * A text generator that samples from a word n-gram model of a corpus.
 *
 * <p>A token is a word, a number or a punctuation mark, together with the preceding white space.
 * The model therefore also learns spacing and paragraphs. The model is interpolated with Dirichlet
 * priors (MacKay and Peto, "A hierarchical Dirichlet language model", 1995):
 *
 * <pre>p(w | h) = (count(h w) + K · p(w | h')) / (count(h) + K),   K = 2</pre>
 *
 * <p>In this formula, h' is h without its first token. Sampling is exact. With probability count(h)
 * / (count(h) + K), the next token is the token that follows a random occurrence of h. Otherwise,
 * the step is repeated with h'. The length of a document is drawn from the lengths of the training
 * documents. The document then continues to the end of a sentence.
 *
 * <p>The model needs 8 bytes of memory per token of training text, and memory for each distinct
 * token. This class is thread-safe.
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
   * Trains a generator on documents, which are read once.
   *
   * @param order number of tokens per n-gram, 2 to 5; with 3, the next token depends on the
   *     previous two
   * @throws IllegalArgumentException if {@code order} is out of range
   * @throws MixlawException (data) if no document has a word
   */
  public static NgramGenerator train(DocumentSource documents, int order) {
    if (order < 2 || order > 5) {
      throw new IllegalArgumentException("order: " + order + "; expected 2 to 5");
    }
    TextFingerprint fingerprint = new TextFingerprint();
    WordVocabulary.Builder builder = new WordVocabulary.Builder(order - 1);
    Documents.each(
        documents.open(),
        document -> {
          fingerprint.add(document);
          builder.add(document.text());
        });
    if (builder.documents() == 0) {
      throw MixlawException.data(
          "training text of the n-gram generator",
          "no document with a word",
          "at least one word",
          "check the documents passed to NgramGenerator.train");
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
   * Returns a continuation of the prompt, without the prompt. An empty prompt starts a new
   * document.
   *
   * @throws IllegalArgumentException if the temperature is not 1
   */
  @Override
  public Written write(String prompt, Settings settings) {
    if (settings.temperature() != 1) {
      throw new IllegalArgumentException(
          "temperature of " + name() + ": " + settings.temperature() + "; expected 1");
    }
    return Written.of(
        write(pieces.idsAtEnd(prompt, order - 1), settings.maxTokens(), 0, settings.seed()));
  }

  /**
   * Returns a generated document, whose length is drawn from the lengths of the training documents.
   */
  public String document(long seed) {
    int length = lengths[(int) Long.remainderUnsigned(Hash64.at(seed, -1), lengths.length)];
    return write(new int[order - 1], length, LONGEST_ENDING, seed).stripLeading();
  }

  /**
   * Returns a source of generated documents with about the given total size, which the last
   * document may exceed. Documents are generated each time the source is read.
   *
   * @param prefix prefix of the document ids, which is followed by a number
   * @param bytes total size in UTF-8 bytes
   * @param seed seed for all random choices
   */
  public DocumentSource documents(String prefix, long bytes, long seed) {
    return () ->
        DocumentStream.of(
            () ->
                new Iterator<>() {
                  private long written;
                  private long number;

                  @Override
                  public boolean hasNext() {
                    return written < bytes;
                  }

                  @Override
                  public Document next() {
                    if (!hasNext()) {
                      throw new NoSuchElementException();
                    }
                    String text = document(Hash64.at(seed, number));
                    written += Math.max(1, Utf8.length(text));
                    return new Document(Texts.format("%s%06d", prefix, number++), text);
                  }
                });
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
