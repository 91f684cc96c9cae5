package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.spi.DataPreparer;
import dev.mixlaw.api.spi.PreparedData;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.api.spi.WordComparer;
import dev.mixlaw.mix.internal.Digest;
import dev.mixlaw.mix.shard.ShardWriter;
import dev.mixlaw.mix.shard.TokenShard;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Prepares the text of studies in a directory: {@code tokenizer-KEY.json}, {@code
 * corpora/NAME-KEY.tokens} and {@code domains/NAME-KEY.tokens}. A key stands for all that a file is
 * made of, so that studies share what they have in common; files that no study needs any more may
 * be deleted.
 *
 * <p>Every text is read once to survey it, whatever the directory holds: what is there is used if,
 * and only if, it was made of the very same documents by the very same tokenizer. Times and sizes
 * of files decide nothing. A second reading looks for documents of domains in training text, which
 * is warned of. A damaged or foreign file is made again. Memory does not grow with the texts, but
 * for 12 bytes a document, the distinct words of the tokenizer's sample, and what {@link
 * dev.mixlaw.mix.analysis.Contamination} holds of the domains.
 *
 * <p>Words of mixtures and domains are compared when a study is run, unless {@link
 * #withoutWordComparison} says not to, and kept in {@code words-KEY.json}.
 */
public final class StudyPreparer implements DataPreparer {
  /** Fewer documents than this say little about a domain. */
  private static final int FEW_DOCUMENTS = 20;

  private final boolean comparingWords;

  /** A preparer. */
  public StudyPreparer() {
    this(true);
  }

  private StudyPreparer(boolean comparingWords) {
    this.comparingWords = comparingWords;
  }

  /** One that leaves the words of mixtures and domains alone. */
  public StudyPreparer withoutWordComparison() {
    return new StudyPreparer(false);
  }

  @Override
  public PreparedData prepare(Study study, Path directory, StudyListener listener) {
    List<Problem> problems = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    List<TextSource> corpora =
        study.corpora().stream().map(c -> new TextSource("corpus", c)).toList();
    List<TextSource> domains = DomainSources.of(study.domains(), problems, warnings);
    List<TextSummary> surveyedCorpora = survey(corpora, problems, listener);
    List<TextSummary> surveyedDomains = survey(domains, problems, listener);
    StudyTokenizer tokenizers = new StudyTokenizer(directory, listener);
    Optional<Tokenizer> existing = tokenizers.existing(study.tokenizer(), problems);
    if (!problems.isEmpty()) {
      existing.ifPresent(Tokenizer::close);
      throw new MixlawException(MixlawException.Kind.DATA, problems, null);
    }
    ContaminationCheck.warn(corpora, domains, warnings);
    Tokenizer tokenizer =
        existing.orElseGet(() -> tokenizers.trained(study.tokenizer(), surveyedCorpora));
    try {
      List<TokenShard> corpusTokens =
          shards(surveyedCorpora, tokenizer, directory.resolve("corpora"), listener);
      List<TokenShard> domainTokens =
          shards(surveyedDomains, tokenizer, directory.resolve("domains"), listener);
      warn(study, tokenizer, corpusTokens, domainTokens, warnings);
      Optional<WordComparer> words =
          comparingWords
              ? Optional.of(
                  new MixtureWordComparer(
                      study,
                      texts(surveyedCorpora, corpusTokens),
                      texts(surveyedDomains, domainTokens),
                      directory,
                      MixtureWordComparer.MOST_BYTES))
              : Optional.empty();
      return new PreparedStudy(tokenizer, corpusTokens, domainTokens, words, warnings);
    } catch (RuntimeException | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  private static List<MixtureWordComparer.Text> texts(
      List<TextSummary> surveys, List<TokenShard> tokens) {
    List<MixtureWordComparer.Text> texts = new ArrayList<>();
    for (int i = 0; i < surveys.size(); i++) {
      texts.add(new MixtureWordComparer.Text(surveys.get(i).source(), tokens.get(i).facts()));
    }
    return texts;
  }

  private static List<TextSummary> survey(
      List<TextSource> sources, List<Problem> problems, StudyListener listener) {
    List<TextSummary> surveys = new ArrayList<>();
    for (TextSource source : sources) {
      PreparationProgress progress =
          new PreparationProgress(listener, "text of " + source.title(), 0);
      Optional<TextSummary> survey = TextSummary.of(source, problems, progress);
      survey.ifPresent(
          s -> {
            progress.finish(s.bytes());
            surveys.add(s);
          });
    }
    return surveys;
  }

  private static List<TokenShard> shards(
      List<TextSummary> texts, Tokenizer tokenizer, Path directory, StudyListener listener) {
    List<TokenShard> shards = new ArrayList<>();
    for (TextSummary text : texts) {
      Path file = directory.resolve(fileName(text, tokenizer));
      shards.add(
          existing(file, text, tokenizer, listener)
              .orElseGet(() -> write(file, text, tokenizer, listener)));
    }
    return shards;
  }

  private static String fileName(TextSummary text, Tokenizer tokenizer) {
    Digest key = new Digest().add(tokenizer.fingerprint()).add(tokenizer.endOfText());
    key.add(text.fingerprint()).add(text.skipped());
    return text.source().name() + "-" + key.hex().substring(0, 16) + ".tokens";
  }

  private static Optional<TokenShard> existing(
      Path file, TextSummary text, Tokenizer tokenizer, StudyListener listener) {
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    try {
      TokenShard shard = TokenShard.open(file, text.source().corpus());
      boolean same =
          shard.facts().fingerprint().equals(text.fingerprint())
              && shard.facts().skipped() == text.skipped()
              && shard.madeBy(tokenizer);
      return same ? Optional.of(shard) : Optional.empty();
    } catch (MixlawException damaged) {
      listener.on(new StudyEvent.Warned("made again, for " + damaged.getMessage()));
      return Optional.empty();
    }
  }

  private static TokenShard write(
      Path file, TextSummary text, Tokenizer tokenizer, StudyListener listener) {
    TextSource source = text.source();
    PreparationProgress progress =
        new PreparationProgress(listener, "tokens of " + source.title(), text.bytes());
    try (DocumentStream documents = source.open()) {
      ShardWriter.write(file, documents, tokenizer, progress);
    }
    TokenShard shard = TokenShard.open(file, source.corpus());
    if (!shard.facts().fingerprint().equals(text.fingerprint())) {
      throw new MixlawException(
          MixlawException.Kind.DATA,
          new Problem(
              source.title(),
              "two readings gave different documents",
              "the same documents in the same order each time",
              "the source of the documents"));
    }
    progress.finish(text.bytes());
    return shard;
  }

  private static void warn(
      Study study,
      Tokenizer tokenizer,
      List<TokenShard> corpora,
      List<TokenShard> domains,
      List<String> warnings) {
    if (study.tokenizer() instanceof TokenizerSpec.TrainedBpe bpe
        && tokenizer.vocabulary() < bpe.vocabulary()) {
      warnings.add(
          "tokenizer: the sample has pairs for "
              + tokenizer.vocabulary()
              + " tokens only, of "
              + bpe.vocabulary()
              + " asked for");
    }
    corpora.forEach(c -> warnSkipped("corpus ", c, warnings));
    for (TokenShard domain : domains) {
      warnSkipped("domain ", domain, warnings);
      if (domain.documents() < FEW_DOCUMENTS) {
        warnings.add(
            "domain "
                + domain.facts().name()
                + " has "
                + domain.documents()
                + " documents; under "
                + FEW_DOCUMENTS
                + " its intervals say little");
      }
    }
  }

  private static void warnSkipped(String role, TokenShard text, List<String> warnings) {
    if (text.facts().skipped() > 0) {
      warnings.add(
          role
              + text.facts().name()
              + ": "
              + text.facts().skipped()
              + " malformed records left out, such as "
              + String.join("; ", text.skippedExamples()));
    }
  }
}
