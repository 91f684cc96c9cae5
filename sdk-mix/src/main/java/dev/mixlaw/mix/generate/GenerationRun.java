package dev.mixlaw.mix.generate;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.internal.Hash64;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Plans and makes what a job describes. */
final class GenerationRun {
  private static final String DOCUMENTS = "documents.jsonl";
  private static final String ANSWERS = "answers.jsonl";

  private final GenerationSettings job;

  GenerationRun(GenerationSettings job) {
    this.job = job;
  }

  /** What it will take, given the answers that a directory remembers. */
  GenerationPlan plan(Optional<Path> directory) {
    Optional<Path> answers = directory.map(d -> d.resolve(ANSWERS)).filter(Files::exists);
    if (answers.isEmpty()) {
      return plan((AnswerLog) null);
    }
    try (AnswerLog log = AnswerLog.open(answers.get())) {
      return plan(log);
    }
  }

  /** Makes the corpus. */
  Generated run(Path directory, GenerationListener heard) {
    GenerationListener listener = new SerializedListener(heard);
    Path file = directory.resolve(DOCUMENTS);
    CardFiles.requireSame(job.name(), directory);
    CountedSource source = new CountedSource(job);
    DataCard card;
    try (AnswerLog log = AnswerLog.open(directory.resolve(ANSWERS))) {
      listener.on(new GenerationEvent.Planned(plan(log)));
      DataCard[] made = new DataCard[1];
      DurableFile.write(file, channel -> made[0] = make(source, log, channel, listener));
      card = made[0];
      CardFiles.write(card, directory);
    }
    if (card.documents() == 0) {
      throw new MixlawException(
          MixlawException.Kind.DATA,
          new Problem(
              "corpus " + job.name(),
              "no document is left of " + card.drafts() + " drafts; left out: " + card.refused(),
              "at least one document",
              "the filters, the budget or the source"));
    }
    Corpus corpus = Corpus.jsonl(file).named(job.name());
    String by = job.generator().name();
    return new Generated(
        switch (job.style().kind()) {
          case NATURAL, REPHRASED -> corpus.rephrased(by);
          case TEXTBOOK -> corpus.textbook(by);
          case OTHER -> corpus.other(by);
        },
        card,
        directory);
  }

  private GenerationPlan plan(@Nullable AnswerLog log) {
    CostEstimator desk = new CostEstimator(log, job.tariff());
    DraftWriter drafting = new DraftWriter(job, desk);
    long[] counts = new long[2];
    job.materials()
        .make(
            supply(new CountedSource(job), materialsClerk(desk)),
            material -> {
              drafting.rehearse(material);
              counts[0] += material.last() ? 1 : 0;
              counts[1]++;
            });
    return new GenerationPlan(
        job.name(),
        counts[0],
        counts[1],
        desk.all(),
        desk.left(),
        desk.longestPrompt(),
        job.currency(),
        warnings(desk.all()));
  }

  private List<String> warnings(GenerationPlan.Amount all) {
    List<String> warnings = new ArrayList<>();
    if (all.promptTokens() + all.likelyTokens() > job.budget().tokens()
        || all.likelyCost() > job.budget().money()) {
      warnings.add("the budget will likely be spent before all is asked");
    }
    return warnings;
  }

  private RecordingSession materialsClerk(RequestHandler desk) {
    return new RecordingSession(
        desk, job.generator(), job.manner(), Hash64.of("materials", job.seed()));
  }

  private MaterialSource.Supply supply(CountedSource source, RecordingSession clerk) {
    return new MaterialSource.Supply(source::open, job.tokens(), job.seed(), clerk);
  }

  private DataCard make(
      CountedSource source, AnswerLog log, FileChannel channel, GenerationListener listener)
      throws IOException {
    RequestExecutor desk =
        new RequestExecutor(
            log, new Budgeting(job.budget()), job.tariff(), job.retry(), job.waiting(), listener);
    RecordingSession clerk = materialsClerk(desk);
    boolean complete;
    DocumentAssembler assembly;
    try (DocumentWriter writer = new DocumentWriter(job, channel)) {
      assembly = new DocumentAssembler(writer, listener);
      try (OrderedWorkers crew = new OrderedWorkers(job, desk, assembly::add)) {
        complete = work(crew, supply(source, clerk));
      }
    }
    clerk.calls().forEach(assembly.tally()::call);
    return assembly.tally().card(job, source.facts(), complete);
  }

  /** Whether all was asked; not if the budget was spent before. */
  private boolean work(OrderedWorkers crew, MaterialSource.Supply supply) throws IOException {
    try {
      job.materials().make(supply, material -> draft(crew, material));
      crew.finish();
      return true;
    } catch (StoppedException e) {
      RuntimeException reason = crew.reason(e);
      if (reason instanceof StoppedException stopped && stopped.budgetSpent()) {
        return false;
      }
      throw reason;
    } catch (GeneratorException e) {
      throw OrderedWorkers.refusal(job, e); // asked for materials
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static void draft(OrderedWorkers crew, Material material) {
    try {
      crew.draft(material);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
