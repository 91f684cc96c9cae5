package dev.mixlaw.eval.mixture;

import dev.mixlaw.api.results.Answer;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFitter;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.Observations;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.stream.IntStream;
import java.util.stream.Stream;

final class LawMixtureModel extends AbstractMixtureModel {
  private final Function<List<String>, LawForm> forms;

  LawMixtureModel(Function<List<String>, LawForm> forms) {
    this(forms, forms.apply(List.of("a", "b")));
  }

  private LawMixtureModel(Function<List<String>, LawForm> forms, LawForm example) {
    super(example.id(), example.formula());
    this.forms = forms;
  }

  private List<String> inputs(MixtureRuns runs) {
    return forms.apply(runs.sources()).inputs().stream().map(Input::name).toList();
  }

  private static List<String> shares(MixtureRuns runs) {
    return runs.sources().stream().map(s -> Input.share(s).name()).toList();
  }

  @Override
  int fewestMixtures(MixtureRuns runs) {
    return inputs(runs).containsAll(shares(runs)) ? runs.sources().size() + 2 : 2;
  }

  @Override
  Set<String> scaleInputs(MixtureRuns runs) {
    Set<String> others = new LinkedHashSet<>(inputs(runs));
    others.removeAll(shares(runs));
    if (!Set.of(Input.N, Input.D).containsAll(others)) {
      throw new IllegalArgumentException(
          "model %s needs inputs %s; the runs have sources %s"
              .formatted(id(), others, runs.sources()));
    }
    return others;
  }

  @Override
  Answer<MixtureFit> fit(String question, MixtureRuns runs, String domain, Resamples resamples) {
    LawForm form = forms.apply(runs.sources());
    List<String> inputs = inputs(runs);
    BiFunction<double[], TrainingScale, double[]> point = point(inputs, shares(runs));
    List<Observations.Observation> observations = new ArrayList<>();
    double[] losses = runs.losses(domain);
    for (int i = 0; i < runs.size(); i++) {
      MixtureRuns.Run run = runs.rows().get(i);
      observations.add(
          new Observations.Observation(
              run.label(),
              point.apply(run.shares(), run.scale()),
              losses[i],
              run.weight(),
              run.cluster()));
    }
    return LawFitter.of(form)
        .named(question)
        .bootstrap(resamples.number())
        .seed(resamples.seed())
        // A task must not wait for other tasks of the same executor.
        .executor(resamples.number() == 0 ? Runnable::run : resamples.executor())
        .progress(resamples.progress())
        .fit(Observations.of(inputs, observations))
        .map(
            fit ->
                new MixtureFit(
                    id(),
                    domain,
                    runs,
                    surface(form, fit.values(), point),
                    IntStream.range(0, fit.draws())
                        .mapToObj(r -> surface(form, fit.draw(r), point))
                        .toList(),
                    fit.parameters(),
                    Stream.concat(runs.warnings().stream(), fit.warnings().stream()).toList()));
  }

  private static BiFunction<double[], TrainingScale, double[]> point(
      List<String> inputs, List<String> shares) {
    int[] from = inputs.stream().mapToInt(shares::indexOf).toArray();
    return (r, scale) -> {
      double[] values = new double[from.length];
      for (int k = 0; k < from.length; k++) {
        values[k] =
            from[k] >= 0
                ? r[from[k]]
                : inputs.get(k).equals(Input.N)
                    ? scale.params().orElseThrow().count()
                    : scale.tokens().orElseThrow().count();
      }
      return values;
    };
  }

  private static ToDoubleBiFunction<double[], TrainingScale> surface(
      LawForm form, double[] parameters, BiFunction<double[], TrainingScale, double[]> point) {
    return (shares, scale) -> {
      double loss = form.loss(parameters, point.apply(shares, scale));
      return Double.isNaN(loss) ? Double.POSITIVE_INFINITY : loss;
    };
  }
}
