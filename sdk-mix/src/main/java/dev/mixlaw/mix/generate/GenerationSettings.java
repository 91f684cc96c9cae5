package dev.mixlaw.mix.generate;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.mix.generate.spi.DraftFilter;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.generate.spi.Style;
import java.util.List;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * A generation's description, checked.
 *
 * @param name of the corpus to be made
 * @param documents of the source, at most
 * @param prices by generator
 * @param unansweredLimit drafts that may be left out for want of an answer
 */
record GenerationSettings(
    String name,
    Corpus source,
    long documents,
    Style style,
    MaterialSource materials,
    TextGenerator generator,
    List<DraftFilter> filters,
    int maxTokens,
    double temperature,
    long seed,
    int concurrency,
    RetryPolicy retry,
    Budget budget,
    Map<String, Price> prices,
    String currency,
    ToIntFunction<String> tokens,
    String tokenCounter,
    int unansweredLimit,
    Sleeper waiting) {
  RecordingSession.Manner manner() {
    return new RecordingSession.Manner(maxTokens, temperature);
  }

  PriceList tariff() {
    return new PriceList(prices, tokens);
  }
}
