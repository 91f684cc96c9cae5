package dev.mixlaw.samples;

import static dev.mixlaw.api.units.Params.params;
import static dev.mixlaw.api.units.Tokens.tokens;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.results.Findings;
import java.nio.file.Path;

/** The example in the README. */
final class ReadmeExample {
  private ReadmeExample() {}

  static void run(StudyListener listener) {
    // README: begin
    var web = Corpus.jsonl(Path.of("web.jsonl.gz")).named("web").natural();
    var hq = Corpus.jsonl(Path.of("hq.jsonl.gz")).named("hq").rephrased("llama-3-8b");
    var study =
        Study.named("how-much-rephrased")
            .mixtures(Mixture.grid(web, hq, 0, 0.1, 0.33, 0.67, 1)) // shares of training tokens
            .models(ModelSpec.ladder("1M", "2M", "5M", "10M")) // non-embedding parameters
            .budgets("20M", "50M", "100M", "200M") // tokens
            .seeds(3)
            .evaluateOn(Domains.directory(Path.of("pile-valid")));
    try (var lab = Lab.open(Path.of("lab"))) {
      System.out.println(
          lab.plan(study)); // tokens, repeats, FLOPs, memory, time: before anything runs
      Findings f = lab.run(study, listener); // progress events
      System.out.println(f.bestShare("hq").at(params("30M"), tokens("1B")));
      System.out.println(f.speedup("hq-33").over("web").at(params("30M"), tokens("1B")));
      f.report(Path.of("report.html"));
    }
    // README: end
  }

  public static void main(String[] args) {
    run(StudyListener.none());
  }
}
