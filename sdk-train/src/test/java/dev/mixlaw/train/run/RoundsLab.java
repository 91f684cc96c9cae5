package dev.mixlaw.train.run;

import static dev.mixlaw.api.rounds.Strategy.ACCUMULATE;
import static dev.mixlaw.api.rounds.Strategy.REPLACE;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.spi.DataPreparer;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Collapse;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.TextDiversity;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.rounds.RoundFigures;
import dev.mixlaw.api.rounds.RoundRun;
import dev.mixlaw.api.rounds.Rounds;
import dev.mixlaw.api.rounds.RoundsFindings;
import dev.mixlaw.api.rounds.RoundsPlan;
import dev.mixlaw.api.rounds.Strategy;
import dev.mixlaw.api.rounds.Writing;
import dev.mixlaw.api.spi.Analyst;
import dev.mixlaw.api.spi.TrainingEngine;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;

/** Runs small rounds with {@link BigramEngine}. The results are not analysed. */
final class RoundsLab {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  final BigramEngine engine = new BigramEngine();
  StudyListener listener = StudyListener.none();
  Runnable measuring = () -> {};
  TrainingEngine trained = engine;
  boolean inChildJvms;

  static Rounds rounds() {
    return Rounds.of(TestLab.corpus("nat"))
        .named("small")
        .model(ModelSpec.of("tiny", 8, 1, 1, 16).withContext(16))
        .tokens("640")
        .rounds(2)
        .strategy(REPLACE)
        .and(ACCUMULATE)
        .writing(Writing.unconditional().tokens("6k"))
        .tokenizer(TokenizerSpec.trainedBpe(300))
        .evaluateOn(Domains.of(TestLab.corpus("prose")))
        .recipe(TestLab.smallStudy().recipe());
  }

  List<RoundRun> run(Rounds rounds, Path where) {
    List<RoundRun> runs = new ArrayList<>();
    try (Lab lab = lab(where, runs)) {
      lab.run(rounds, listener);
    }
    return runs;
  }

  boolean submit(Rounds rounds, Path where) {
    try (Lab lab = lab(where, new ArrayList<>())) {
      return lab.submit(rounds, listener);
    }
  }

  /**
   * Works on the rounds that were submitted to a lab, of which only the lab knows the description.
   */
  void work(Path where) {
    try (Lab lab = lab(where, new ArrayList<>())) {
      lab.work(listener);
    }
  }

  RoundsPlan plan(Rounds rounds, Path where) {
    try (Lab lab = lab(where, new ArrayList<>())) {
      return lab.plan(rounds, listener);
    }
  }

  private Lab lab(Path where, List<RoundRun> into) {
    LocalStudyRunner studies =
        new LocalStudyRunner(
            RunSettings.of(new QuickDisk(), (steps, nanos, saveNanos) -> steps >= 5, true));
    return Lab.in(where)
        .engine(trained)
        .threads(1)
        .preparer(new MarkovPreparer())
        .evaluator(new SumEvaluator())
        .runner(inChildJvms ? studies.inChildJvms() : studies)
        .analyst(
            new Analyst() {
              @Override
              public Findings analyze(Provenance provenance, List<RunResult> runs) {
                throw new UnsupportedOperationException();
              }

              @Override
              public RoundsFindings analyze(
                  Rounds rounds, RoundsPlan plan, List<RoundRun> runs, List<String> warnings) {
                into.addAll(runs);
                return new Unjudged();
              }
            })
        .open();
  }

  /** A preparer that reads the generated texts. All measures of diversity have the same value. */
  private final class MarkovPreparer implements DataPreparer {
    @Override
    public PreparedData prepare(Study study, Path directory, StudyListener heard) {
      MarkovData data = new MarkovData();
      for (Corpus corpus : study.corpora()) {
        corpus.files().ifPresent(files -> data.text(corpus.name(), texts(files.path())));
      }
      return data;
    }

    @Override
    public PreparedData open(
        TokenizerSpec tokenizer, List<TextFacts> corpora, List<TextFacts> domains, Path directory) {
      MarkovData data = new MarkovData();
      Path texts = directory.resolveSibling("studies").resolve("small").resolve("texts");
      for (TextFacts corpus : corpora) {
        Path file = texts.resolve(corpus.name()).resolve("text.jsonl");
        if (Files.exists(file)) {
          data.text(corpus.name(), texts(file));
        }
      }
      return data;
    }

    @Override
    public Answer<TextDiversity> diversity(
        DocumentSource text, DocumentSource reference, long words) {
      measuring.run();
      Estimate e = Estimate.of(0.5, 0.25, 0.75);
      Map<TextDiversity.Measure, Estimate> figures = new EnumMap<>(TextDiversity.Measure.class);
      for (TextDiversity.Measure m : TextDiversity.Measure.values()) {
        figures.put(m, e);
      }
      return Answer.known(new TextDiversity(1, words, figures));
    }
  }

  private static List<String> texts(Path file) {
    try {
      List<String> texts = new ArrayList<>();
      for (String line : Files.readAllLines(file)) {
        texts.add(MAPPER.readTree(line).get("text").asText());
      }
      return texts;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record Unjudged() implements RoundsFindings {
    @Override
    public Rounds rounds() {
      throw new UnsupportedOperationException();
    }

    @Override
    public RoundsPlan plan() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<RoundRun> runs() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<Strategy, List<RoundFigures>> figures() {
      throw new UnsupportedOperationException();
    }

    @Override
    public Map<Strategy, Collapse> verdicts() {
      throw new UnsupportedOperationException();
    }

    @Override
    public List<String> warnings() {
      return List.of();
    }

    @Override
    public void report(Path html) {
      throw new UnsupportedOperationException();
    }
  }
}
