package consumer;

import dev.mixlaw.api.results.CorpusKind;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.results.Provenance;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.units.Tokens;
import dev.mixlaw.api.spi.Analyst;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.ServiceLoader;

/** Losses that were measured elsewhere, analysed and reported. */
public final class Main {
  private static final int DOCUMENTS = 30;
  private static final long PARAMS = 1_000_000;

  public static void main(String[] args) {
    if (!Main.class.getModule().isNamed() || !Analyst.class.getModule().isNamed()) {
      throw new AssertionError("not on the module path");
    }
    List<RunResult> runs = new ArrayList<>();
    for (long tokens = 1_000_000; tokens <= 64_000_000; tokens *= 2) {
      runs.add(run("web", Map.of("web", 1.0), tokens, 2 + 300 * Math.pow(tokens, -0.35)));
      runs.add(run("hq-33", Map.of("web", 0.67, "hq", 0.33), tokens, 1.9 + 280 * Math.pow(tokens, -0.35)));
    }
    Provenance provenance =
        new Provenance(
            "elsewhere",
            Map.of("web", Map.of("web", 1.0), "hq-33", Map.of("web", 0.67, "hq", 0.33)),
            List.of(facts("web", CorpusKind.NATURAL), facts("hq", CorpusKind.REPHRASED)),
            List.of(facts("wiki", CorpusKind.NATURAL)),
            "unknown",
            4096,
            "elsewhere",
            "elsewhere",
            "web",
        List.of(),
            Map.of(),
            List.of(),
            Optional.empty());

    Findings findings = ServiceLoader.load(Analyst.class).findFirst().orElseThrow().analyze(provenance, runs);
    Path report = Path.of(args[0]);
    findings.report(report);

    System.out.println(findings.speedup("hq-33").over("web").at(new Params(PARAMS), Tokens.tokens("32M")));
    if (!Files.isRegularFile(report) || !Files.isRegularFile(report.resolveSibling("results.json"))) {
      throw new AssertionError("no report");
    }
    if (findings.laws().stream().noneMatch(l -> l.form().equals("data") && l.mixture().equals("hq-33"))) {
      throw new AssertionError("no law of hq-33");
    }
  }

  private static RunResult run(String mixture, Map<String, Double> shares, long tokens, double loss) {
    List<Double> nats = new ArrayList<>();
    List<Double> lengths = new ArrayList<>();
    for (int i = 0; i < DOCUMENTS; i++) {
      double length = 100 + 7 * i;
      nats.add(loss * length * (1 + 0.01 * (i % 5 - 2)));
      lengths.add(length);
    }
    return new RunResult(
        new RunKey(mixture, "1M", new Tokens(tokens), 0),
        mixture + tokens,
        Optional.empty(),
        PARAMS,
        PARAMS,
        tokens,
        6.0 * PARAMS * tokens,
        6.0 * PARAMS * tokens,
        shares,
        shares,
        shares,
        1e-3,
        8,
        OptionalDouble.of(loss),
        List.of(
            new Measurement(
                "wiki", Metric.NATS_PER_TOKEN, Estimate.of(loss, loss, loss), nats, lengths, Map.of())),
        1);
  }

  private static TextFacts facts(String name, CorpusKind kind) {
    return new TextFacts(name, kind, Optional.empty(), DOCUMENTS, 1_000_000, 4_000_000, 0, name);
  }

  private Main() {}
}
