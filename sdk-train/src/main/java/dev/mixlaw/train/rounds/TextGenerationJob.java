package dev.mixlaw.train.rounds;

import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.internal.Interrupts;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.Writing;
import dev.mixlaw.api.rounds.WrittenText;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.train.rounds.GeneratedTextStore.Part;
import dev.mixlaw.train.run.child.ChildJob;
import dev.mixlaw.train.run.child.ChildJvm;
import dev.mixlaw.train.run.child.ChildJvmDiedException;
import dev.mixlaw.train.run.child.ChildReport;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CancellationException;

/** Generates the text of a trained model in parts that are saved separately. */
final class TextGenerationJob {
  private static final long WORDS = 20_000;

  private static final long TOKENS_PER_WORD = 4;

  private final RoundsContext context;
  private final Rounds rounds;
  private final TrainingEngine engine;
  private final StudyListener listener;

  TextGenerationJob(RoundsContext context, StudyListener listener) {
    this.context = context;
    this.rounds = context.rounds();
    this.engine = context.engine();
    this.listener = listener;
  }

  /**
   * Generates the text of a model, unless the complete text is already stored.
   *
   * @param run identity of the run that trained the model
   * @throws CancellationException if the calling thread is interrupted; its interrupt status is
   *     kept
   */
  WrittenText write(RoundKey key, String run) {
    GeneratedTextStore store = context.textStore(key);
    Path model = context.place().lab().resolve("runs").resolve(run).resolve("model");
    Writing how = rounds.writing();
    String identity = identity(key, run);
    Optional<WrittenText> earlier = store.find(identity, key, how);
    if (earlier.isPresent()) {
      return earlier.get();
    }
    TextParts missing =
        new TextParts(
            ChildJob.type(engine).orElse(""),
            context.threads(),
            model.toAbsolutePath().toString(),
            store.directory().toAbsolutePath().toString(),
            identity,
            key.toString(),
            key.label(),
            how,
            rounds.writtenTokens().count());
    if (TextParts.tokens(store.parts(identity)) < missing.wanted()) {
      writeMissing(missing, key);
    }
    List<Part> parts = store.parts(identity);
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
            TextParts.tokens(parts),
            parts.stream().mapToLong(Part::sampled).sum() * flopsPerToken(),
            parts.stream().mapToDouble(Part::seconds).sum(),
            context.place().preparer().diversity(text, context.natural().documents(), words));
    store.finish(identity, written);
    return written;
  }

  /**
   * Returns the number of floating-point operations to generate a token, which is a third of the
   * number to train on a token.
   */
  private double flopsPerToken() {
    ModelSpec model = rounds.model().orElseThrow();
    return model.trainingFlopsPerToken(context.natural().rows(model)) / 3;
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
   * Generates the missing parts. If the child JVM dies, the job is retried once in a new child JVM.
   */
  private void writeMissing(TextParts parts, RoundKey key) {
    if (context.studies().childJvms().isEmpty()) {
      parts.write(engine, context.natural(), tokens -> written(key, tokens));
      return;
    }
    try {
      writeInChildJvm(parts, key);
    } catch (ChildJvmDiedException first) {
      listener.on(
          new StudyEvent.Warned(
              "text of %s resumes after its last part, because of: %s"
                  .formatted(key, first.getMessage())));
      writeInChildJvm(parts, key);
    }
  }

  private void writeInChildJvm(TextParts parts, RoundKey key) {
    ChildJvm.run(
        "engine " + engine.name() + ", model " + parts.model(),
        engine.properties(),
        parts.threads(),
        parts,
        context.data().reopening().orElseThrow(),
        context.studies().childJvms().orElseThrow(),
        new ChildJvm.Parent() {
          @Override
          public void on(ChildReport report) {
            written(key, report.tokens());
          }

          @Override
          public ChildJvm.Answer answer() {
            return Thread.currentThread().isInterrupted()
                ? ChildJvm.Answer.STOP
                : ChildJvm.Answer.CONTINUE;
          }
        });
    Interrupts.check();
  }

  private void written(RoundKey key, long tokens) {
    listener.on(new StudyEvent.Preparing("text of " + key, tokens, rounds.writtenTokens().count()));
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
