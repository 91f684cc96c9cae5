package dev.mixlaw.train.rounds;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.Tokenizer;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.stream.IntStream;

/** The natural corpus of the rounds, which provides prompts and the reference for diversity. */
final class NaturalCorpus {
  private final TokenizedText text;
  private final Tokenizer tokenizer;
  private final int[] longEnough;

  NaturalCorpus(PreparedData data, int prompt) {
    this.text = data.corpora().get(0);
    this.tokenizer = data.tokenizer();
    this.longEnough =
        prompt == 0
            ? new int[0]
            : IntStream.range(0, text.documents())
                .filter(d -> text.tokens(d).length > prompt)
                .toArray();
  }

  /** Returns a problem if no document is long enough for a prompt. */
  List<Problem> problems(Rounds rounds) {
    int prompt = rounds.writing().promptTokens();
    return prompt > 0 && longEnough.length == 0
        ? List.of(
            new Problem(
                "rounds: prompts from corpus " + text.facts().name(),
                "no document has more than " + prompt + " tokens",
                "a document that is longer than the prompt",
                "lower the prompt length in Writing.fromPrefixes, or use longer documents"))
        : List.of();
  }

  int rows(ModelSpec model) {
    return model.vocabulary().orElse(tokenizer.vocabulary());
  }

  int endOfText() {
    return tokenizer.endOfText();
  }

  /** Returns an end-of-text token and the first tokens of a randomly selected document. */
  int[] prompt(int tokens, long random) {
    int[] prompt = new int[1 + tokens];
    prompt[0] = tokenizer.endOfText();
    if (tokens > 0) {
      int document = longEnough[(int) Math.floorMod(random, (long) longEnough.length)];
      System.arraycopy(text.tokens(document), 0, prompt, 1, tokens);
    }
    return prompt;
  }

  String decode(int[] ids) {
    return tokenizer.decode(ids);
  }

  /** Returns the number of tokens in a text, including an end-of-text token. */
  long tokens(String ofText) {
    return tokenizer.encode(ofText).length + 1L;
  }

  DocumentSource documents() {
    return () ->
        DocumentStream.of(
            () ->
                new Iterator<>() {
                  private int next;

                  @Override
                  public boolean hasNext() {
                    return next < text.documents();
                  }

                  @Override
                  public Document next() {
                    int[] ids = text.tokens(next);
                    int[] words = Arrays.copyOf(ids, ids.length - 1);
                    return new Document(Integer.toString(next++), tokenizer.decode(words));
                  }
                });
  }
}
