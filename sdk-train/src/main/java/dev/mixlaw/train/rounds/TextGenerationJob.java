package dev.mixlaw.train.rounds;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.internal.spi.DataPreparer;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.Writing;
import dev.mixlaw.api.rounds.WrittenText;
import dev.mixlaw.api.spi.ModelSession;
import dev.mixlaw.api.spi.SamplingModel;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.rounds.GeneratedTextStore.Part;
import dev.mixlaw.train.run.child.ChildJvmDiedException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Generates the text of a trained model in parts, each of which is saved. */
final class TextGenerationJob {
  /** Number of documents per part, which take a small model a few seconds. */
  private static final int PART = 256;

  /** Maximum number of words on which diversity is measured. */
  private static final long WORDS = 20_000;

  /** Maximum average number of tokens per word in a text. */
  private static final long TOKENS_PER_WORD = 4;

  private final Rounds rounds;
  private final NaturalCorpus natural;
  private final TrainingEngine engine;
  private final int threads;
  private final DataPreparer preparer;
  private final StudyListener listener;

  TextGenerationJob(
      Rounds rounds,
      NaturalCorpus natural,
      TrainingEngine engine,
      int threads,
      DataPreparer preparer,
      StudyListener listener) {
    this.rounds = rounds;
    this.natural = natural;
    this.engine = engine;
    this.threads = threads;
    this.preparer = preparer;
    this.listener = listener;
  }

  /**
   * Generates the text of a model, or returns the text that an earlier start generated.
   *
   * @param run identity of the run that trained the model
   * @throws CancellationException if the calling thread is interrupted; its interrupt status stays
   *     set
   */
  WrittenText write(RoundKey key, String run, Path model, GeneratedTextStore store) {
    Writing how = rounds.writing();
    String identity = identity(key, run);
    Optional<WrittenText> earlier = store.find(identity, key, how);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    List<Part> parts = store.parts(identity);
    if (tokens(parts) < rounds.writtenTokens().count()) {
      goOn(key, identity, model, store, parts);
    }
    store.join(parts, key.label());
    DocumentSource text = () -> DocumentStream.of(() -> documents(parts));
    long words = Math.max(1, Math.min(WORDS, rounds.writtenTokens().count() / TOKENS_PER_WORD));
    WrittenText written =
        new WrittenText(
            key,
            run,
            store.text(),
            how,
            parts.stream().mapToLong(p -> p.texts().size()).sum(),
            parts.stream().mapToLong(Part::dropped).sum(),
            tokens(parts),
            parts.stream().mapToLong(Part::sampled).sum() * flopsPerToken(),
            parts.stream().mapToDouble(Part::seconds).sum(),
            preparer.diversity(text, natural.documents(), words));
    store.finish(identity, written);
    return written;
  }

  /**
   * Returns the number of FLOPs for generating a token, which takes a forward pass, a third of the
   * work of training.
   */
  private double flopsPerToken() {
    return rounds.model().orElseThrow().trainingFlopsPerToken(natural.rows()) / 3;
  }

  private String identity(RoundKey key, String run) {
    String all =
        String.join(
            "\n",
            "written text 1",
            key.label(),
            run,
            rounds.writing().toString(),
            rounds.writtenTokens().count() + " tokens",
            engine.name() + " " + engine.version());
    return Hashing.sha256(all);
  }

  /**
   * Generates the missing parts. If the JVM of the model dies, generation is resumed once after the
   * last part.
   */
  private void goOn(
      RoundKey key, String identity, Path model, GeneratedTextStore store, List<Part> parts) {
    try {
      writeParts(key, identity, model, store, parts);
    } catch (ChildJvmDiedException first) {
      listener.on(
          new StudyEvent.Warned(
              "text of "
                  + key
                  + " resumes after its last part, because of: "
                  + first.getMessage()));
      writeParts(key, identity, model, store, parts);
    }
  }

  private void writeParts(
      RoundKey key, String identity, Path model, GeneratedTextStore store, List<Part> parts) {
    long wanted = rounds.writtenTokens().count();
    try (ModelSession session = engine.openModel(model, threads)) {
      if (!(session.model() instanceof SamplingModel sampling)) {
        throw new IllegalStateException(
            "engine "
                + engine.name()
                + " states a cost for text generation, but its models do not generate text");
      }
      while (tokens(parts) < wanted) {
        if (Thread.currentThread().isInterrupted()) {
          throw new CancellationException("the rounds were interrupted; run them again to resume");
        }
        listener.on(new StudyEvent.Writing("text of " + key, tokens(parts), wanted));
        Part part = part(key, identity, sampling, parts.size());
        if (part.texts().isEmpty()) {
          throw new MixlawException(
              MixlawException.Kind.DATA,
              new Problem(
                  "text of " + key,
                  "no word in " + PART + " documents",
                  "at least one document with a word",
                  "increase Rounds.tokens, or lower Writing.temperature"));
        }
        store.save(parts.size(), part);
        parts.add(part);
      }
      listener.on(new StudyEvent.Writing("text of " + key, wanted, wanted));
    }
  }

  private Part part(RoundKey key, String identity, SamplingModel model, int number) {
    long start = System.nanoTime();
    Writing how = rounds.writing();
    long seed = random(random(key.label().hashCode()) + number);
    List<int[]> prompts = new ArrayList<>();
    for (int i = 0; i < PART; i++) {
      prompts.add(natural.prompt(how.promptTokens(), random(seed + i)));
    }
    int room = model.context() - 1 - how.promptTokens();
    int most = Math.min(room, how.maxTokens().orElse(room));
    List<int[]> written =
        model.sample(
            prompts,
            new SamplingModel.Sampling(
                most, how.temperature(), how.topP(), seed, natural.endOfText()));
    List<String> texts = new ArrayList<>();
    long tokens = 0;
    long sampled = 0;
    for (int[] ids : written) {
      sampled += ids.length + 1L;
      String text = natural.decode(ids);
      if (!text.isBlank()) {
        texts.add(text);
        tokens += natural.tokens(text);
      }
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return new Part(identity, texts, written.size() - texts.size(), tokens, sampled, seconds);
  }

  /** Returns the next output of SplitMix64 (Steele, Lea and Flood 2014). */
  private static long random(long state) {
    return Hashing.mix64(state + Hashing.GOLDEN_GAMMA);
  }

  private static long tokens(List<Part> parts) {
    return parts.stream().mapToLong(Part::tokens).sum();
  }

  private static Iterator<Document> documents(List<Part> parts) {
    List<Document> documents = new ArrayList<>();
    for (Part part : parts) {
      for (String text : part.texts()) {
        documents.add(new Document(Integer.toString(documents.size()), text));
      }
    }
    return documents.iterator();
  }
}
