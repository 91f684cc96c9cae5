package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.DomainLoss;
import dev.mixlaw.api.results.DomainLoss.DocumentLoss;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.eval.stats.BootstrapSum;
import dev.mixlaw.eval.stats.DocumentBootstrap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Losses of all runs with 1000 bootstrap resamples of the documents within each domain, the same
 * resamples for all runs.
 *
 * @param macro unweighted mean of the domains
 * @param realText unweighted mean of the domains of real text; the macro average if all or none are
 * @param domains series by domain, in the study's order
 * @param means averages of each completed run
 */
record ResampledLosses(
    LossSeries macro, LossSeries realText, List<LossSeries> domains, List<MeanLoss> means) {
  private static final int RESAMPLES = DocumentBootstrap.RESAMPLES;

  /** Number of runs that are resampled at once. More runs need more memory and less time. */
  private static final int BLOCK = 32;

  /** Returns all series, the macro average first. */
  List<LossSeries> all() {
    List<LossSeries> all = new ArrayList<>();
    all.add(macro);
    all.addAll(domains);
    return all;
  }

  /**
   * Resamples the documents of all domains.
   *
   * @param synthetic names of the domains of generated text
   */
  static ResampledLosses of(StudyGrid grid, Set<String> synthetic) {
    List<String> names = grid.domains();
    List<String> real = names.stream().filter(n -> !synthetic.contains(n)).toList();
    int runs = grid.completed().size();
    BootstrapSum[] macroNats = zeros(runs);
    BootstrapSum[] realNats = zeros(runs);
    BootstrapSum[] macroBits = zeros(runs);
    BootstrapSum[] nats = zeros(runs);
    BootstrapSum tokens = BootstrapSum.zero(RESAMPLES);
    BootstrapSum bits = BootstrapSum.zero(RESAMPLES);
    List<LossSeries> domains = new ArrayList<>();
    int documents = 0;
    for (int d = 0; d < names.size(); d++) {
      List<DocumentLoss> first = loss(grid, 0, d).documents();
      documents += first.size();
      DocumentBootstrap bootstrap =
          new DocumentBootstrap(first.size(), RESAMPLES, names.get(d).hashCode());
      BootstrapSum domainTokens = BootstrapSum.of(bootstrap, first, DocumentLoss::tokens);
      BootstrapSum domainBits = BootstrapSum.of(bootstrap, first, l -> Math.log(2) * l.bytes());
      double[] values = new double[runs];
      double[][] draws = new double[runs][];
      List<BootstrapSum> block = List.of();
      for (int i = 0; i < runs; i++) {
        if (i % BLOCK == 0) {
          int domain = d;
          block =
              BootstrapSum.ofRuns(
                  bootstrap,
                  IntStream.range(i, Math.min(runs, i + BLOCK))
                      .mapToObj(run -> loss(grid, run, domain).documents())
                      .toList(),
                  DocumentLoss::nats);
        }
        BootstrapSum domainNats = block.get(i % BLOCK);
        BootstrapSum perToken = domainNats.over(domainTokens);
        values[i] = perToken.value();
        draws[i] = perToken.draws();
        macroNats[i].add(perToken, 1.0 / names.size());
        if (real.contains(names.get(d))) {
          realNats[i].add(perToken, 1.0 / real.size());
        }
        macroBits[i].add(domainNats.over(domainBits), 1.0 / names.size());
        nats[i].add(domainNats, 1);
      }
      tokens.add(domainTokens, 1);
      bits.add(domainBits, 1);
      domains.add(new LossSeries(grid, names.get(d), first.size(), values, draws));
    }
    List<MeanLoss> means = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      means.add(
          new MeanLoss(
              grid.completed().get(i).key(),
              macroNats[i].estimate(),
              nats[i].over(tokens).estimate(),
              macroBits[i].estimate(),
              nats[i].over(bits).estimate()));
    }
    LossSeries macro = average(grid, documents, macroNats);
    boolean mixed = !real.isEmpty() && real.size() < names.size();
    return new ResampledLosses(
        macro, mixed ? average(grid, documents, realNats) : macro, domains, means);
  }

  private static LossSeries average(StudyGrid grid, int documents, BootstrapSum[] nats) {
    return new LossSeries(
        grid,
        FittedLaw.MACRO,
        documents,
        Arrays.stream(nats).mapToDouble(BootstrapSum::value).toArray(),
        Arrays.stream(nats).map(BootstrapSum::draws).toArray(double[][]::new));
  }

  private static DomainLoss loss(StudyGrid grid, int run, int domain) {
    return grid.completed().get(run).losses().get(domain);
  }

  private static BootstrapSum[] zeros(int number) {
    BootstrapSum[] zeros = new BootstrapSum[number];
    Arrays.setAll(zeros, i -> BootstrapSum.zero(RESAMPLES));
    return zeros;
  }
}
