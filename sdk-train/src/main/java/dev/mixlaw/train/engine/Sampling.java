package dev.mixlaw.train.engine;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import java.util.ArrayList;
import java.util.List;

/**
 * How tokens are drawn.
 *
 * @param maxTokens most new tokens of a text
 * @param temperature divides the logits: 1 draws as learned, 0 takes the likeliest
 * @param topP draws from the likeliest tokens that together have this probability (Holtzman et al.
 *     2020); 1 is all of them
 * @param seed the same seed, prompts and threads give the same tokens
 */
public record Sampling(int maxTokens, double temperature, double topP, long seed) {
  public Sampling {
    List<Problem> problems = new ArrayList<>();
    if (maxTokens < 1) {
      problems.add(problem("new tokens", maxTokens, "at least 1", "maxTokens"));
    }
    if (!(temperature >= 0 && temperature < Double.POSITIVE_INFINITY)) {
      problems.add(problem("temperature", temperature, "0 or more", "temperature"));
    }
    if (!(topP > 0 && topP <= 1)) {
      problems.add(problem("probability of the tokens drawn from", topP, "in (0, 1]", "topP"));
    }
    if (!problems.isEmpty()) {
      throw new MixlawException(MixlawException.Kind.DESCRIPTION, problems, null);
    }
  }

  private static Problem problem(String what, Number actual, String allowed, String setting) {
    return new Problem("sampling: " + what, actual.toString(), allowed, "Sampling." + setting);
  }
}
