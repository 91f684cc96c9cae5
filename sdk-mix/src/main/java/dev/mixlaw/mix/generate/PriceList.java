package dev.mixlaw.mix.generate;

import dev.mixlaw.api.spi.TextGenerator;
import dev.mixlaw.api.spi.TextGenerator.Written;
import java.util.Map;
import java.util.function.ToIntFunction;

/** Counts tokens and money. */
record PriceList(Map<String, Price> prices, ToIntFunction<String> tokens) {
  /** An answer with what it took: counted by the generator, else here. */
  RequestHandler.Answer answer(TextGenerator generator, String prompt, AnswerLog.Entry entry) {
    Written written = entry.written();
    boolean estimated = written.promptTokens().isEmpty() || written.writtenTokens().isEmpty();
    long read = written.promptTokens().orElseGet(() -> tokens.applyAsInt(prompt));
    long wrote = written.writtenTokens().orElseGet(() -> tokens.applyAsInt(written.text()));
    return new RequestHandler.Answer(
        written.text(),
        written.cutOff(),
        read,
        wrote,
        estimated,
        cost(generator, read, wrote),
        entry.seed());
  }

  double cost(TextGenerator generator, long promptTokens, long writtenTokens) {
    Price price = prices.get(generator.name());
    return price == null ? 0 : price.of(promptTokens, writtenTokens);
  }
}
