package dev.mixlaw.mix.generate;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.internal.Hash64;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

final class GenerationRun {
  private static final String DOCUMENTS = "documents.jsonl";
  private static final String ANSWERS = "answers.jsonl";

  private final GenerationSettings settings;
  private volatile @Nullable KnownPlan known;

  /** The last plan, which a subsequent run reuses. */
  private record KnownPlan(Path directory, GenerationPlan plan) {}

  GenerationRun(GenerationSettings settings) {
    this.settings = settings;
  }

  GenerationPlan plan(Optional<Path> directory) {
    settings.check();
    Optional<Path> answers = directory.map(d -> d.resolve(ANSWERS)).filter(Files::exists);
    GenerationPlan plan;
    if (answers.isEmpty()) {
      plan = plan((AnswerLog) null);
    } else {
      try (AnswerLog log = AnswerLog.open(answers.get())) {
        plan = plan(log);
      }
    }
    directory.ifPresent(d -> known = new KnownPlan(d, plan));
    return plan;
  }

  private GenerationPlan plan(@Nullable AnswerLog log) {
    CostEstimator estimator = new CostEstimator(settings, log);
    DraftWriter writer = new DraftWriter(settings, estimator, true);
    long[] counts = new long[2];
    makeMaterials(
        new CountedSource(settings),
        materialsSession(estimator),
        material -> {
          writer.write(material);
          counts[0] += material.last() ? 1 : 0;
          counts[1]++;
        });
    return estimator.plan(counts[0], counts[1]);
  }

  Generated run(Path directory, GenerationListener listener) {
    settings.check();
    Path file = directory.resolve(DOCUMENTS);
    CardFiles.requireSame(settings.name(), directory);
    DataCard card;
    try (AnswerLog log = AnswerLog.open(directory.resolve(ANSWERS))) {
      KnownPlan last = known;
      known = null;
      listener.planned(
          last != null && last.directory().equals(directory) ? last.plan() : plan(log));
      DataCard[] made = new DataCard[1];
      DurableFile.write(file, channel -> made[0] = writeDocuments(log, channel, listener));
      card = made[0];
      CardFiles.write(card, directory);
    }
    if (card.documents() == 0) {
      throw MixlawException.data(
          "corpus " + settings.name(),
          card.drafts() == 0
              ? "the source provides no material: " + settings.materials().description()
              : "no document is left of %s drafts; refused: %s"
                  .formatted(card.drafts(), refusals(card)),
          "at least one document",
          "change the filters, the budget or the source");
    }
    Corpus corpus = Corpus.jsonl(file).named(settings.name());
    String by = settings.generator().name();
    return new Generated(
        switch (settings.style().kind()) {
          case NATURAL, REPHRASED -> corpus.rephrased(by);
          case TEXTBOOK -> corpus.textbook(by);
          case OTHER -> corpus.other(by);
        },
        card,
        directory);
  }

  private RecordingSession materialsSession(RequestHandler handler) {
    return new RecordingSession(settings, handler, Hash64.of("materials", settings.seed()));
  }

  private void makeMaterials(
      CountedSource source, RecordingSession session, Consumer<Material> consumer) {
    settings.materials().make(source::open, session, consumer);
  }

  private static String refusals(DataCard card) {
    return card.refused().entrySet().stream()
        .map(
            e ->
                "%d by %s, such as %s"
                    .formatted(
                        e.getValue().drafts(),
                        e.getKey(),
                        String.join("; ", new LinkedHashSet<>(e.getValue().examples()))))
        .collect(Collectors.joining(", "));
  }

  private DataCard writeDocuments(AnswerLog log, FileChannel channel, GenerationListener listener)
      throws IOException {
    CountedSource source = new CountedSource(settings);
    RequestExecutor executor = new RequestExecutor(settings, log, listener);
    RecordingSession session = materialsSession(executor);
    try (DocumentAssembler assembler = new DocumentAssembler(settings, channel, listener)) {
      boolean complete;
      try (OrderedWorkers workers = new OrderedWorkers(settings, executor, assembler::add)) {
        complete = writeDrafts(workers, source, session);
      }
      assembler.count(session.calls());
      return assembler.card(source.facts(), complete);
    }
  }

  /**
   * Returns whether all drafts were written. The result is false if the budget was spent earlier.
   */
  private boolean writeDrafts(
      OrderedWorkers workers, CountedSource source, RecordingSession session) throws IOException {
    try {
      makeMaterials(
          source,
          session,
          material -> {
            try {
              workers.submit(material);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
      workers.finish();
      return true;
    } catch (StoppedException e) {
      RuntimeException reason = workers.reason(e);
      if (reason instanceof StoppedException stopped && stopped.isBudgetSpent()) {
        return false;
      }
      throw reason;
    } catch (GeneratorException e) {
      throw OrderedWorkers.generatorFailed(settings, e); // the material source sent the request
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
