package dev.mixlaw.samples;

import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.ComputeOptimum;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.units.LossUnit;
import dev.mixlaw.eval.law.Influence;
import dev.mixlaw.eval.law.Input;
import dev.mixlaw.eval.law.LawFit;
import dev.mixlaw.eval.law.LawFitter;
import dev.mixlaw.eval.law.LawForm;
import dev.mixlaw.eval.law.LawForms;
import dev.mixlaw.eval.law.Objective;
import dev.mixlaw.eval.law.Observations;
import dev.mixlaw.eval.law.Parameter;
import dev.mixlaw.eval.report.LawPlot;
import dev.mixlaw.eval.table.LossTable;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * Fits a scaling law to a table of losses. Reports parameters with confidence intervals, the
 * held-out error and the influence of individual rows. Trains nothing.
 */
@Command(
    name = "FitLaw",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Fits a scaling law to a table of losses.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:a law was fitted",
      "1:the table cannot be used",
      "2:an option is invalid",
      "3:the data cannot identify the law"
    })
final class FitLaw implements Callable<Integer> {
  private static final int REFUSED = 3;

  private static final int MOST_FOR_INFLUENCE = 2000;

  private static final int MOST_WARNINGS = 8;

  private static final Map<String, Objective> OBJECTIVES =
      Map.of("huber-log", Objective.HUBER_LOG, "least-squares", Objective.LEAST_SQUARES);

  @Mixin private TableOptions losses = new TableOptions();

  @Option(
      names = "--form",
      required = true,
      completionCandidates = Forms.class,
      description = "the law: ${COMPLETION-CANDIDATES}")
  private String id = "";

  @Option(
      names = "--loss",
      split = ",",
      description =
          "columns with losses, each of which is fitted by itself; with several columns, the name of the column is added to the names of output files (default: loss)")
  private List<String> lossColumns = new ArrayList<>();

  /** The column that is being fitted. */
  private String loss = "loss";

  @Mixin private LawColumns columns = new LawColumns();

  @Option(
      names = "--objective",
      description = "huber-log or least-squares (default: ${DEFAULT-VALUE})")
  private String objective = "huber-log";

  @Option(
      names = "--delta",
      description =
          "for huber-log: residual of ln loss above which a row counts as an outlier (default: ${DEFAULT-VALUE})")
  private double delta = Objective.DELTA;

  @Option(
      names = "--drop-highest",
      description =
          "number of rows with the highest losses to leave out (default: ${DEFAULT-VALUE})")
  private int dropHighest;

  @Option(
      names = "--lowest",
      description =
          "keep only the row with the lowest loss at each point of the inputs, such as the best learning rate for each N and D")
  private boolean lowest;

  @Option(
      names = "--hold-out",
      description =
          "condition for rows that are held out of the fit to measure its error; if repeated, all conditions must be met")
  private List<String> holdOut = new ArrayList<>();

  @Option(
      names = "--bootstrap",
      description =
          "bootstrap resamples for the intervals, at least 100 (default: 1000, fewer if a fit takes long)")
  private @Nullable Integer bootstrap;

  @Option(
      names = "--flops",
      split = ",",
      description = "compute budgets for which to print the best N and D, such as 1e21")
  private List<Double> flops = new ArrayList<>();

  @Option(
      names = "--threads",
      description = "threads for the fit; results do not depend on it (default: all processors)")
  private int threads = Runtime.getRuntime().availableProcessors();

  @Option(
      names = "--fixed",
      split = ",",
      description =
          "parameters to fix, such as E=1.8,alpha=0.35; a, b and e are the natural logarithms of A, B and E where the law has no parameter of that name")
  private Map<String, Double> fixed = new LinkedHashMap<>();

  @Option(
      names = "--bounds",
      split = ",",
      description = "bounds of parameters, such as E=1.5:2,alpha=0.2:0.5")
  private Map<String, String> bounds = new LinkedHashMap<>();

  @Option(
      names = "--seed",
      description = "seed for the search and the resamples (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(names = "--json", description = "file for the fit as JSON")
  private @Nullable Path json;

  @Option(names = "--plot", description = "file for a plot of the law as SVG")
  private @Nullable Path plot;

  private static final class Forms implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return LawForms.ids().iterator();
    }
  }

  private record Timed(Answer<LawFit> answer, double seconds) {}

  @Override
  public Integer call() {
    check();
    int code = 0;
    for (String column : lossColumns.isEmpty() ? List.of(loss) : lossColumns) {
      loss = column;
      code = Math.max(code, fitColumn());
    }
    return code;
  }

  private @Nullable Path named(@Nullable Path file) {
    return lossColumns.size() < 2 ? file : JsonFile.named(file, loss);
  }

  private int fitColumn() {
    if (lossColumns.size() > 1) {
      System.out.println(loss + ":");
    }
    LawForm form = columns.form(id);
    LossTable.Content content = table(form).read();
    Observations read = content.observations();
    Observations all = (lowest ? read.lowestOfEachPoint() : read).dropHighest(dropHighest);
    requireRows(content, all);
    List<String> warnings = new ArrayList<>(content.warnings());
    warnings.addAll(severalLevels(form, all));
    if (lowest) {
      warnings.add("the lowest losses at " + all.size() + " points of " + read.size() + " rows");
    }
    LawFitter fitter = fitter(form);
    Timed fit = fit(holdOut.isEmpty() ? fitter : fitter.heldOut(content.isHeldOut()), all);
    if (!fit.answer().isKnown()) {
      Refusal refusal = fit.answer().toRefusal().orElseThrow();
      System.err.println(refusal);
      JsonFile.write(
          named(json), JsonFile.refused(form.id(), null, form.formula(), null, refusal, warnings));
      return REFUSED;
    }
    tell(fit, all.where(content.isHeldOut()), warnings);
    return 0;
  }

  private void requireRows(LossTable.Content content, Observations all) {
    OptionProblems problems = new OptionProblems();
    int rows = content.observations().size();
    problems.require(
        all.size() > 0,
        "--drop-highest",
        dropHighest,
        "less than the number of rows, which is " + rows);
    problems.require(
        all.size() == 0 || all.rows().stream().anyMatch(content.isHeldOut().negate()),
        "--hold-out",
        holdOut + " matches every row",
        "conditions that leave some rows to fit");
    problems.throwIfAny();
  }

  private void check() {
    OptionProblems problems = new OptionProblems();
    losses.check(problems);
    holdOut.forEach(
        c -> problems.attempt("--hold-out", () -> LossTable.csv(Path.of("")).heldOut(c)));
    problems.choice("--objective", objective, OBJECTIVES);
    problems.require(
        bootstrap == null || bootstrap >= 100,
        "--bootstrap",
        String.valueOf(bootstrap),
        "at least 100");
    problems.attempt("--delta", () -> LawFitter.of(LawForms.DATA).delta(delta));
    problems.require(threads >= 1, "--threads", threads, "at least 1");
    flops.forEach(
        c -> problems.require(c > 6 && Double.isFinite(c), "--flops", c, "finite numbers above 6"));
    problems.require(dropHighest >= 0, "--drop-highest", dropHighest, "at least 0");
    if (problems.attempt("--form, --shares", () -> columns.form(id))) {
      LawForm form = columns.form(id);
      fixed.forEach(
          (name, value) -> problems.attempt("--fixed", () -> fix(LawFitter.of(form), name, value)));
      bounds.forEach(
          (name, range) ->
              problems.attempt("--bounds", () -> bound(LawFitter.of(form), name, range)));
    }
    problems.output("--json", json);
    problems.output("--plot", plot);
    problems.throwIfAny();
  }

  private LossTable table(LawForm form) {
    LossTable table = columns.ask(losses.table().loss(loss), form);
    for (String condition : holdOut) {
      table = table.heldOut(condition);
    }
    return losses.unit().map(table::unit).orElse(table);
  }

  private LawFitter fitter(LawForm form) {
    LawFitter fitter =
        LawFitter.of(form)
            .named("law " + form.id() + " of " + loss + " in " + losses.name())
            .objective(Objects.requireNonNull(OBJECTIVES.get(objective)))
            .delta(delta)
            .seed(seed);
    fitter = bootstrap == null ? fitter : fitter.bootstrap(bootstrap);
    for (Map.Entry<String, Double> parameter : fixed.entrySet()) {
      fitter = fix(fitter, parameter.getKey(), parameter.getValue());
    }
    for (Map.Entry<String, String> range : bounds.entrySet()) {
      fitter = bound(fitter, range.getKey(), range.getValue());
    }
    return fitter;
  }

  private static LawFitter bound(LawFitter fitter, String name, String range) {
    String[] ends = range.split(":", 2);
    return fitter.bounds(
        name, Double.parseDouble(ends[0]), Double.parseDouble(ends[ends.length - 1]));
  }

  /**
   * Fixes a parameter. A, B and E can also be fixed by their natural logarithms a, b and e, which
   * papers often publish.
   */
  private static LawFitter fix(LawFitter fitter, String name, double value) {
    List<String> names = fitter.form().parameters().stream().map(Parameter::name).toList();
    String upper = name.toUpperCase(Locale.ROOT);
    boolean logarithm =
        !names.contains(name) && List.of("A", "B", "E").contains(upper) && names.contains(upper);
    return logarithm ? fitter.fix(upper, Math.exp(value)) : fitter.fix(name, value);
  }

  /** Warns if rows have different values of an input that the law does not use. */
  private static List<String> severalLevels(LawForm form, Observations all) {
    List<String> names = form.inputs().stream().map(Input::name).toList();
    return all.inputs().stream()
        .filter(input -> !names.contains(input))
        .map(input -> Map.entry(input, Arrays.stream(all.column(input)).distinct().count()))
        .filter(levels -> levels.getValue() > 1)
        .map(
            levels ->
                "%s assumes a single value of %s; the rows have %s values"
                    .formatted(form.id(), levels.getKey(), levels.getValue()))
        .toList();
  }

  private Timed fit(LawFitter fitter, Observations all) {
    long start = System.nanoTime();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    try (ProgressLine progress = new ProgressLine()) {
      Answer<LawFit> answer =
          fitter.executor(pool).progress(p -> progress.show("fitting", p)).fit(all);
      return new Timed(answer, (System.nanoTime() - start) / 1e9);
    } finally {
      pool.shutdown();
    }
  }

  private void tell(Timed timed, Observations out, List<String> warnings) {
    LawFit fit = timed.answer().orElseThrow();
    warnings.addAll(fit.warnings());
    fit.outliers().ifPresent(o -> warnings.add("without outliers: " + moves(fit, o)));
    boolean many = fit.observations().size() > MOST_FOR_INFLUENCE;
    if (many) {
      warnings.add(
          "the influence of individual rows is not computed for more than %s rows; outliers are reported"
              .formatted(MOST_FOR_INFLUENCE));
    }
    List<Influence> influences =
        many ? List.of() : fit.influences().stream().filter(i -> !i.beyond().isEmpty()).toList();
    for (Influence one : influences.subList(0, Math.min(MOST_WARNINGS, influences.size()))) {
      warnings.add(
          "%s alone moves %s beyond the confidence interval; without this row: %s"
              .formatted(
                  one.observations().get(0).label(),
                  String.join(", ", one.beyond()),
                  moves(fit, one)));
    }
    List<Answer<ComputeOptimum>> optima = flops.stream().map(fit::optimal).toList();
    JsonFile.write(
        named(json), LawJson.of(fit, out, timed.seconds(), influences, optima, warnings));
    LawText.print(fit, timed.seconds(), warnings);
    optima.forEach(LawText::print);
    Path image = named(plot);
    if (image != null) {
      LawPlot.of(fit).heldOut(out).unit(losses.unit().orElse(LossUnit.NATS_PER_TOKEN)).write(image);
      System.out.println("plot: " + image);
    }
  }

  private static String moves(LawFit fit, Influence influence) {
    return influence.parameters().entrySet().stream()
        .filter(p -> influence.beyond().isEmpty() || influence.beyond().contains(p.getKey()))
        .map(
            p ->
                Texts.format(
                    "%s %.4g instead of %.4g", p.getKey(), p.getValue(), fit.value(p.getKey())))
        .collect(Collectors.joining(", "));
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new FitLaw(), args));
  }
}
