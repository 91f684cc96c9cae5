package dev.mixlaw.samples;

import static java.util.stream.Collectors.joining;

import dev.mixlaw.api.Lab;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Plan;
import dev.mixlaw.api.Study;
import dev.mixlaw.samples.corpora.ReferenceCorpora;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Checks the seven findings of Kang et al. (2025) with small models. Opens the losses that are
 * shipped with Mixlaw, or trains the models again.
 */
@Command(
    name = "ReferenceStudy",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Checks the findings of a study of synthetic pre-training data.")
final class ReferenceStudy implements Callable<Integer> {
  @Mixin private final LabOptions options = new LabOptions();

  @Option(names = "--corpora", paramLabel = "DIR", description = "the corpora, for --train")
  private @Nullable Path corpora;

  @Option(names = "--plan", description = "print the plans and train nothing")
  private boolean plan;

  @Option(names = "--train", description = "train the runs that are missing in the lab")
  private boolean train;

  @Override
  public Integer call() {
    OptionProblems problems = new OptionProblems();
    options.check(problems);
    problems.require(corpora != null, "--corpora", "not given", "a directory");
    problems.throwIfAny();
    ReferenceCorpora texts = ReferenceCorpora.read(corpora, options.directory.resolve("corpora"));
    ReferenceDesign design = new ReferenceDesign(texts);
    try (Lab lab = options.builder().open();
        ProgressLine progress = new ProgressLine()) {
      if (plan) {
        print(lab, design, progress);
      }
      if (train) {
        for (List<Study> stage : design.stages()) {
          stage.forEach(study -> lab.submit(study, progress));
          lab.work(progress);
        }
      }
    }
    return 0;
  }

  /** Prints the plans of all studies, and which differences the small models detect. */
  private static void print(Lab lab, ReferenceDesign design, ProgressLine progress) {
    for (Study study : design.all()) {
      Plan whole = lab.plan(study, progress);
      System.out.println(whole);
      System.out.printf("digest of the plan: %s%n%n", whole.digest());
    }
    for (Study grid : design.grids()) {
      String models = grid.models().stream().map(ModelSpec::name).collect(joining(" and "));
      System.out.printf("%s, models %s, %s seeds:%n", grid.name(), models, grid.seeds());
      lab.plan(grid, progress).notes().stream()
          .filter(note -> note.contains("detects"))
          .forEach(System.out::println);
    }
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new ReferenceStudy(), args));
  }
}
