package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawFitter;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.Observations;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** A law over shares, and over model size and budget if its form uses them. */
final class LawMixtureModel implements MixtureModel {
  private final Function<List<String>, LawForm> forms;

  /**
   * Creates a model.
   *
   * @param forms returns the form for a list of sources
   */
  public LawMixtureModel(Function<List<String>, LawForm> forms) {
    this.forms = forms;
  }

  @Override
  public String id() {
    return example().id();
  }

  @Override
  public String formula() {
    return example().formula();
  }

  private LawForm example() {
    return forms.apply(List.of("a", "b"));
  }

  @Override
  public Answer<MixtureFit> fit(MixtureRuns runs, String domain, Resamples resamples) {
    LawForm form = forms.apply(runs.sources());
    List<String> inputs = form.inputs().stream().map(Input::name).toList();
    requireSources(form, inputs, runs.sources());
    String question = RunChecks.question(id(), domain);
    boolean overAll = runs.sources().stream().allMatch(s -> inputs.contains(Input.share(s).name()));
    Optional<Refusal> refusal =
        RunChecks.refusal(
            question,
            runs,
            domain,
            overAll ? runs.sources().size() + 2 : 2,
            inputs.stream().collect(Collectors.toUnmodifiableSet()));
    if (refusal.isPresent()) {
      return Answer.refused(refusal.get());
    }
    Function<Run, double[]> point = point(inputs, runs.sources());
    Observations.Builder observations = Observations.of(inputs.toArray(String[]::new));
    double[] losses = runs.losses(domain);
    for (int i = 0; i < runs.size(); i++) {
      MixtureRuns.Run run = runs.rows().get(i);
      observations.add(
          new Observations.Observation(
              run.label(),
              point.apply(new Run(run.shares(), run.scale())),
              losses[i],
              run.weight(),
              run.cluster()));
    }
    Answer<LawFit> fitted =
        LawFitter.of(form)
            .named(question)
            .bootstrap(resamples.number())
            .seed(resamples.seed())
            // Domains that are fitted in the executor must not wait for it.
            .executor(resamples.number() == 0 ? Runnable::run : resamples.executor())
            .fit(observations.build());
    if (!fitted.isKnown()) {
      return Answer.refused(fitted.toRefusal().orElseThrow());
    }
    LawFit fit = fitted.orElseThrow();
    List<ToDoubleBiFunction<double[], TrainingScale>> draws = new ArrayList<>();
    for (int r = 0; r < resamples.number(); r++) {
      draws.add(surface(form, fit.draw(r), point));
    }
    return Answer.known(
        new MixtureFit(
            id(),
            domain,
            runs,
            surface(form, fit.values(), point),
            draws,
            fit.parameters(),
            Stream.concat(runs.warnings().stream(), fit.warnings().stream()).toList()),
        List.of());
  }

  private static void requireSources(LawForm form, List<String> inputs, List<String> sources) {
    Set<String> known =
        Stream.concat(Stream.of(Input.N, Input.D), sources.stream().map(s -> Input.share(s).name()))
            .collect(Collectors.toSet());
    inputs.stream()
        .filter(i -> !known.contains(i))
        .findFirst()
        .ifPresent(
            i -> {
              throw new IllegalArgumentException(
                  "model " + form.id() + " needs " + i + "; the runs have sources " + sources);
            });
  }

  /** Shares at a model size and budget. */
  @SuppressWarnings("ArrayRecordComponent") // a small value in a hot loop; never compared
  private record Run(double[] shares, TrainingScale scale) {}

  /** Returns a function from shares and scale to the inputs of the form. */
  private static Function<Run, double[]> point(List<String> inputs, List<String> sources) {
    int[] from =
        inputs.stream()
            .mapToInt(
                input ->
                    switch (input) {
                      case Input.N -> -1;
                      case Input.D -> -2;
                      default ->
                          IntStream.range(0, sources.size())
                              .filter(j -> Input.share(sources.get(j)).name().equals(input))
                              .findFirst()
                              .orElseThrow();
                    })
            .toArray();
    return run -> {
      double[] values = new double[from.length];
      for (int k = 0; k < from.length; k++) {
        values[k] =
            switch (from[k]) {
              case -1 -> run.scale.params().orElseThrow().count();
              case -2 -> run.scale.tokens().orElseThrow().count();
              default -> run.shares[from[k]];
            };
      }
      return values;
    };
  }

  private static ToDoubleBiFunction<double[], TrainingScale> surface(
      LawForm form, double[] parameters, Function<Run, double[]> point) {
    return (shares, scale) -> {
      double loss = form.loss(parameters, point.apply(new Run(shares, scale)));
      return Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
    };
  }
}
