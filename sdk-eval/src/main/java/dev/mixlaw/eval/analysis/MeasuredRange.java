package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.util.List;
import java.util.Optional;
import java.util.function.LongFunction;
import java.util.stream.Stream;

/**
 * The measured range of N and D for one mixture, or for all mixtures of a law. A prediction outside
 * this range by a factor of more than 10 has a warning. Beyond a factor of 100, there is no
 * prediction.
 *
 * @param free whether predictions at any distance from the range are allowed
 */
record MeasuredRange(Params smallest, Params largest, Tokens fewest, Tokens most, boolean free) {
  private static final double WARN = 10;
  private static final double REFUSE = 100;

  static MeasuredRange of(List<StudyGrid.Cell> cells, boolean free) {
    List<Params> params = cells.stream().map(c -> c.model().params()).sorted().toList();
    List<Tokens> tokens = cells.stream().map(c -> new Tokens(c.tokens())).sorted().toList();
    return new MeasuredRange(
        params.get(0),
        params.get(params.size() - 1),
        tokens.get(0),
        tokens.get(tokens.size() - 1),
        free);
  }

  Optional<Refusal> refusal(String question, Params params, Tokens tokens) {
    List<String> far = beyond(params, tokens, REFUSE);
    return far.isEmpty() || free
        ? Optional.empty()
        : Optional.of(
            new Refusal(
                question,
                String.join("; ", far),
                "add runs nearer to this point, or call Findings.extrapolatingFreely()"));
  }

  List<String> warnings(Params params, Tokens tokens) {
    return beyond(params, tokens, WARN);
  }

  private List<String> beyond(Params params, Tokens tokens, double limit) {
    return Stream.of(
            outside("N", params.count(), smallest.count(), largest.count(), limit, Params::new),
            outside("D", tokens.count(), fewest.count(), most.count(), limit, Tokens::new))
        .flatMap(Optional::stream)
        .toList();
  }

  private static Optional<String> outside(
      String name, long x, long low, long high, double limit, LongFunction<Object> quantity) {
    return x > limit * high
        ? Optional.of(
            Texts.format(
                "%s=%s is %s times the largest measured value, %s",
                name, quantity.apply(x), Texts.number((double) x / high), quantity.apply(high)))
        : x * limit < low
            ? Optional.of(
                Texts.format(
                    "%s=%s is 1/%s of the smallest measured value, %s",
                    name, quantity.apply(x), Texts.number((double) low / x), quantity.apply(low)))
            : Optional.empty();
  }
}
