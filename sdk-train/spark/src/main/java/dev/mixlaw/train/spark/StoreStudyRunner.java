package dev.mixlaw.train.spark;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.spi.DataPreparer;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.StoredStudy;
import dev.mixlaw.api.internal.spi.StudyRunner;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.TokenizedText;
import dev.mixlaw.train.run.LocalStudyRunner;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * A study runner for a lab in a Hadoop file system. The directory of the lab is a local cache of
 * this process. When a study is stored, its prepared text is stored as well, and workers copy it.
 */
record StoreStudyRunner(LocalStudyRunner local, HadoopDisk disk) implements StudyRunner {
  @FunctionalInterface
  private interface ShardOperation {
    void run(Path shard) throws IOException;
  }

  @Override
  public ModelSpec startingModel(Path checkpoint) {
    return local.startingModel(checkpoint);
  }

  @Override
  public Optional<StoredStudy> stored(Path lab, String study, Consumer<String> damaged) {
    return local.stored(lab, study, damaged);
  }

  @Override
  public TokenizerSpec tokenizer(Path lab, Study study, Consumer<String> damaged) {
    return local.tokenizer(lab, study, damaged);
  }

  @Override
  public PlannedStudy plan(
      Study study, PreparedData data, Path lab, DomainEvaluator evaluator, Resources resources) {
    PlannedStudy planned = local.plan(study, data, lab, evaluator, resources);
    return new PlannedStudy() {
      @Override
      public Plan plan() {
        return planned.plan();
      }

      @Override
      public void store(Provenance provenance) {
        Stream<TextFacts> texts =
            Stream.of(data.corpora(), data.domains())
                .flatMap(List::stream)
                .map(TokenizedText::facts);
        each(lab, new Disk(), texts, this::publish);
        planned.store(provenance);
        try {
          disk.awaitListed(lab.resolve("studies").resolve(study.name()));
        } catch (IOException e) {
          throw Disk.fault("study " + study.name() + " cannot be stored", lab, e);
        }
      }

      private void publish(Path shard) throws IOException {
        if (!disk.isPublished(shard)) {
          disk.publish(shard);
        }
      }

      @Override
      public List<RunResult> run(StudyListener listener) {
        return planned.run(listener);
      }
    };
  }

  @Override
  public void work(
      Path lab,
      PreparedText text,
      DomainEvaluator evaluator,
      Resources resources,
      StudyListener listener) {
    local.work(
        lab,
        (tokenizer, corpora, domains) -> {
          each(lab, disk, Stream.concat(corpora.stream(), domains.stream()), disk::fetch);
          return text.open(tokenizer, corpora, domains);
        },
        evaluator,
        resources,
        listener);
  }

  /**
   * Applies an operation to the token shards of texts. The name of a shard begins with the name of
   * its text.
   */
  private static void each(
      Path lab, Disk listed, Stream<TextFacts> texts, ShardOperation operation) {
    List<String> names = texts.map(t -> t.name() + "-").toList();
    for (String kind : List.of("corpora", "domains")) {
      Path folder = lab.resolve(DataPreparer.DIRECTORY).resolve(kind);
      try {
        for (String file : listed.list(folder)) {
          if (names.stream().anyMatch(file::startsWith)) {
            operation.run(folder.resolve(file));
          }
        }
      } catch (IOException e) {
        throw Disk.fault("prepared text cannot be copied", folder, e);
      }
    }
  }
}
