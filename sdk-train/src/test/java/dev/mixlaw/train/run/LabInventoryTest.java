package dev.mixlaw.train.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LabInventoryTest {
  @TempDir Path directory;
  private TestLab lab;
  private List<RunResult> results = List.of();

  @BeforeEach
  void run() {
    lab = new TestLab(directory);
    lab.study = lab.study.ask(TestLab.questions("sky", 1));
    results = lab.run();
  }

  @Test
  void listsStudiesAndShowsRuns() {
    LabInventory inventory = LabInventory.open(directory);
    String run = results.get(0).identity();
    assertThat(inventory.studies()).containsExactly("small");
    assertThat(inventory.states("small")).isEqualTo(Map.of("measured", 6));
    assertThat(inventory.claimedJobs()).isEmpty();
    assertThat(inventory.runs("small"))
        .hasSize(6)
        .contains(run.substring(0, 12) + "  measured  " + results.get(0).key());
    assertThat(inventory.show(run.substring(0, 9)))
        .contains(": completed", "measured: measurements/" + run);
    assertThatThrownBy(() -> inventory.show(""))
        .hasMessageContaining("have identities with this beginning");
    assertThatThrownBy(() -> inventory.runs("large"))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("one of [small]");
    assertThatThrownBy(() -> LabInventory.open(directory.resolve("none")))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("no studies and no runs");
  }

  @Test
  void retryMarksDivergedRuns() {
    lab.engine.hook =
        new BigramEngine.Hook() {
          @Override
          public double loss(dev.mixlaw.api.spi.SessionSpec spec, long step, double loss) {
            return Double.NaN;
          }
        };
    lab.study = lab.study.seeds(2);
    assertThat(lab.run()).filteredOn(RunResult::diverged).hasSize(6);
    lab.engine.hook = new BigramEngine.Hook() {};
    assertThat(lab.plan().newRuns()).isZero();

    LabInventory inventory = LabInventory.open(directory);
    assertThat(inventory.states("small")).isEqualTo(Map.of("measured", 6, "diverged", 6));
    assertThat(inventory.retry("small")).isEqualTo(6);
    assertThat(inventory.states("small")).isEqualTo(Map.of("measured", 6, "missing", 6));
    assertThat(lab.run()).allMatch(RunResult::completed);
  }

  @Test
  void pruneDeletesWhatNoStudyRefersTo() throws IOException {
    long before = files().size();
    lab.study = lab.study.seeds(2);
    lab.run();
    lab.study = lab.study.seeds(1);
    lab.run();
    long all = files().size();

    LabInventory inventory = LabInventory.open(directory);
    List<String> unused = inventory.prune(true);
    assertThat(unused).hasSize(6 + 6 + 2); // runs, their measurements, and trunks
    assertThat(files()).hasSize((int) all);
    assertThat(inventory.prune(false)).isEqualTo(unused);
    assertThat(inventory.prune(true)).isEmpty();
    assertThat(inventory.verify()).isEmpty();
    assertThat(files()).hasSize((int) before);
    assertThat(lab.run()).isEqualTo(results);
  }

  @Test
  void pruneDeletesTheTemporaryFilesOfKilledProcesses() throws IOException {
    String run = "runs/" + results.get(0).identity();
    List<String> left = List.of(run + "/model/config.json", ".text/corpora/web-1.tokens");
    for (int i = 0; i < left.size(); i++) {
      Path file = directory.resolve(left.get(i) + "." + new UUID(1, i) + ".tmp");
      Files.createDirectories(file.getParent());
      Files.writeString(file, "half");
    }
    Files.writeString(directory.resolve("mine.tmp"), "of the user");
    LabInventory inventory = LabInventory.open(directory);

    DurableFile.write(
        directory.resolve("inUse"),
        channel -> assertThat(inventory.prune(false)).hasSize(2).allMatch(f -> f.endsWith(".tmp")));

    assertThat(files())
        .filteredOn(f -> f.toString().endsWith(".tmp"))
        .containsExactly(directory.resolve("mine.tmp"));
    assertThat(directory.resolve("inUse")).exists();
    assertThat(inventory.verify()).isEmpty();
  }

  @Test
  void exportsAllMeasurements() {
    LabInventory inventory = LabInventory.open(directory);
    List<String> lines = inventory.export("small").lines().toList();
    RunResult first = results.get(0);
    assertThat(lines).hasSize(1 + 6 * 3);
    assertThat(lines.get(1))
        .isEqualTo(
            "small,nat,tiny,0,"
                + first.nonEmbeddingParameters()
                + ",640,prose,"
                + first.measurements().get(0).value().value()
                + ","
                + first.measurements().get(1).value().value()
                + ",,,"
                + first.identity());
    assertThat(lines.get(3)).contains(",sky,,,0.");
  }

  @Test
  void saysWhatDiffersBetweenStudies() {
    TestLab other = new TestLab(directory);
    other.study =
        dev.mixlaw.api.Study.named("other")
            .mixtures(lab.study.mixtures())
            .models(lab.study.models())
            .budgets("640", "1280")
            .recipe(lab.study.recipe());
    other.data.domains = List.of("prose");
    other.run();

    LabInventory inventory = LabInventory.open(directory);
    assertThat(inventory.diff("small", "small")).isEmpty();
    assertThat(inventory.diff("small", "other"))
        .anyMatch(l -> l.startsWith("domain code: ") && l.endsWith(" | -"))
        .anyMatch(l -> l.startsWith("test sky: "))
        .anyMatch(l -> l.startsWith("run nat · tiny · 2.56k tokens · seed 0: ") && l.endsWith("-"))
        .noneMatch(l -> l.startsWith("domain prose"));
  }

  @Test
  void namesOfStudiesDifferInMoreThanCase() {
    lab.study =
        dev.mixlaw.api.Study.named("Small")
            .mixtures(lab.study.mixtures())
            .models(lab.study.models())
            .budgets("640")
            .recipe(lab.study.recipe());

    assertThatThrownBy(lab::run)
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("study Small: the lab has a study small; expected a name");
    assertThat(LabInventory.open(directory).studies()).containsExactly("small");
  }

  /**
   * Damages files of every kind (flips a bit, truncates or empties the file, replaces its content
   * by that of another file, or deletes it). Checks that each damage is detected and no result
   * changes.
   */
  @Test
  void everyDamageIsDetected() throws IOException {
    damageFiles(files(), 60);
  }

  /** Damages the files of each kind 200 times. */
  @Test
  @Tag("long")
  void manyDamagesOfEachKindOfFileAreDetected() throws IOException {
    Map<String, List<Path>> kinds =
        files().stream()
            .collect(
                Collectors.groupingBy(
                    f ->
                        directory
                            .relativize(f)
                            .toString()
                            .replaceAll("[0-9a-f]{32,}", "ID")
                            .replaceAll("step-\\d+", "step")));
    assertThat(kinds).hasSizeGreaterThan(10);
    for (List<Path> kind : kinds.values()) {
      damageFiles(kind, 200);
    }
  }

  private void damageFiles(List<Path> files, int trials) throws IOException {
    List<RunResult> expected = TestLab.timeless(results);
    Random random = new Random(7);
    for (int trial = 0; trial < trials; trial++) {
      Path file = files.get(trial % files.size());
      byte[] content = Files.readAllBytes(file);
      damage(file, content, trial / files.size() + random.nextInt(5), random);
      LabInventory inventory = LabInventory.open(directory);
      if (isChecked(file)) {
        assertThat(inventory.verify()).as("%s", file).isNotEmpty();
      }

      List<RunResult> again = lab.run();

      assertThat(TestLab.timeless(again)).as("%s", file).isEqualTo(expected);
      if (!file.toString().contains("/checkpoints/") && isChecked(file)) {
        restoreModel(file, content, inventory);
        assertThat(inventory.verify()).as("%s", file).isEmpty();
      } else {
        restore(file, content);
      }
    }
  }

  /**
   * Restores a damaged model. The study has written all other files again, but trains a model again
   * only if a run needs it, and here no run does.
   */
  private static void restoreModel(Path file, byte[] content, LabInventory inventory)
      throws IOException {
    if (file.toString().contains("/model/")) {
      restore(file, content);
    }
  }

  private static void restore(Path file, byte[] content) throws IOException {
    Files.createDirectories(file.getParent());
    Files.write(file, content);
  }

  /**
   * Returns whether a damage of the file must be detected. This is not so for metrics, which only
   * people read, and for the files of ended jobs, whose content nobody reads. Files in checkpoints
   * must always be detected.
   */
  private static boolean isChecked(Path file) {
    String path = file.toString();
    return !path.contains("/ended/")
        && (!file.endsWith("metrics.jsonl") || path.contains("/checkpoints/"));
  }

  /** Returns a file with other content, if possible one with the same name. */
  private Path another(Path file, byte[] content) throws IOException {
    List<Path> others = new ArrayList<>();
    for (Path other : files()) {
      if (!Arrays.equals(Files.readAllBytes(other), content)) {
        others.add(other);
      }
    }
    return others.stream()
        .filter(other -> other.getFileName().equals(file.getFileName()))
        .findFirst()
        .orElse(others.get(0));
  }

  private void damage(Path file, byte[] content, int kind, Random random) throws IOException {
    byte[] changed = content.clone();
    switch (content.length == 0 ? 3 : kind % 5) {
      case 0 -> {
        changed[random.nextInt(changed.length)] ^= (byte) (1 << random.nextInt(8));
        Files.write(file, changed);
      }
      case 1 -> Files.write(file, Arrays.copyOf(changed, random.nextInt(changed.length)));
      case 2 -> Files.write(file, new byte[0]);
      case 3 -> new Disk().delete(file);
      default -> Files.copy(another(file, content), file, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return new ArrayList<>(walk.filter(Files::isRegularFile).sorted().toList());
    }
  }
}
