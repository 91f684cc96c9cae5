package dev.mixlaw.train.run;

import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.TokenSource;
import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.api.spi.Tokenizer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;

/** Text of Markov chains, each corpus with a habit of its own. */
final class MarkovData implements PreparedData, PreparedData.Reopening {
  private static final long serialVersionUID = 1;

  static final int VOCABULARY = 32;
  private static final int DOCUMENT = 40;

  private static final Map<String, int[]> STREAMS = new ConcurrentHashMap<>();

  private final Map<String, Integer> documents = new LinkedHashMap<>();
  private final Map<String, List<int[]>> written = new LinkedHashMap<>();
  List<String> domains = List.of("prose", "code");
  String tokenizerFingerprint = "tokenizer-1";
  final Map<String, String> fingerprints = new LinkedHashMap<>();
  int vocabulary = VOCABULARY;

  /** Positions that were read, in order. */
  final List<Long> reads = Collections.synchronizedList(new ArrayList<>());

  /** Corpora {@code nat} and {@code syn}, 400 documents of 40 tokens each. */
  MarkovData() {
    documents.put("nat", 400);
    documents.put("syn", 400);
  }

  /** Text of its own in place of a chain's, letters for tokens. */
  MarkovData text(String corpus, List<String> texts) {
    List<int[]> ids =
        texts.stream()
            .map(tokenizer()::encode)
            .map(t -> Arrays.copyOf(t, t.length + 1)) // ends with 0, the end of text
            .toList();
    written.put(corpus, ids);
    fingerprints.put(corpus, corpus + texts.hashCode());
    return documents(corpus, ids.size());
  }

  MarkovData documents(String corpus, int number) {
    documents.put(corpus, number);
    return this;
  }

  @Override
  public Tokenizer tokenizer() {
    return new Tokenizer() {
      @Override
      public String name() {
        return "markov";
      }

      @Override
      public int vocabulary() {
        return vocabulary;
      }

      @Override
      public int endOfText() {
        return 0;
      }

      @Override
      public int[] encode(String text) {
        return text.chars().map(c -> 1 + c % (vocabulary - 1)).toArray();
      }

      @Override
      public String decode(int[] ids) {
        StringBuilder text = new StringBuilder();
        for (int id : ids) {
          text.append((char) (2 * (vocabulary - 1) + id - 1));
        }
        return text.toString();
      }

      @Override
      public String fingerprint() {
        return tokenizerFingerprint;
      }

      @Override
      public boolean save(Path tokenizerJson) {
        try {
          Files.createDirectories(tokenizerJson.toAbsolutePath().getParent());
          Files.writeString(tokenizerJson, "{\"tokenizer\":1}");
          return true;
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  @Override
  public List<TokenizedText> corpora() {
    return documents.keySet().stream().map(this::text).toList();
  }

  @Override
  public List<TokenizedText> domains() {
    return domains.stream().map(this::text).toList();
  }

  private TokenizedText text(String name) {
    int number = documents.getOrDefault(name, 6);
    List<int[]> own = written.get(name);
    long tokens =
        own == null
            ? (long) number * DOCUMENT
            : own.stream().mapToLong(document -> document.length).sum();
    return new TokenizedText() {
      @Override
      public TextFacts facts() {
        return new TextFacts(
            name,
            CorpusKind.NATURAL,
            Optional.empty(),
            number,
            tokens,
            tokens * 3,
            0,
            fingerprints.getOrDefault(name, name + "-" + number));
      }

      @Override
      public int documents() {
        return number;
      }

      @Override
      public int[] tokens(int document) {
        return own == null ? document(name, document) : own.get(document);
      }

      @Override
      public int bytes(int document) {
        return tokens(document).length * 3;
      }
    };
  }

  private static int[] document(String name, int document) {
    SplittableRandom random = new SplittableRandom(31L * name.hashCode() + document);
    int habit = 1 + Math.floorMod(name.hashCode(), 5);
    int[] ids = new int[DOCUMENT];
    int token = 1 + random.nextInt(VOCABULARY - 1);
    for (int i = 0; i < DOCUMENT - 1; i++) {
      ids[i] = token;
      token =
          random.nextInt(10) < 8
              ? 1 + (token * habit + 7) % (VOCABULARY - 1)
              : 1 + random.nextInt(VOCABULARY - 1);
    }
    return ids; // ends with 0, the end of text
  }

  @Override
  public TokenSource source(Mixture mixture, int context, long seed) {
    Map<String, int[]> streams = new LinkedHashMap<>();
    mixture
        .shares()
        .keySet()
        .forEach(
            name -> {
              List<int[]> own = written.get(name);
              streams.put(
                  name,
                  own == null
                      ? STREAMS.computeIfAbsent(name + " " + documents.get(name), k -> stream(name))
                      : own.stream().flatMapToInt(Arrays::stream).toArray());
            });
    return new Source(mixture.shares(), streams, context, seed);
  }

  private int[] stream(String name) {
    int[] stream = new int[documents.get(name) * DOCUMENT];
    for (int d = 0; d < documents.get(name); d++) {
      System.arraycopy(document(name, d), 0, stream, d * DOCUMENT, DOCUMENT);
    }
    return stream;
  }

  private final class Source implements TokenSource {
    private final Map<String, Double> shares;
    private final Map<String, int[]> streams;
    private final int context;
    private final long seed;
    private final List<String> order = new ArrayList<>();
    private final Map<String, Long> taken = new LinkedHashMap<>();
    private final List<Long> numbers = new ArrayList<>();

    Source(Map<String, Double> shares, Map<String, int[]> streams, int context, long seed) {
      this.shares = shares;
      this.streams = streams;
      this.context = context;
      this.seed = seed;
    }

    private synchronized void drawTo(long positions) {
      while (order.size() < positions) {
        int n = order.size() + 1;
        String next = "";
        double most = Double.NEGATIVE_INFINITY;
        for (Map.Entry<String, Double> share : shares.entrySet()) {
          double deficit = share.getValue() * n - taken.getOrDefault(share.getKey(), 0L);
          if (deficit > most) {
            most = deficit;
            next = share.getKey();
          }
        }
        numbers.add(taken.getOrDefault(next, 0L));
        taken.merge(next, 1L, Long::sum);
        order.add(next);
      }
    }

    @Override
    public int context() {
      return context;
    }

    @Override
    public synchronized void read(long position, int[] into, int offset) {
      reads.add(position);
      drawTo(position + 1);
      String corpus = order.get((int) position);
      long available = available().get(corpus);
      long number = numbers.get((int) position);
      SplittableRandom random =
          new SplittableRandom(seed ^ corpus.hashCode() ^ (number / available) * 77);
      long index = (number + random.nextInt((int) available)) % available;
      System.arraycopy(streams.get(corpus), (int) index * context, into, offset, context + 1);
    }

    @Override
    public synchronized Map<String, Long> counts(long positions) {
      drawTo(positions);
      Map<String, Long> counts = new LinkedHashMap<>();
      shares.keySet().forEach(c -> counts.put(c, 0L));
      order.subList(0, (int) positions).forEach(c -> counts.merge(c, 1L, Long::sum));
      return counts;
    }

    @Override
    public Map<String, Long> available() {
      Map<String, Long> available = new LinkedHashMap<>();
      streams.forEach((name, stream) -> available.put(name, (stream.length - 1L) / context));
      return available;
    }
  }

  @Override
  public Optional<PreparedData.Reopening> reopening() {
    return Optional.of(this);
  }

  @Override
  public PreparedData open() {
    return this;
  }

  @Override
  public List<String> warnings() {
    return List.of();
  }

  @Override
  public void close() {}
}
