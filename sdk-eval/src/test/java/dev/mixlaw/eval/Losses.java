package dev.mixlaw.eval;

import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** Losses of the documents of each domain, which tests convert to and from measurements. */
public final class Losses {
  private Losses() {}

  /** The loss of a document in nats, with its number of tokens and of UTF-8 bytes. */
  public record DocumentLoss(double nats, int tokens, int bytes) {}

  /** The losses of the documents of a domain, and their means per token and per byte. */
  public record DomainLoss(
      String domain, List<DocumentLoss> documents, Estimate natsPerToken, Estimate bitsPerByte) {
    private List<Measurement> measurements() {
      List<Double> nats = documents.stream().map(DocumentLoss::nats).toList();
      List<Double> tokens = documents.stream().map(d -> (double) d.tokens()).toList();
      List<Double> bits = documents.stream().map(d -> Math.log(2) * d.bytes()).toList();
      return List.of(
          new Measurement(domain, Metric.NATS_PER_TOKEN, natsPerToken, nats, tokens, Map.of()),
          new Measurement(domain, Metric.BITS_PER_BYTE, bitsPerByte, nats, bits, Map.of()));
    }
  }

  /** Returns two measurements for each domain: nats per token, then bits per byte. */
  public static List<Measurement> of(List<DomainLoss> losses) {
    return losses.stream().flatMap(l -> l.measurements().stream()).toList();
  }

  /** Returns the losses from measurements in the order that {@link #of} writes. */
  public static List<DomainLoss> read(List<Measurement> measurements) {
    List<DomainLoss> losses = new ArrayList<>();
    for (int i = 0; i < measurements.size(); i += 2) {
      Measurement nats = measurements.get(i);
      Measurement bits = measurements.get(i + 1);
      losses.add(
          new DomainLoss(
              nats.subject(),
              IntStream.range(0, nats.scores().size())
                  .mapToObj(
                      d ->
                          new DocumentLoss(
                              nats.scores().get(d),
                              (int) Math.round(nats.weights().get(d)),
                              (int) Math.round(bits.weights().get(d) / Math.log(2))))
                  .toList(),
              nats.value(),
              bits.value()));
    }
    return losses;
  }
}
