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
import java.util.stream.IntStream;

/**
 * Losses of all runs with 1000 bootstrap resamples of the documents within each domain, the same
 * resamples for all runs.
 *
 * @param macro unweighted mean of the domains
 * @param domains series by domain, in the study's order
 * @param means averages of each completed run
 */
record ResampledLosses(LossSeries macro, List<LossSeries> domains, List<MeanLoss> means) {
  private static final int RESAMPLES = DocumentBootstrap.RESAMPLES;

  /** Runs that are resampled at once: memory grows with them, time falls. */
  private static final int BLOCK = 32;

  /** Returns all series, the macro average first. */
  List<LossSeries> all() {
    List<LossSeries> all = new ArrayList<>();
    all.add(macro);
    all.addAll(domains);
    return all;
  }

  static ResampledLosses of(StudyGrid grid) {
    List<String> names = grid.domains();
    int runs = grid.completed().size();
    BootstrapSum[] macroNats = zeros(runs);
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
        macroBits[i].add(domainNats.over(domainBits), 1.0 / names.size());
        nats[i].add(domainNats, 1);
      }
      tokens.add(domainTokens, 1);
      bits.add(domainBits, 1);
      domains.add(new LossSeries(grid, names.get(d), first.size(), values, draws));
    }
    List<MeanLoss> means = new ArrayList<>();
    double[] values = new double[runs];
    double[][] draws = new double[runs][];
    for (int i = 0; i < runs; i++) {
      values[i] = macroNats[i].value();
      draws[i] = macroNats[i].draws();
      means.add(
          new MeanLoss(
              grid.completed().get(i).key(),
              macroNats[i].estimate(),
              nats[i].over(tokens).estimate(),
              macroBits[i].estimate(),
              nats[i].over(bits).estimate()));
    }
    return new ResampledLosses(
        new LossSeries(grid, FittedLaw.MACRO, documents, values, draws), domains, means);
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
