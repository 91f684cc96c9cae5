package dev.mixlaw.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import dev.mixlaw.api.results.Estimate;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/**
 * Writes records as JSON. The names of record components are the keys, in snake case. A component
 * that is null is left out. JSON has neither infinity nor NaN: such a number becomes null.
 */
final class JsonWriter {
  private static final ObjectWriter LINE =
      JsonMapper.builder()
          .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
          .defaultPropertyInclusion(
              JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS))
          .addModule(
              new SimpleModule()
                  .addSerializer(double.class, new Finite())
                  .addSerializer(Double.class, new Finite()))
          .build()
          .writer();

  private static final ObjectWriter PRETTY =
      LINE.with(new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));

  private JsonWriter() {}

  /** A value with its 95 % interval. */
  record Range(double value, double low, double high) {
    static Range of(Estimate e) {
      return new Range(e.value(), e.interval().low(), e.interval().high());
    }
  }

  /** Returns an indented document in UTF-8 that ends with a line break. */
  static byte[] document(Object record) {
    return (write(PRETTY, record) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Returns JSON on one line, without a line break at its end. */
  static String line(Object record) {
    return write(LINE, record);
  }

  private static String write(ObjectWriter writer, Object record) {
    try {
      return writer.writeValueAsString(record);
    } catch (JsonProcessingException e) {
      throw new UncheckedIOException("cannot write " + record.getClass().getSimpleName(), e);
    }
  }

  private static final class Finite extends JsonSerializer<Double> {
    @Override
    public void serialize(Double value, JsonGenerator out, SerializerProvider provider)
        throws IOException {
      if (Double.isFinite(value)) {
        out.writeNumber(value.doubleValue());
      } else {
        out.writeNull();
      }
    }
  }
}
