package dev.mixlaw.samples.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdOutputStream;
import com.sun.management.ThreadMXBean;
import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Recipe;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.eval.table.ChoiceFile;
import dev.mixlaw.eval.table.LossTable;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.corpus.HuggingFaceDataset;
import dev.mixlaw.mix.corpus.MegatronTokens;
import dev.mixlaw.mix.shard.ShardWriter;
import dev.mixlaw.mix.shard.TokenBatch;
import dev.mixlaw.mix.shard.TokenShard;
import dev.mixlaw.mix.token.Tokenizers;
import dev.mixlaw.train.engine.Engines;
import dev.mixlaw.train.engine.weights.Checkpoint;
import dev.mixlaw.train.run.LabInventory;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Tests that files with random damage are read, or refused with a {@link MixlawException}. Readers
 * throw no other exception, do not take long, and do not need much memory.
 */
@Timeout(value = 15, unit = TimeUnit.MINUTES)
class ReaderFuzzTest {
  private static final int INPUTS = 40;
  private static final long LONG_SECONDS = Long.getLong("mixlaw.fuzz.seconds", 600);
  private static final long FIRST_SEED = Long.getLong("mixlaw.fuzz.seed", 100);

  /**
   * Limit of the memory that a reader allocates in total for a file of a few kilobytes, in bytes.
   */
  private static final long MEMORY = 512L << 20;

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final String LINES =
      "{\"id\":1,\"text\":\"Grüße aus 漢字\",\"n\":[1,2.5e3,NaN]}\n{\"text\":\"b\"}\n\n";
  private static final String UNIGRAM =
      """
      {"version":"1.0","truncation":null,"padding":null,"post_processor":null,"decoder":null,
       "added_tokens":[{"id":2,"content":"</s>","special":true,"normalized":false,
         "single_word":false,"lstrip":false,"rstrip":false}],
       "normalizer":{"type":"NFKC"},"pre_tokenizer":{"type":"Metaspace","replacement":"▁",
         "prepend_scheme":"always","split":true},
       "model":{"type":"Unigram","unk_id":0,"byte_fallback":false,
         "vocab":[["<unk>",0.0],["▁the",-1.0],["</s>",-1.0],["▁",-2.0],["c",-2.5],["at",-3.5]]}}""";
  private static final String WORD_PIECE =
      """
      {"version":"1.0","truncation":null,"padding":null,"post_processor":null,"decoder":null,
       "added_tokens":[{"id":1,"content":"[SEP]","special":true,"normalized":false,
         "single_word":false,"lstrip":false,"rstrip":false},{"id":9,"content":"[M]",
         "special":false,"normalized":true,"single_word":true,"lstrip":true,"rstrip":true}],
       "normalizer":{"type":"BertNormalizer","clean_text":true,"handle_chinese_chars":true,
         "strip_accents":null,"lowercase":true},"pre_tokenizer":{"type":"BertPreTokenizer"},
       "model":{"type":"WordPiece","unk_token":"[UNK]","continuing_subword_prefix":"##",
         "max_input_chars_per_word":100,"vocab":{"[UNK]":0,"[SEP]":1,"the":2,"c":3,"##at":4}}}""";
  private static final String BYTE_FALLBACK =
      """
      {"version":"1.0","truncation":null,"padding":null,"post_processor":null,
       "added_tokens":[{"id":1,"content":"</s>","special":true,"normalized":false,
         "single_word":false,"lstrip":false,"rstrip":false}],
       "normalizer":{"type":"Sequence","normalizers":[{"type":"Prepend","prepend":"▁"},
         {"type":"Replace","pattern":{"String":" "},"content":"▁"},
         {"type":"Strip","strip_left":false,"strip_right":true}]},
       "pre_tokenizer":{"type":"Sequence","pretokenizers":[{"type":"Split","invert":false,
         "pattern":{"Regex":"\\\\d{1,3}| ?\\\\w+"},"behavior":"MergedWithNext"},
         {"type":"Digits","individual_digits":true},
         {"type":"Punctuation","behavior":"Isolated"}]},
       "decoder":{"type":"Sequence","decoders":[
         {"type":"Replace","pattern":{"String":"▁"},"content":" "},{"type":"ByteFallback"},
         {"type":"Fuse"},{"type":"Strip","content":" ","start":1,"stop":0}]},
       "model":{"type":"BPE","dropout":null,"unk_token":"<unk>","fuse_unk":true,
         "continuing_subword_prefix":null,"end_of_word_suffix":null,"byte_fallback":true,
         "ignore_merges":false,"vocab":{"<unk>":0,"</s>":1,"<0xE6>":2,"<0xBC>":3,"▁":4,"t":5,
           "h":6,"e":7,"c":8,"a":9,"at":10,"th":11,"the":12,"▁the":13},
         "merges":[["a","t"],["t","h"],["th","e"],["▁","the"]]}}""";
  private static final Tokenizer TOKENIZER = tokenizer();

  @TempDir private Path dir;

  private static Tokenizer tokenizer() {
    return Tokenizers.train(264, text -> text.accept("the cat sat on the mat and the cat ran"));
  }

  /** The readers, each with a valid file. */
  enum Reader {
    JSONL("a.jsonl") {
      @Override
      byte[] good(Path dir) {
        return utf8(LINES);
      }

      @Override
      void read(Path file) {
        drain(Corpus.jsonl(file));
      }
    },
    GZIP("a.jsonl.gz") {
      @Override
      byte[] good(Path dir) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        for (int i = 0; i < 3; i++) {
          try (OutputStream out = new GZIPOutputStream(bytes)) {
            out.write(utf8(LINES));
          }
        }
        return bytes.toByteArray();
      }

      @Override
      void read(Path file) {
        drain(Corpus.jsonl(file));
      }
    },
    ZSTD("a.jsonl.zst") {
      @Override
      byte[] good(Path dir) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream out = new ZstdOutputStream(bytes)) {
          out.write(utf8(LINES.repeat(50)));
        }
        return bytes.toByteArray();
      }

      @Override
      void read(Path file) {
        drain(Corpus.jsonl(file));
      }

      /**
       * A few compressed bytes may contain a hundred megabytes of empty lines, so only the heap is
       * a limit.
       */
      @Override
      long memory() {
        return Long.MAX_VALUE;
      }
    },
    PARQUET("a.parquet") {
      @Override
      byte[] good(Path dir) throws IOException {
        Path files = Path.of("../sdk-mix/src/test/resources/parquet");
        List<String> names =
            List.of(
                "plain-v1",
                "dictionary-gzip",
                "delta-length-zstd-v2",
                "delta-snappy-v2",
                "large-string",
                "lz4-small-pages",
                "nested");
        String name = names.get(SOURCE.nextInt(names.size()));
        return Files.readAllBytes(files.resolve(name + ".parquet"));
      }

      @Override
      void read(Path file) {
        drain(Corpus.parquet(file));
      }
    },
    WET("a.wet") {
      @Override
      byte[] good(Path dir) {
        String record =
            "WARC/1.0\r\nWARC-Type: conversion\r\nWARC-Date: 2024-02-20T00:00:00Z\r\n"
                + "WARC-Record-ID: <urn:uuid:6c3a0f52-1f00-4d2c-a1a8-0123456789ab>\r\n"
                + "WARC-Target-URI: http://example.org/\r\nContent-Type: text/plain\r\n"
                + "Content-Length: 5\r\n\r\nwords\r\n\r\n";
        return utf8(record.repeat(3));
      }

      @Override
      void read(Path file) {
        drain(Corpus.warc(file));
      }
    },
    DATASET("README.md") {
      @Override
      byte[] good(Path dir) throws IOException {
        Files.writeString(dir.resolve("train-0.jsonl"), LINES);
        return utf8(
            "---\nlicense: mit\nconfigs:\n- config_name: default\n  data_files:\n  - split: train\n"
                + "    path:\n    - \"train-[0-9]*.jsonl\"\n    - '**/x?.jsonl'\n---\n# Title\n");
      }

      @Override
      void read(Path file) {
        drain(HuggingFaceDataset.in(file.getParent()).corpus("set"));
      }
    },
    MEGATRON("a.idx") {
      @Override
      byte[] good(Path dir) throws IOException {
        Files.write(dir.resolve("a.bin"), new byte[24]);
        ByteBuffer idx = ByteBuffer.allocate(34 + 3 * 12 + 3 * 8).order(ByteOrder.LITTLE_ENDIAN);
        idx.put(utf8("MMIDIDX\0\0")).putLong(1).put((byte) 8).putLong(3).putLong(3);
        idx.putInt(4).putInt(4).putInt(4).putLong(0).putLong(8).putLong(16);
        return idx.putLong(0).putLong(1).putLong(3).array();
      }

      @Override
      void read(Path file) {
        drain(MegatronTokens.of(file, TOKENIZER).corpus("ids"));
      }
    },
    TOKENIZER_JSON("tokenizer.json") {
      @Override
      byte[] good(Path dir) throws IOException {
        TOKENIZER.save(dir.resolve("good.json"));
        byte[] bytes = Files.readAllBytes(dir.resolve("good.json"));
        // Mixlaw reads only some kinds of files itself; Hugging Face's library reads the others
        return switch (SOURCE.nextInt(5)) {
          case 0 -> bytes;
          case 1 ->
              utf8(
                  new String(bytes, StandardCharsets.UTF_8)
                      .replace("merges\" : false", "merges\" : true"));
          case 2 -> utf8(UNIGRAM);
          case 3 -> utf8(BYTE_FALLBACK);
          default -> utf8(WORD_PIECE);
        };
      }

      @Override
      byte[] damaged(byte[] good, Mutator mutator) throws IOException {
        return mutator.mutateJson(good);
      }

      @Override
      void read(Path file) {
        try (Tokenizer tokenizer = Tokenizers.open(TokenizerSpec.huggingFace(file))) {
          int[] ids = tokenizer.encode("the cat <|endoftext|> 漢字 \uFDD0");
          assertThat(ids).doesNotContain(tokenizer.endOfText());
          tokenizer.decode(ids);
        }
      }
    },
    SHARD("a.shard") {
      @Override
      byte[] good(Path dir) throws IOException {
        Path file = dir.resolve("good.shard");
        List<Document> documents = List.of(new Document("1", "the cat"), new Document("2", "mat"));
        TokenBatch.PartEnd end = new TokenBatch.PartEnd("0".repeat(64), 0, List.of());
        ShardWriter.write(
            file, TOKENIZER, writer -> writer.add(TokenBatch.of(documents, TOKENIZER, end)));
        return Files.readAllBytes(file);
      }

      @Override
      void read(Path file) {
        TokenShard.open(file, Corpus.documents("a", () -> DocumentStream.of(List.of()))).close();
      }
    },
    CONFIG("config.json") {
      @Override
      byte[] good(Path dir) throws IOException {
        return checkpoint(dir, "config.json");
      }

      @Override
      byte[] damaged(byte[] good, Mutator mutator) throws IOException {
        return mutator.mutateJson(good);
      }

      @Override
      void read(Path file) {
        openModel(file.getParent());
      }
    },
    SAFETENSORS("model.safetensors") {
      @Override
      byte[] good(Path dir) throws IOException {
        return checkpoint(dir, "model.safetensors");
      }

      /** Damages the file, or only its JSON header, which follows an 8-byte length. */
      @Override
      byte[] damaged(byte[] good, Mutator mutator) throws IOException {
        if (mutator.nextInt(3) == 0) {
          return mutator.mutate(good);
        }
        ByteBuffer file = ByteBuffer.wrap(good).order(ByteOrder.LITTLE_ENDIAN);
        byte[] header = new byte[(int) file.getLong()];
        file.get(header);
        header = mutator.mutateJson(header);
        return ByteBuffer.allocate(8 + header.length + file.remaining())
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(header.length)
            .put(header)
            .put(file)
            .array();
      }

      @Override
      void read(Path file) {
        openModel(file.getParent());
      }
    },
    LOSS_TABLE("losses.csv") {
      @Override
      byte[] good(Path dir) {
        StringBuilder lines = new StringBuilder("params,tokens,loss,note\n");
        for (int i = 0; i < 30; i++) {
          lines.append("1e6,").append(2_000_000 + i).append(",3.25,\"a, b\"\n");
        }
        return utf8(lines.toString());
      }

      @Override
      void read(Path file) {
        LossTable.csv(file)
            .params("params")
            .tokens("tokens")
            .loss("loss")
            .unit(LossUnit.NATS_PER_TOKEN)
            .read();
      }
    },
    LOSS_LINES("losses.jsonl") {
      @Override
      byte[] good(Path dir) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 30; i++) {
          lines.append("{\"params\":1e6,\"tokens\":").append(2_000_000 + i);
          lines.append(",\"loss\":3.25,\"n\":[1]}\n");
        }
        return utf8(lines.toString());
      }

      @Override
      void read(Path file) {
        LossTable.jsonl(file)
            .params("params")
            .tokens("tokens")
            .loss("loss")
            .unit(LossUnit.NATS_PER_TOKEN)
            .read();
      }
    },
    LAB_RECORD("record.json") {
      private List<Path> records = List.of();
      private Path damaged = Path.of("");

      @Override
      byte[] good(Path dir) throws IOException {
        if (records.isEmpty()) {
          train(dir.resolve("lab"));
        }
        try (Stream<Path> files = Files.walk(dir.resolve("lab"))) {
          records = files.filter(f -> f.toString().endsWith(".json")).sorted().toList();
        }
        damaged = records.get(SOURCE.nextInt(records.size()));
        return Files.readAllBytes(damaged);
      }

      @Override
      void read(Path file) {
        try {
          byte[] good = Files.readAllBytes(damaged);
          try {
            Files.write(damaged, Files.readAllBytes(file));
            LabInventory lab = LabInventory.open(file.resolveSibling("lab"));
            lab.verify();
            lab.runs("small");
            lab.export("small");
          } finally {
            Files.write(damaged, good);
          }
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    },
    CHOICES("questions.jsonl") {
      @Override
      byte[] good(Path dir) {
        StringBuilder lines = new StringBuilder();
        for (int i = 0; i < 20; i++) {
          lines.append("{\"id\":\"q").append(i).append("\",\"question\":\"What?\",");
          lines.append("\"choices\":[\"a\",\"b\"],\"answer\":").append(i % 2).append("}\n");
        }
        return utf8(lines.toString());
      }

      @Override
      void read(Path file) {
        ChoiceFile.jsonl(file).read();
      }
    };

    /** Chooses among several valid files; each test replaces it. */
    static Mutator SOURCE = new Mutator(1);

    final String fileName;

    Reader(String fileName) {
      this.fileName = fileName;
    }

    /** Returns a file that the reader accepts. */
    abstract byte[] good(Path dir) throws IOException;

    /** Reads a file to its end. */
    abstract void read(Path file);

    /** Returns a damaged copy of a valid file. */
    byte[] damaged(byte[] good, Mutator mutator) throws IOException {
      return mutator.mutate(good);
    }

    /** Returns the limit of the memory that the reader allocates in total, in bytes. */
    long memory() {
      return MEMORY;
    }
  }

  /**
   * Limit of the length of a message, in characters; it may list twenty problems with a quoted text
   * each.
   */
  private static final int LONGEST_MESSAGE = 12_000;

  @ParameterizedTest
  @EnumSource
  void damagedFilesAreReadOrRefused(Reader reader) throws IOException {
    Mutator mutator = new Mutator(7);
    Reader.SOURCE = mutator;
    Path file = dir.resolve(reader.fileName);
    Files.write(file, reader.good(dir));
    reader.read(file);
    for (int i = 0; i < INPUTS; i++) {
      tryToRead(reader, file, mutator);
    }
  }

  @ParameterizedTest
  @EnumSource
  @Tag("long")
  void damagedFilesAreReadOrRefusedForTenMinutes(Reader reader, TestReporter report)
      throws IOException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(LONG_SECONDS);
    long inputs = 0;
    long refused = 0;
    long slowest = 0;
    for (long seed = FIRST_SEED; System.nanoTime() < end; seed++) {
      Mutator mutator = new Mutator(seed);
      Reader.SOURCE = mutator;
      for (int i = 0; i < 20; i++) {
        long start = THREADS.getCurrentThreadCpuTime();
        refused += tryToRead(reader, dir.resolve(reader.fileName), mutator) ? 0 : 1;
        slowest = Math.max(slowest, THREADS.getCurrentThreadCpuTime() - start);
        inputs++;
      }
    }
    report.publishEntry(
        reader.name(),
        String.format(
            "%d inputs, %d refused, slowest %d ms of processor time",
            inputs, refused, TimeUnit.NANOSECONDS.toMillis(slowest)));
  }

  /** Returns true if the reader read the damaged file, and false if it refused the file. */
  private boolean tryToRead(Reader reader, Path file, Mutator mutator) throws IOException {
    byte[] bytes = reader.damaged(reader.good(dir), mutator);
    Files.write(file, bytes);
    long thread = Thread.currentThread().getId();
    long before = THREADS.getThreadAllocatedBytes(thread);
    try {
      boolean read = true;
      try {
        reader.read(file);
      } catch (MixlawException documented) {
        read = false;
        assertThat(documented.getMessage().length()).isLessThan(LONGEST_MESSAGE);
      }
      assertThat(THREADS.getThreadAllocatedBytes(thread) - before).isLessThan(reader.memory());
      return read;
    } catch (Exception | StackOverflowError | OutOfMemoryError | AssertionError e) {
      String shown = Base64.getEncoder().encodeToString(bytes);
      throw new AssertionError(
          reader
              + ": "
              + e
              + " for the bytes "
              + shown.substring(0, Math.min(4000, shown.length())),
          e);
    }
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void drain(Corpus corpus) {
    try (DocumentStream documents = Corpora.open(corpus)) {
      documents.forEachRemaining(Document::id);
    }
  }

  /** Trains a small model, whose lab the readers then read. */
  private static void train(Path lab) {
    List<Document> documents =
        IntStream.range(0, 40)
            .mapToObj(i -> new Document("d" + i, "the cat sat ".repeat(i + 9)))
            .toList();
    Corpus corpus = Corpus.documents("cats", () -> DocumentStream.of(documents)).natural();
    try (Lab open = Lab.in(lab).engine(Engines.nativeCpu()).threads(1).open()) {
      open.run(
          Study.named("small")
              .mixtures(Mixture.of(corpus))
              .models(ModelSpec.of("tiny", 8, 1, 1, 8).withContext(16))
              .budgets("640")
              .tokenizer(TokenizerSpec.trainedBpe(264))
              .recipe(Recipe.standard().withBatch(Tokens.tokens(64)).withLearningRate(0.002))
              .evaluateOn(Domains.of(corpus)));
    }
  }

  private static byte[] checkpoint(Path dir, String name) throws IOException {
    Path good = dir.resolve("good");
    if (!Files.exists(good)) {
      ModelSpec model = ModelSpec.of("tiny", 8, 1, 2, 8).withContext(8);
      Files.createDirectory(good);
      new Checkpoint(model, 20)
          .save(
              good,
              new Checkpoint.State(
                  1,
                  t -> new float[(int) t.length()],
                  t -> new float[(int) t.length()],
                  t -> new float[(int) t.length()]));
    }
    for (String file : List.of("config.json", "model.safetensors")) {
      Files.write(dir.resolve(file), Files.readAllBytes(good.resolve(file)));
    }
    return Files.readAllBytes(good.resolve(name));
  }

  private static void openModel(Path directory) {
    try (LanguageModel model = Engines.byName("native").openModel(directory, 1)) {
      float[] nats = new float[2];
      int[] ids = {1, 2, 3};
      // huge weights may give losses that are not finite; evaluators report these
      model.losses(ids, 1, 2, 0, nats);
    }
  }
}
