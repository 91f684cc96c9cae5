package dev.mixlaw.train.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.results.DomainLoss;
import dev.mixlaw.api.results.DomainLoss.DocumentLoss;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.RunResult.Outcome;
import dev.mixlaw.api.units.Tokens;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * A result as {@code run.json} (all but losses) and {@code losses.json}. Doubles are written so
 * that they are read back bit for bit.
 */
final class RunResultJson {
  private static final int FORMAT = 1;
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final JsonFactory FACTORY = MAPPER.getFactory();

  private RunResultJson() {}

  public static byte[] run(RunResult r) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator g = FACTORY.createGenerator(out).useDefaultPrettyPrinter()) {
      g.writeStartObject();
      g.writeNumberField("format", FORMAT);
      g.writeStringField("identity", r.identity());
      g.writeStringField("mixture", r.key().mixture());
      g.writeStringField("model", r.key().model());
      g.writeNumberField("budget", r.key().budget().count());
      g.writeNumberField("seed", r.key().seed());
      outcome(g, r.outcome());
      g.writeNumberField("non_embedding_parameters", r.nonEmbeddingParameters());
      g.writeNumberField("parameters", r.parameters());
      g.writeNumberField("tokens", r.tokens());
      g.writeNumberField("flops", r.flops());
      g.writeNumberField("exact_flops", r.exactFlops());
      map(g, "asked_shares", r.askedShares());
      map(g, "achieved_shares", r.achievedShares());
      map(g, "repeats", r.repeats());
      g.writeNumberField("learning_rate", r.learningRate());
      g.writeNumberField("batch_sequences", r.batchSequences());
      if (r.trainingLoss().isPresent()) {
        g.writeNumberField("training_loss", r.trainingLoss().getAsDouble());
      }
      g.writeNumberField("seconds", r.seconds());
      g.writeEndObject();
    }
    return out.toByteArray();
  }

  public static byte[] losses(RunResult r) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (JsonGenerator g = FACTORY.createGenerator(out)) {
      g.writeStartObject();
      g.writeNumberField("format", FORMAT);
      g.writeStringField("identity", r.identity());
      g.writeArrayFieldStart("domains");
      for (DomainLoss domain : r.losses()) {
        g.writeStartObject();
        g.writeStringField("domain", domain.domain());
        estimate(g, "nats_per_token", domain.natsPerToken());
        estimate(g, "bits_per_byte", domain.bitsPerByte());
        List<DocumentLoss> documents = domain.documents();
        g.writeFieldName("nats");
        double[] nats = documents.stream().mapToDouble(DocumentLoss::nats).toArray();
        g.writeArray(nats, 0, nats.length);
        g.writeFieldName("tokens");
        int[] tokens = documents.stream().mapToInt(DocumentLoss::tokens).toArray();
        g.writeArray(tokens, 0, tokens.length);
        g.writeFieldName("bytes");
        int[] bytes = documents.stream().mapToInt(DocumentLoss::bytes).toArray();
        g.writeArray(bytes, 0, bytes.length);
        g.writeEndObject();
      }
      g.writeEndArray();
      ChoiceJson.write(g, r.choices());
      g.writeEndObject();
    }
    return out.toByteArray();
  }

  /**
   * Reads a result.
   *
   * @param losses of {@code losses.json}; needed only for completed runs
   * @throws IOException if something is missing or not what it should be
   */
  public static RunResult read(String identity, byte[] run, Losses losses) throws IOException {
    JsonNode n = parse(identity, run);
    Outcome outcome = outcome(n);
    Optional<JsonNode> measured =
        outcome instanceof Outcome.Completed
            ? Optional.of(parse(identity, losses.read()))
            : Optional.empty();
    return new RunResult(
        new RunKey(
            text(n, "mixture"),
            text(n, "model"),
            new Tokens(number(n, "budget").longValue()),
            number(n, "seed").intValue()),
        identity,
        outcome,
        number(n, "non_embedding_parameters").longValue(),
        number(n, "parameters").longValue(),
        number(n, "tokens").longValue(),
        number(n, "flops").doubleValue(),
        number(n, "exact_flops").doubleValue(),
        map(n, "asked_shares"),
        map(n, "achieved_shares"),
        map(n, "repeats"),
        number(n, "learning_rate").doubleValue(),
        number(n, "batch_sequences").intValue(),
        n.has("training_loss")
            ? OptionalDouble.of(number(n, "training_loss").doubleValue())
            : OptionalDouble.empty(),
        measured.isPresent() ? domains(measured.get()) : List.of(),
        measured.isPresent() ? ChoiceJson.read(measured.get()) : List.of(),
        number(n, "seconds").doubleValue());
  }

  /** Where the bytes of {@code losses.json} come from. */
  @FunctionalInterface
  public interface Losses {
    byte[] read() throws IOException;
  }

  private static void outcome(JsonGenerator g, Outcome outcome) throws IOException {
    if (outcome instanceof Outcome.Diverged diverged) {
      g.writeStringField("outcome", "diverged");
      g.writeNumberField("step", diverged.step());
      g.writeStringField("reason", diverged.reason());
    } else if (outcome instanceof Outcome.Failed failed) {
      g.writeStringField("outcome", "failed");
      g.writeStringField("reason", failed.reason());
    } else {
      g.writeStringField("outcome", "completed");
    }
  }

  private static Outcome outcome(JsonNode n) throws IOException {
    String name = text(n, "outcome");
    return switch (name) {
      case "completed" -> new Outcome.Completed();
      case "diverged" -> new Outcome.Diverged(number(n, "step").longValue(), text(n, "reason"));
      case "failed" -> new Outcome.Failed(text(n, "reason"));
      default -> throw new IOException("unknown outcome " + name);
    };
  }

  private static void map(JsonGenerator g, String name, Map<String, Double> map)
      throws IOException {
    g.writeObjectFieldStart(name);
    // Immutable maps have another order in each JVM.
    for (Map.Entry<String, Double> e : new TreeMap<>(map).entrySet()) {
      g.writeNumberField(e.getKey(), e.getValue());
    }
    g.writeEndObject();
  }

  private static Map<String, Double> map(JsonNode n, String name) throws IOException {
    JsonNode object = field(n, name);
    Map<String, Double> map = new TreeMap<>();
    for (Map.Entry<String, JsonNode> e : object.properties()) {
      map.put(e.getKey(), number(object, e.getKey()).doubleValue());
    }
    return map;
  }

  static void estimate(JsonGenerator g, String name, Estimate e) throws IOException {
    g.writeFieldName(name);
    g.writeArray(new double[] {e.value(), e.interval().low(), e.interval().high()}, 0, 3);
  }

  static Estimate estimate(JsonNode n, String name) throws IOException {
    double[] v = numbers(n, name, 3);
    return Estimate.of(v[0], v[1], v[2]);
  }

  private static List<DomainLoss> domains(JsonNode n) throws IOException {
    List<DomainLoss> domains = new ArrayList<>();
    for (JsonNode d : field(n, "domains")) {
      int count = field(d, "nats").size();
      double[] nats = numbers(d, "nats", count);
      double[] tokens = numbers(d, "tokens", count);
      double[] bytes = numbers(d, "bytes", count);
      List<DocumentLoss> documents = new ArrayList<>(count);
      for (int i = 0; i < count; i++) {
        documents.add(new DocumentLoss(nats[i], (int) tokens[i], (int) bytes[i]));
      }
      domains.add(
          new DomainLoss(
              text(d, "domain"),
              documents,
              estimate(d, "nats_per_token"),
              estimate(d, "bits_per_byte")));
    }
    return domains;
  }

  private static double[] numbers(JsonNode n, String name, int count) throws IOException {
    JsonNode array = field(n, name);
    if (array.size() != count) {
      throw new IOException(name + " has " + array.size() + " numbers, not " + count);
    }
    double[] values = new double[count];
    for (int i = 0; i < count; i++) {
      if (!array.get(i).isNumber()) {
        throw new IOException(name + " holds " + array.get(i) + ", not a number");
      }
      values[i] = array.get(i).doubleValue();
    }
    return values;
  }

  private static JsonNode parse(String identity, byte[] bytes) throws IOException {
    JsonNode n = MAPPER.readTree(bytes);
    if (number(n, "format").intValue() != FORMAT) {
      throw new IOException("format " + n.get("format") + ", this version reads " + FORMAT);
    }
    if (!text(n, "identity").equals(identity)) {
      throw new IOException("it is of run " + text(n, "identity"));
    }
    return n;
  }

  static String text(JsonNode n, String name) throws IOException {
    JsonNode value = field(n, name);
    if (!value.isTextual()) {
      throw new IOException(name + " is " + value + ", not a text");
    }
    return value.textValue();
  }

  static JsonNode number(JsonNode n, String name) throws IOException {
    JsonNode value = field(n, name);
    if (!value.isNumber()) {
      throw new IOException(name + " is " + value + ", not a number");
    }
    return value;
  }

  private static JsonNode field(JsonNode n, String name) throws IOException {
    JsonNode value = n.get(name);
    if (value == null) {
      throw new IOException("no field " + name);
    }
    return value;
  }
}
