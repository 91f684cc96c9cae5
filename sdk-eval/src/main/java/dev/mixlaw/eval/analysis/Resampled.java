package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.DomainLoss;
import dev.mixlaw.api.results.DomainLoss.DocumentLoss;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.eval.domain.internal.DocumentBootstrap;
import dev.mixlaw.eval.domain.internal.ResampledSum;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Losses of all runs with their documents resampled, within each domain, 1000 times: all runs have
 * the same resamples.
 *
 * @param macro mean of the domains, each weighing the same
 * @param domains in the study's order
 * @param means by completed run
 */
record Resampled(Series macro, List<Series> domains, List<MeanLoss> means) {
  private static final int RESAMPLES = DocumentBootstrap.RESAMPLES;

  /** Macro first. */
  List<Series> all() {
    List<Series> all = new ArrayList<>();
    all.add(macro);
    all.addAll(domains);
    return all;
  }

  static Resampled of(Grid grid) {
    List<String> names = grid.domains();
    int runs = grid.completed().size();
    ResampledSum[] macroNats = zeros(runs);
    ResampledSum[] macroBits = zeros(runs);
    ResampledSum[] nats = zeros(runs);
    ResampledSum tokens = ResampledSum.zero(RESAMPLES);
    ResampledSum bits = ResampledSum.zero(RESAMPLES);
    List<Series> domains = new ArrayList<>();
    int documents = 0;
    for (int d = 0; d < names.size(); d++) {
      List<DocumentLoss> first = loss(grid, 0, d).documents();
      documents += first.size();
      DocumentBootstrap bootstrap =
          new DocumentBootstrap(first.size(), RESAMPLES, names.get(d).hashCode());
      ResampledSum domainTokens = ResampledSum.of(bootstrap, first, DocumentLoss::tokens);
      ResampledSum domainBits = ResampledSum.of(bootstrap, first, l -> Math.log(2) * l.bytes());
      double[] values = new double[runs];
      double[][] draws = new double[runs][];
      for (int i = 0; i < runs; i++) {
        List<DocumentLoss> own = loss(grid, i, d).documents();
        ResampledSum domainNats = ResampledSum.of(bootstrap, own, DocumentLoss::nats);
        ResampledSum perToken = domainNats.over(domainTokens);
        values[i] = perToken.value();
        draws[i] = perToken.draws();
        macroNats[i].add(perToken, 1.0 / names.size());
        macroBits[i].add(domainNats.over(domainBits), 1.0 / names.size());
        nats[i].add(domainNats, 1);
      }
      tokens.add(domainTokens, 1);
      bits.add(domainBits, 1);
      domains.add(new Series(grid, names.get(d), first.size(), values, draws));
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
    return new Resampled(
        new Series(grid, FittedLaw.MACRO, documents, values, draws), domains, means);
  }

  private static DomainLoss loss(Grid grid, int run, int domain) {
    return grid.completed().get(run).losses().get(domain);
  }

  private static ResampledSum[] zeros(int number) {
    ResampledSum[] zeros = new ResampledSum[number];
    Arrays.setAll(zeros, i -> ResampledSum.zero(RESAMPLES));
    return zeros;
  }
}
