package dev.mixlaw.eval.report;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.databind.JsonSerializer;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.SerializerProvider;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.databind.ser.std.StdSerializer;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.RunKey;
import dev.mixlaw.api.units.Params;
import dev.mixlaw.api.units.Tokens;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * A writer of records as JSON. Keys are the names of the record components in snake case. Enum
 * constants are in lower case. Components that are null or an empty optional are omitted. Infinity
 * and NaN become null. An {@code Answer} is written as its value and warnings, or as the reason why
 * there is no value.
 */
final class JsonWriter {
  private static final JsonInclude.Value UNLESS_NULL =
      JsonInclude.Value.construct(JsonInclude.Include.NON_NULL, JsonInclude.Include.ALWAYS);
  private static final JsonInclude.Value UNLESS_EMPTY =
      UNLESS_NULL.withValueInclusion(JsonInclude.Include.NON_EMPTY);

  private final JsonMapper mapper;
  private final ObjectWriter pretty;

  /** A JSON object that keeps its keys in insertion order and omits empty optionals. */
  static final class Row extends LinkedHashMap<String, Object> {
    private static final long serialVersionUID = 1;
    private static final Set<Object> EMPTY =
        Set.of(Optional.empty(), OptionalDouble.empty(), OptionalInt.empty(), OptionalLong.empty());

    static Row of(RunKey key) {
      return new Row()
          .with("mixture", key.mixture())
          .with("model", key.model())
          .with("budget", key.budget())
          .with("seed", key.seed());
    }

    Row with(String key, Object value) {
      if (!EMPTY.contains(value)) {
        put(key, value);
      }
      return this;
    }

    /** Adds the bounds of an interval under the prefixed keys {@code low} and {@code high}. */
    Row with(String prefix, Interval interval) {
      return with(prefix + "low", interval.low()).with(prefix + "high", interval.high());
    }
  }

  /** A value with its 95 % interval. */
  record Range(double value, double low, double high) {
    static Range of(Estimate e) {
      return new Range(e.value(), e.interval().low(), e.interval().high());
    }
  }

  /**
   * Creates a writer.
   *
   * @param annotations map from a type to a class whose annotations apply to this type
   */
  JsonWriter(Map<Class<?>, Class<?>> annotations, JsonSerializer<?>... serializers) {
    SimpleModule module = new SimpleModule();
    List.of(serializers).forEach(module::addSerializer);
    module.addSerializer(as(Answer.class, this::answer));
    module.addSerializer(as(Enum.class, e -> e.name().toLowerCase(Locale.ROOT)));
    module.addSerializer(as(Estimate.class, Range::of));
    module.addSerializer(as(Params.class, Params::count));
    module.addSerializer(as(Tokens.class, Tokens::count));
    module.addSerializer(as(Optional.class, o -> o.isPresent() ? o.get() : null));
    module.addSerializer(as(OptionalDouble.class, o -> o.isPresent() ? o.getAsDouble() : null));
    module.addSerializer(as(OptionalInt.class, o -> o.isPresent() ? o.getAsInt() : null));
    module.addSerializer(as(OptionalLong.class, o -> o.isPresent() ? o.getAsLong() : null));
    JsonMapper.Builder builder =
        JsonMapper.builder()
            .addModule(
                module
                    .addSerializer(double.class, new Finite())
                    .addSerializer(Double.class, new Finite()))
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .defaultPropertyInclusion(UNLESS_NULL);
    for (Class<?> optional :
        List.of(Optional.class, OptionalDouble.class, OptionalInt.class, OptionalLong.class)) {
      builder.withConfigOverride(optional, o -> o.setInclude(UNLESS_EMPTY));
    }
    annotations.forEach(builder::addMixIn);
    mapper = builder.build();
    pretty =
        mapper.writer(
            new DefaultPrettyPrinter().withObjectIndenter(new DefaultIndenter("  ", "\n")));
  }

  /**
   * Returns a serializer that replaces each value of a type by the result of a function. A null
   * result omits the value.
   */
  static <T> JsonSerializer<?> as(Class<T> type, Function<T, @Nullable Object> function) {
    return new StdSerializer<T>(type) {
      private static final long serialVersionUID = 1;

      @Override
      public void serialize(T value, JsonGenerator out, SerializerProvider provider)
          throws IOException {
        Object other = function.apply(value);
        if (other == null) {
          provider.defaultSerializeNull(out);
        } else {
          provider.defaultSerializeValue(other, out);
        }
      }

      @Override
      public boolean isEmpty(SerializerProvider provider, T value) {
        return function.apply(value) == null;
      }
    };
  }

  private Object answer(Answer<?> answer) {
    return answer.<Object>fold(
        (value, warnings) -> {
          Map<String, Object> known =
              mapper.convertValue(value, new TypeReference<LinkedHashMap<String, Object>>() {});
          known.put("warnings", warnings);
          return known;
        },
        refusal -> refusal);
  }

  /** Formats a record as an indented JSON document in UTF-8 that ends with a line break. */
  byte[] document(Object record) {
    return (write(pretty, record) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  /** Formats a record as one line of JSON without a line break. */
  String line(Object record) {
    return write(mapper.writer(), record);
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
