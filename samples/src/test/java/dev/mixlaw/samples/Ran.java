package dev.mixlaw.samples;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * The exit code and the output of a sample.
 *
 * @param json content of the file that the sample wrote for {@code --json}; an empty object if
 *     there is none
 */
record Ran(int code, String out, String err, JsonNode json) {
  static Ran of(Callable<Integer> sample, String... args) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    PrintStream realOut = System.out;
    PrintStream realErr = System.err;
    try {
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      System.setErr(new PrintStream(err, true, StandardCharsets.UTF_8));
      int code = Samples.run(sample, args);
      return new Ran(
          code,
          out.toString(StandardCharsets.UTF_8),
          err.toString(StandardCharsets.UTF_8),
          new ObjectMapper().createObjectNode());
    } finally {
      System.setOut(realOut);
      System.setErr(realErr);
    }
  }

  /** Runs a sample with {@code --json FILE}, and reads this file. */
  static Ran writing(Path json, Callable<Integer> sample, String... args) throws IOException {
    Files.deleteIfExists(json);
    Ran ran =
        of(
            sample,
            Stream.concat(Stream.of(args), Stream.of("--json", json.toString()))
                .toArray(String[]::new));
    return Files.exists(json)
        ? new Ran(ran.code, ran.out, ran.err, new ObjectMapper().readTree(json.toFile()))
        : ran;
  }

  double value(String parameter) {
    return ofParameter(parameter, "value");
  }

  double low(String parameter) {
    return ofParameter(parameter, "low");
  }

  double high(String parameter) {
    return ofParameter(parameter, "high");
  }

  private double ofParameter(String parameter, String field) {
    return json.at("/parameters/" + parameter + "/" + field).doubleValue();
  }

  List<String> warnings() {
    return StreamSupport.stream(json.get("warnings").spliterator(), false)
        .map(JsonNode::asText)
        .toList();
  }
}
