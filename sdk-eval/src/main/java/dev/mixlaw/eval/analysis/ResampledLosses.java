package dev.mixlaw.eval.analysis;

import dev.mixlaw.api.results.DomainLoss;
import dev.mixlaw.api.results.DomainLoss.DocumentLoss;
import dev.mixlaw.api.results.FittedLaw;
import dev.mixlaw.api.results.MeanLoss;
import dev.mixlaw.eval.stats.BootstrapSum;
import dev.mixlaw.eval.stats.DocumentBootstrap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Losses of all runs, with 1000 bootstrap resamples of the documents within each domain. All runs
 * share the same resamples.
 *
 * @param macro unweighted mean over all domains
 * @param realText unweighted mean over the domains of real text; equal to the macro average if all
 *     domains or no domains are real text
 * @param domains losses by domain, in the study's order
 * @param means average losses of each completed run
 */
record ResampledLosses(
    LossSeries macro, LossSeries realText, List<LossSeries> domains, List<MeanLoss> means) {
  private static final int RESAMPLES = DocumentBootstrap.RESAMPLES;

  /** Number of runs that are resampled at once. More runs need more memory and less time. */
  private static final int BLOCK = 32;

  /** Returns all series, with the macro average first. */
  List<LossSeries> all() {
    List<LossSeries> all = new ArrayList<>();
    all.add(macro);
    all.addAll(domains);
    return all;
  }

  /**
   * Resamples the documents of all domains.
   *
   * @param synthetic names of the domains that consist of generated text
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
      int domain = d;
      DomainSums sums =
          DomainSums.of(grid, grid.completed().stream().map(r -> r.losses().get(domain)).toList());
      documents += sums.documents();
      double[] values = new double[runs];
      double[][] draws = new double[runs][];
      for (int i = 0; i < runs; i++) {
        BootstrapSum domainNats = sums.nats().next();
        BootstrapSum perToken = domainNats.over(sums.tokens());
        values[i] = perToken.value();
        draws[i] = perToken.draws();
        macroNats[i].add(perToken, 1.0 / names.size());
        if (real.contains(names.get(d))) {
          realNats[i].add(perToken, 1.0 / real.size());
        }
        macroBits[i].add(domainNats.over(sums.bits()), 1.0 / names.size());
        nats[i].add(domainNats, 1);
      }
      tokens.add(sums.tokens(), 1);
      bits.add(sums.bits(), 1);
      domains.add(new LossSeries(grid, names.get(d), sums.documents(), values, draws));
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

  /**
   * Sums over the documents of a domain. A domain without documents, such as a column of a table,
   * has only one loss per run. This loss is the same in every resample, and counts as the loss of
   * one token.
   *
   * @param nats sums of losses in nats, one for each run, in the order of the runs
   * @param bits number of nats that equal one bit per byte, summed over the documents
   */
  private record DomainSums(
      int documents, BootstrapSum tokens, BootstrapSum bits, Iterator<BootstrapSum> nats) {
    static DomainSums of(StudyGrid grid, List<DomainLoss> runs) {
      List<DocumentLoss> first = runs.get(0).documents();
      if (first.isEmpty()) {
        double ratio = runs.get(0).natsPerToken().value() / runs.get(0).bitsPerByte().value();
        return new DomainSums(
            0,
            BootstrapSum.constant(1, RESAMPLES),
            BootstrapSum.constant(ratio, RESAMPLES),
            runs.stream()
                .map(l -> BootstrapSum.constant(l.natsPerToken().value(), RESAMPLES))
                .iterator());
      }
      DocumentBootstrap bootstrap =
          new DocumentBootstrap(first.size(), RESAMPLES, grid.seedOf(runs.get(0).domain()));
      return new DomainSums(
          first.size(),
          BootstrapSum.of(bootstrap, first, DocumentLoss::tokens),
          BootstrapSum.of(bootstrap, first, l -> Math.log(2) * l.bytes()),
          IntStream.iterate(0, i -> i < runs.size(), i -> i + BLOCK)
              .mapToObj(i -> runs.subList(i, Math.min(runs.size(), i + BLOCK)))
              .flatMap(
                  block ->
                      BootstrapSum.ofRuns(
                          bootstrap,
                          block.stream().map(DomainLoss::documents).toList(),
                          DocumentLoss::nats)
                          .stream())
              .iterator());
    }
  }

  private static BootstrapSum[] zeros(int number) {
    BootstrapSum[] zeros = new BootstrapSum[number];
    Arrays.setAll(zeros, i -> BootstrapSum.zero(RESAMPLES));
    return zeros;
  }
}
