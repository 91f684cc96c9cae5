package dev.mixlaw.train.engine.llama;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.train.engine.llama.cuda.BadAddress;
import dev.mixlaw.train.engine.llama.cuda.CudaPlatform;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A program that checks whether the engine works correctly on this host's GPU. It needs no build
 * tools. It prints each section, its progress and its result. The exit code is 0 if all sections
 * pass, 1 if one fails, and 2 if there is no usable GPU or an option is wrong.
 */
final class CardCheck {
  /**
   * A GPU under test.
   *
   * @param platform returns the platform for a precision: fp32, tf32 or bf16
   * @param breaking makes the device unusable
   */
  record Card(Function<String, Platform> platform, Consumer<Device> breaking) {}

  /** One section of the check, which runs its own tests and returns a summary. */
  interface Chapter {
    /**
     * Runs the section.
     *
     * @return a description of what was verified
     * @throws AssertionError if a test fails; other exceptions are failures as well
     */
    String check(Consumer<String> progress);
  }

  private record Finding(String name, boolean passed, double seconds, String said) {}

  private final PrintStream out;

  CardCheck(PrintStream out) {
    this.out = out;
  }

  /** Runs all sections, also after a failure, and returns whether all of them passed. */
  boolean run(Card card, boolean quick, @Nullable Path json) throws IOException {
    String name = card.platform().apply("bf16").describe();
    out.println("checks " + name + (quick ? ", in a small size" : ""));
    List<Finding> findings = new ArrayList<>();
    new CardChapters(card, quick)
        .all()
        .forEach((title, chapter) -> findings.add(find(title, chapter)));
    boolean passed = findings.stream().allMatch(Finding::passed);
    if (json != null) {
      write(json, name, quick, passed, findings);
    }
    List<String> broken = findings.stream().filter(f -> !f.passed()).map(Finding::name).toList();
    out.println(passed ? "verdict: all holds" : "verdict: does not hold: " + broken);
    return passed;
  }

  private Finding find(String title, Chapter chapter) {
    out.println(title + " ...");
    long begin = System.nanoTime();
    String said;
    boolean passed = false;
    try {
      said = chapter.check(progress -> out.println("  " + progress));
      passed = true;
    } catch (RuntimeException | AssertionError | LinkageError | OutOfMemoryError e) {
      said = String.valueOf(e);
    }
    double seconds = (System.nanoTime() - begin) / 1e9;
    out.printf(
        Locale.ROOT, "%s: %s, %s (%.1f s)%n", title, passed ? "holds" : "FAILS", said, seconds);
    return new Finding(title, passed, seconds, said);
  }

  private static void write(
      Path json, String card, boolean quick, boolean passed, List<Finding> findings)
      throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode all = mapper.createObjectNode();
    all.put("card", card).put("quick", quick).put("passed", passed);
    ArrayNode chapters = all.putArray("chapters");
    for (Finding f : findings) {
      chapters
          .addObject()
          .put("name", f.name())
          .put("passed", f.passed())
          .put("seconds", f.seconds())
          .put("said", f.said());
    }
    Files.write(json, mapper.writerWithDefaultPrettyPrinter().writeValueAsBytes(all));
  }

  /** Runs the check with the options {@code --quick} and {@code --json FILE}. */
  public static void main(String[] args) throws IOException {
    boolean quick = false;
    Path json = null;
    for (int i = 0; i < args.length; i++) {
      if (args[i].equals("--quick")) {
        quick = true;
      } else if (args[i].equals("--json") && i + 1 < args.length) {
        json = Path.of(args[++i]);
      } else {
        System.err.println("check takes --quick and --json FILE, not " + args[i]);
        System.exit(2);
      }
    }
    var problem = new CudaPlatform().unavailable();
    if (problem.isPresent()) {
      System.err.println(problem.get());
      System.exit(2);
    }
    Card card = new Card(CudaPlatform::new, BadAddress::use);
    System.exit(new CardCheck(System.out).run(card, quick, json) ? 0 : 1);
  }
}
