package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Schedule;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.internal.Hashing;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.train.run.KillPoints.Killed;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Tests that a study that is killed at any point can be resumed with bit-identical results. */
class ResumeTest {
  /**
   * @param stride distance between the points at which the study is killed
   */
  record Kind(Schedule schedule, int stride) {
    Study study() {
      Study small = TestLab.smallStudy();
      return Study.named("kill")
          .mixtures(small.mixtures().get(1))
          .models(small.models())
          .budgets("640", "1280")
          .ask(TestLab.questions("test", 1))
          .recipe(small.recipe().with(schedule));
    }
  }

  @TempDir Path temporary;

  private TestLab lab(String name, Study study) {
    TestLab lab = new TestLab(temporary.resolve(name));
    lab.study = study;
    // There is less text than a run needs, so that later epochs are resumed as well.
    lab.data.documents("nat", 20).documents("syn", 6);
    return lab;
  }

  static List<Kind> kinds() {
    return List.of(new Kind(Schedule.warmupStableDecay(), 1), new Kind(Schedule.cosine(), 7));
  }

  @ParameterizedTest
  @MethodSource("kinds")
  void aStudyKilledAtAnyPointEndsWithTheSameResultsAndFiles(Kind kind) {
    TestLab whole = lab("whole", kind.study());
    KillPoints counting = KillPoints.killing(0);
    counting.in(whole);
    List<RunResult> expected = TestLab.timeless(whole.run());
    Map<String, String> expectedFiles = files(whole.directory);

    for (long moment = 1; moment <= counting.moments().size(); moment += kind.stride()) {
      TestLab killed = lab("killed-" + moment, kind.study());
      KillPoints.killing(moment).in(killed);
      assertThatThrownBy(killed::run).isInstanceOf(Killed.class);
      List<RunKey> finished = finished(killed, false);

      TestLab again = lab("killed-" + moment, kind.study());
      again.lease = Duration.ofSeconds(1); // a claim of this live process may remain
      KillPoints.killing(0).in(again);
      List<RunResult> results = again.run();

      assertThat(TestLab.timeless(results)).as("killed at moment %d", moment).isEqualTo(expected);
      assertThat(finished(again, true)).as("not repeated").containsAll(finished);
      assertThat(files(again.directory)).as("killed at moment %d", moment).isEqualTo(expectedFiles);
      delete(again.directory);
    }
    assertThat(counting.moments().size()).as("moments tried").isGreaterThan(150);
  }

  @Test
  void aStudyThatIsKilledRepeatedlyEndsWithTheSameResults() {
    List<RunResult> expected = TestLab.timeless(lab("whole", TestLab.smallStudy()).run());

    List<RunResult> results = List.of();
    int kills = 0;
    while (results.isEmpty()) {
      TestLab lab = lab("killed", TestLab.smallStudy());
      KillPoints.killing(37 + kills).in(lab);
      try {
        results = lab.run();
      } catch (Killed e) {
        kills++;
      }
    }

    assertThat(kills).isGreaterThan(5);
    assertThat(TestLab.timeless(results)).isEqualTo(expected);
  }

  @Test
  void anotherStartOfAFinishedStudyTrainsNothing() {
    List<RunResult> first = lab("study", TestLab.smallStudy()).run();

    TestLab again = lab("study", TestLab.smallStudy());
    List<RunResult> second = again.run();

    assertThat(again.engine.steps).hasValue(0);
    assertThat(second).isEqualTo(first);
    assertThat(finished(again, true)).hasSize(first.size());
    assertThat(again.plan().runs()).allMatch(r -> r.done());
    assertThat(again.plan().estimatedTime()).isZero();
  }

  @Test
  void aKilledStudyTrainsOnlyWhatIsMissing() {
    TestLab killed = lab("study", TestLab.smallStudy());
    // A trunk with its branches has 8 + 2 + 8 + 4 + 16 + 8 steps, and a checkpoint every 5 steps.
    // The study is killed at the 26th step, which is in the third part of the trunk.
    killed.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public void step(dev.mixlaw.api.spi.SessionSpec spec, long step) {
            if (killed.engine.steps.get() == 25) {
              throw new Killed("step");
            }
          }
        };
    assertThatThrownBy(killed::run).isInstanceOf(Killed.class);

    TestLab again = lab("study", TestLab.smallStudy());
    again.run();

    long all = again.plan().trainedTokens() / 64;
    assertThat(all).isEqualTo(2 * 46);
    // At the kill, 3 steps had been trained since the checkpoint of the trunk at step 16, where the
    // second branch begins.
    assertThat(again.engine.steps.get()).isEqualTo(all - 25 + 3);
  }

  @Test
  void aTrunkAndItsModelsTakeNoMoreSpaceThanStated() {
    TestLab lab =
        lab(
            "study",
            TestLab.smallStudy().models(ModelSpec.of("other", 16, 1, 1, 16).withContext(16)));

    List<RunResult> results = lab.run();
    String digest = lab.plan().digest().substring(0, 16);

    Map<Boolean, List<String>> files =
        files(lab.directory).keySet().stream()
            .collect(Collectors.partitioningBy(f -> f.contains("/checkpoints/")));
    Map<String, List<String>> trunks =
        files.get(true).stream()
            .collect(Collectors.groupingBy(f -> f.substring(f.indexOf("checkpoints/"))));
    assertThat(files.get(false))
        .containsExactlyInAnyOrderElementsOf(
            Stream.concat(
                    Stream.of(
                        "studies/small/study.json",
                        "tokenizers/" + Hashing.sha256("{\"tokenizer\":1}") + ".json"),
                    results.stream()
                        .flatMap(
                            r ->
                                Stream.of(
                                        r.key().budget().count() == 2560
                                            ? "studies/small/ended/" + digest + "/ID"
                                            : "runs/ID/run.json",
                                        "runs/ID/run.json",
                                        "runs/ID/metrics.jsonl",
                                        "runs/ID/model/config.json",
                                        "runs/ID/model/model.safetensors",
                                        "runs/ID/model/tokenizer.json",
                                        "measurements/ID/382445363027498c1c883b8fe8f0e4c5.json",
                                        "measurements/ID/3d3ae481aa08bf6f0f73c24c2b2e6444.json")
                                    .distinct()
                                    .map(f -> f.replace("ID", r.identity()))))
                .toList());
    assertThat(trunks)
        .containsOnlyKeys(
            Stream.of(8, 16, 32)
                .flatMap(
                    step ->
                        Stream.of(
                                "branch-point",
                                "manifest.json",
                                "metrics.jsonl",
                                "trainer/config.json",
                                "trainer/model.safetensors",
                                "trainer/trainer.bin")
                            .map(f -> "checkpoints/step-" + step + "/" + f))
                .toArray(String[]::new))
        .allSatisfy((file, trunksWithIt) -> assertThat(trunksWithIt).hasSize(4));
  }

  static List<RunKey> finished(TestLab lab, boolean earlier) {
    return lab.events.stream()
        .filter(StudyEvent.Finished.class::isInstance)
        .map(StudyEvent.Finished.class::cast)
        .filter(f -> f.earlier() == earlier)
        .map(f -> f.result().key())
        .toList();
  }

  /** Returns the content of all files by path, without times. */
  static Map<String, String> files(Path directory) {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isRegularFile)
          .collect(
              Collectors.toMap(
                  f -> directory.relativize(f).toString(),
                  ResumeTest::content,
                  (a, b) -> a,
                  TreeMap::new));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String content(Path file) {
    try {
      String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
      return text.replaceAll("\"(seconds|checksum)\" : [^,\n]+", "");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void delete(Path directory) {
    try {
      new dev.mixlaw.train.storage.Disk().delete(directory);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
