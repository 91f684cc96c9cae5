package dev.mixlaw.eval.report;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.ChoiceFinding;
import dev.mixlaw.api.results.Findings;
import dev.mixlaw.api.results.RunResult;

/** Tests of multiple choice in {@code results.json}: nothing where there are none. */
final class ChoicesJson {
  private ChoicesJson() {}

  static void add(ObjectNode root, Findings findings) {
    if (findings.choices().isEmpty()) {
      return;
    }
    ArrayNode runs = root.putArray("accuracies");
    for (RunResult run : findings.runs()) {
      run.choices().forEach(c -> run(runs.addObject(), run, c));
    }
    ResultsJson.each(root, "accuracy_by_mixture", findings.choices(), ChoicesJson::finding);
  }

  private static void run(ObjectNode node, RunResult run, ChoiceAccuracy c) {
    ResultsJson.key(node, run.key());
    node.put("test", c.test());
    node.put("questions", c.answers().size());
    node.put("chance", c.chance());
    ResultsJson.estimate(node.putObject("acc"), c.plain());
    ResultsJson.estimate(node.putObject("acc_norm"), c.byBytes());
    ResultsJson.estimate(node.putObject("acc_tokens"), c.byTokens());
    node.put("cut", c.cut());
  }

  private static void finding(ObjectNode node, ChoiceFinding f) {
    node.put("test", f.test());
    node.put("mixture", f.mixture());
    node.put("model", f.model());
    node.put("budget", f.budget().count());
    node.put("seeds", f.seeds());
    node.put("questions", f.questions());
    node.put("chance", f.chance());
    ResultsJson.estimate(node.putObject("acc"), f.plain());
    ResultsJson.estimate(node.putObject("acc_norm"), f.byBytes());
    ResultsJson.estimate(node.putObject("acc_tokens"), f.byTokens());
    f.seedSpread().ifPresent(spread -> node.put("acc_norm_seed_spread", spread));
    f.difference().ifPresent(d -> ResultsJson.estimate(node.putObject("acc_norm_difference"), d));
  }
}
