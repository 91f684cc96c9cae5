package dev.mixlaw.train.rounds;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonAnySetter;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Estimate;
import dev.mixlaw.api.results.Refusal;
import dev.mixlaw.api.results.TextDiversity;
import dev.mixlaw.api.results.TextDiversity.Measure;
import dev.mixlaw.api.rounds.RoundKey;
import dev.mixlaw.api.rounds.Writing;
import dev.mixlaw.api.rounds.WrittenText;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The data card of a generated text, which is stored as {@code card.json}.
 *
 * @param identity hash of everything on which the text depends
 * @param generator identity of the run whose model generated the text
 */
record GeneratedTextCard(
    int format,
    String identity,
    String text,
    String generator,
    int promptTokens,
    double temperature,
    double topP,
    String writing,
    long documents,
    @JsonProperty("dropped_without_a_word") long dropped,
    long tokens,
    double flops,
    double seconds,
    String sha256,
    @JsonSetter(nulls = Nulls.SET) @Nullable Diversity diversity,
    @JsonSetter(nulls = Nulls.SET) @Nullable Refusal diversityRefused) {
  private static final int FORMAT = 2;

  /** The diversity of the text. The keys of the map are those of {@link Measure#key}. */
  record Diversity(
      long documents, long words, @JsonAnyGetter @JsonAnySetter Map<String, Figure> figures) {}

  record Figure(double value, double low, double high) {}

  static GeneratedTextCard of(String identity, String sha256, WrittenText text) {
    Writing writing = text.writing();
    return new GeneratedTextCard(
        FORMAT,
        identity,
        text.key().label() + ", written by the model of " + text.key(),
        text.generator(),
        writing.promptTokens(),
        writing.temperature(),
        writing.topP(),
        writing.toString(),
        text.documents(),
        text.dropped(),
        text.tokens(),
        text.flops(),
        text.seconds(),
        sha256,
        text.diversity().toOptional().map(GeneratedTextCard::diversity).orElse(null),
        text.diversity().toRefusal().orElse(null));
  }

  private static Diversity diversity(TextDiversity d) {
    Map<String, Figure> figures = new LinkedHashMap<>();
    d.figures()
        .forEach(
            (measure, e) ->
                figures.put(
                    measure.key(), new Figure(e.value(), e.interval().low(), e.interval().high())));
    return new Diversity(d.documents(), d.words(), figures);
  }

  static GeneratedTextCard read(byte[] json) throws IOException {
    return JsonRecords.read(json, GeneratedTextCard.class, FORMAT);
  }

  byte[] json() throws IOException {
    return (new String(JsonRecords.pretty(this), StandardCharsets.UTF_8) + "\n")
        .getBytes(StandardCharsets.UTF_8);
  }

  /**
   * Returns the text that this card describes.
   *
   * @throws IOException if a measure of diversity is missing
   */
  WrittenText writtenText(RoundKey key, Path file, Writing how) throws IOException {
    return new WrittenText(
        key, generator, file, how, documents, dropped, tokens, flops, seconds, answer());
  }

  private Answer<TextDiversity> answer() throws IOException {
    if (diversityRefused != null) {
      return Answer.refused(diversityRefused);
    }
    Map<Measure, Estimate> figures = new EnumMap<>(Measure.class);
    for (Measure measure : Measure.values()) {
      Figure f = diversity == null ? null : diversity.figures().get(measure.key());
      if (f == null) {
        throw new IOException("no " + measure.key());
      }
      figures.put(measure, Estimate.of(f.value(), f.low(), f.high()));
    }
    return Answer.known(new TextDiversity(diversity.documents(), diversity.words(), figures));
  }
}
