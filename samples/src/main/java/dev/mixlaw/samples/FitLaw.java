package dev.mixlaw.samples;

import dev.mixlaw.api.results.Answer;
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
import dev.mixlaw.eval.table.Condition;
import dev.mixlaw.eval.table.LossTable;
import dev.mixlaw.api.units.LossUnit;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/**
 * From a table of losses to a law: parameters with intervals, how well it predicts what it did not
 * see, and what it hangs on. Needs no training.
 */
@Command(
    name = "FitLaw",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Fits a scaling law to losses in a table.",
    exitCodeListHeading = "%nExit codes:%n",
    exitCodeList = {
      "0:a law was fitted",
      "1:the table is wrong",
      "2:an option is wrong",
      "3:the data cannot carry the law"
    })
final class FitLaw implements Callable<Integer> {
  private static final int REFUSED = 3;

  /** Most rows that are left out one by one to see what each does. */
  private static final int MOST_FOR_INFLUENCE = 2000;

  private static final int MOST_WARNINGS = 8;

  /** Rows times resamples of a minute, about. */
  private static final double LONG_WORK = 6e7;

  private static final int MOST_ROUNDS = 20;
  private static final long WARM_UP_NANOS = 2_000_000_000L;

  private static final Map<String, Objective> OBJECTIVES =
      Map.of("huber-log", Objective.HUBER_LOG, "least-squares", Objective.LEAST_SQUARES);

  @Mixin private TableOptions losses = new TableOptions();

  @Option(
      names = "--form",
      required = true,
      completionCandidates = Forms.class,
      description = "the law: ${COMPLETION-CANDIDATES}")
  private String id = "";

  @Option(names = "--loss", description = "column of the loss (default: ${DEFAULT-VALUE})")
  private String loss = "loss";

  @Mixin private LawColumns columns = new LawColumns();

  @Option(
      names = "--objective",
      description = "huber-log or least-squares (default: ${DEFAULT-VALUE})")
  private String objective = "huber-log";

  @Option(
      names = "--drop-highest",
      description = "leave out so many of the highest losses (default: ${DEFAULT-VALUE})")
  private int dropHighest;

  @Option(
      names = "--hold-out",
      description =
          "keep rows that meet a condition out of the fit, to see how well it predicts them; may be"
              + " repeated, all must be met")
  private List<String> holdOut = new ArrayList<>();

  @Option(
      names = "--bootstrap",
      description =
          "resamples that intervals are made of, at least 100 (default: ${DEFAULT-VALUE})")
  private int bootstrap = 4000;

  @Option(
      names = "--fixed",
      split = ",",
      description =
          "parameters that are not fitted, such as E=1.8,alpha=0.35; a, b and e are the natural"
              + " logarithms of A, B and E where the law has no parameter of that name")
  private Map<String, Double> fixed = new LinkedHashMap<>();

  @Option(names = "--seed", description = "of search and resamples (default: ${DEFAULT-VALUE})")
  private long seed;

  @Option(names = "--json", description = "where to write all that the fit says")
  private @Nullable Path json;

  @Option(names = "--plot", description = "where to draw the law, as SVG")
  private @Nullable Path plot;

  /** For --help. */
  private static final class Forms implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return LawForms.ids().iterator();
    }
  }

  /** An answer and how long it took. */
  private record Timed(Answer<LawFit> answer, double seconds) {}

  @Override
  public Integer call() {
    check();
    LawForm form = columns.form(id);
    LossTable.Content content = table(form).read();
    Observations all = content.observations().dropHighest(dropHighest);
    requireRows(content, all);
    List<String> warnings = new ArrayList<>(content.warnings());
    warnings.addAll(severalLevels(form, all));
    double work = (double) all.size() * bootstrap;
    if (work > LONG_WORK) {
      System.err.printf(
          Locale.ROOT,
          "%d rows and %d resamples may take %.0f minutes or more: fewer --bootstrap, or a --where,"
              + " are quicker%n",
          all.size(),
          bootstrap,
          Math.ceil(work / LONG_WORK));
    }
    LawFitter fitter = fitter(form);
    Timed fit = fit(holdOut.isEmpty() ? fitter : fitter.heldOut(content.isHeldOut()), all);
    if (fit.answer() instanceof Answer.Refused<LawFit> refused) {
      System.err.println(refused.refusal());
      write(LawJson.refused(form, refused.refusal(), warnings));
      return REFUSED;
    }
    tell(fit, all.where(content.isHeldOut()), warnings);
    return 0;
  }

  /** Options may leave no row to fit; the law would only say that it lacks points. */
  private void requireRows(LossTable.Content content, Observations all) {
    Mistakes mistakes = new Mistakes();
    int rows = content.observations().size();
    mistakes.require(
        all.size() > 0, "--drop-highest", dropHighest, "fewer than the " + rows + " rows");
    mistakes.require(
        all.size() == 0 || all.rows().stream().anyMatch(content.isHeldOut().negate()),
        "--hold-out",
        holdOut + " holds out every row",
        "conditions that leave rows to fit");
    mistakes.tell();
  }

  private void check() {
    Mistakes mistakes = new Mistakes();
    losses.check(mistakes);
    holdOut.forEach(c -> mistakes.attempt("--hold-out", () -> Condition.parse(c)));
    mistakes.choice("--objective", objective, OBJECTIVES);
    mistakes.attempt("--bootstrap", () -> LawFitter.of(LawForms.DATA).bootstrap(bootstrap));
    mistakes.require(dropHighest >= 0, "--drop-highest", dropHighest, "0 or more");
    if (mistakes.attempt("--form", () -> columns.form(id))) {
      LawForm form = columns.form(id);
      fixed.forEach(
          (name, value) -> mistakes.attempt("--fixed", () -> fix(LawFitter.of(form), name, value)));
    }
    mistakes.output("--json", json);
    mistakes.output("--plot", plot);
    mistakes.tell();
  }

  private LossTable table(LawForm form) {
    LossTable table = columns.ask(losses.table().loss(loss), form);
    for (String condition : holdOut) {
      table = table.heldOut(Condition.parse(condition));
    }
    return losses.unit().map(table::unit).orElse(table);
  }

  private LawFitter fitter(LawForm form) {
    LawFitter fitter =
        LawFitter.of(form)
            .named("law " + form.id() + " of " + loss + " in " + losses.name())
            .objective(Objects.requireNonNull(OBJECTIVES.get(objective)))
            .bootstrap(bootstrap)
            .seed(seed);
    for (Map.Entry<String, Double> parameter : fixed.entrySet()) {
      fitter = fix(fitter, parameter.getKey(), parameter.getValue());
    }
    return fitter;
  }

  /**
   * Fixes a parameter, or by its logarithm one that papers give so: a = ln A, b = ln B, e = ln E.
   */
  private static LawFitter fix(LawFitter fitter, String name, double value) {
    List<String> names =
        fitter.settings().form().parameters().stream().map(Parameter::name).toList();
    String upper = name.toUpperCase(Locale.ROOT);
    boolean logarithm =
        !names.contains(name) && List.of("A", "B", "E").contains(upper) && names.contains(upper);
    return logarithm ? fitter.fix(upper, Math.exp(value)) : fitter.fix(name, value);
  }

  /** A law of one input that is fitted to several values of another is worth a word. */
  private static List<String> severalLevels(LawForm form, Observations all) {
    List<String> names = form.inputs().stream().map(Input::name).toList();
    return all.inputs().stream()
        .filter(input -> !names.contains(input))
        .map(input -> Map.entry(input, Arrays.stream(all.column(input)).distinct().count()))
        .filter(levels -> levels.getValue() > 1)
        .map(
            levels ->
                form.id()
                    + " is a law at one "
                    + levels.getKey()
                    + ", the rows have "
                    + levels.getValue())
        .toList();
  }

  /** Fits again and again: the shortest time is that of warm code. */
  private static Timed fit(LawFitter fitter, Observations all) {
    long begin = System.nanoTime();
    Answer<LawFit> answer;
    long shortest = Long.MAX_VALUE;
    long spent;
    int rounds = 0;
    do {
      long start = System.nanoTime();
      answer = fitter.fit(all);
      long end = System.nanoTime();
      shortest = Math.min(shortest, end - start);
      spent = end - begin;
      rounds++;
    } while (rounds < MOST_ROUNDS && spent < (rounds < 3 ? 5 * WARM_UP_NANOS : WARM_UP_NANOS));
    return new Timed(answer, shortest / 1e9);
  }

  private void tell(Timed timed, Observations out, List<String> warnings) {
    LawFit fit = timed.answer().orElseThrow();
    warnings.addAll(fit.warnings());
    fit.outliers().ifPresent(o -> warnings.add("without the outliers: " + moves(fit, o)));
    boolean many = fit.observations().size() > MOST_FOR_INFLUENCE;
    if (many) {
      warnings.add(
          "above "
              + MOST_FOR_INFLUENCE
              + " rows no row is left out to see what it alone does to the law; outliers are looked"
              + " for");
    }
    List<Influence> influences =
        many ? List.of() : fit.influences().stream().filter(i -> !i.beyond().isEmpty()).toList();
    for (Influence one : influences.subList(0, Math.min(MOST_WARNINGS, influences.size()))) {
      warnings.add(
          one.observations().get(0).label()
              + " alone moves the law, "
              + String.join(", ", one.beyond())
              + " beyond its interval; without it: "
              + moves(fit, one));
    }
    write(LawJson.of(fit, out, timed.seconds(), influences, warnings));
    LawText.print(fit, timed.seconds(), warnings, System.out);
    if (plot != null) {
      LawPlot.of(fit)
          .heldOut(out)
          .unit(losses.unit().orElse(LossUnit.NATS_PER_TOKEN))
          .write(plot);
      System.out.println("drawn: " + plot);
    }
  }

  private static String moves(LawFit fit, Influence influence) {
    return influence.parameters().entrySet().stream()
        .map(
            p ->
                String.format(
                    Locale.ROOT,
                    "%s %.4g instead of %.4g",
                    p.getKey(),
                    p.getValue(),
                    fit.value(p.getKey())))
        .collect(Collectors.joining(", "));
  }

  private void write(Object content) {
    if (json != null) {
      JsonFile.write(json, content);
    }
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new FitLaw(), args));
  }
}
