package dev.mixlaw.mix.prepare;

import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyEvent;
import dev.mixlaw.api.StudyListener;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.api.internal.spi.DataPreparer;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.internal.spi.StageRunner;
import dev.mixlaw.api.results.Answer;
import dev.mixlaw.api.results.Overlap;
import dev.mixlaw.api.results.TextDiversity;
import dev.mixlaw.api.results.TextFacts;
import dev.mixlaw.api.spi.Tokenizer;
import dev.mixlaw.mix.analysis.DiversityMeter;
import dev.mixlaw.mix.corpus.HeldOut;
import dev.mixlaw.mix.internal.Contamination;
import dev.mixlaw.mix.internal.Digest;
import dev.mixlaw.mix.internal.TextFingerprint;
import dev.mixlaw.mix.shard.ShardWriter;
import dev.mixlaw.mix.shard.TokenBatch;
import dev.mixlaw.mix.shard.TokenShard;
import dev.mixlaw.mix.token.Tokenizers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * Prepares the text of studies in a directory with the files {@code tokenizer-KEY.json}, {@code
 * corpora/NAME-KEY.tokens} and {@code domains/NAME-KEY.tokens}. The key is a hash of everything
 * that determines the file, so studies share identical files. Files that are no longer needed may
 * be deleted.
 *
 * <p>Every text is read once to compute its fingerprint and to detect its language. The same
 * reading checks whether training text contains documents of the domains, which causes a warning. A
 * text is read again only if the tokenizer, the tokens or the words are not stored yet. A stored
 * file is used only if it was written for the same documents and the same tokenizer. Damaged files
 * are replaced. Memory is needed for 12 bytes per document, for the distinct words of the
 * tokenizer's sample, and for the data with which documents of domains are found in training text.
 *
 * <p>When a study runs, the words of mixtures and domains are compared, and the result is stored in
 * {@code words-KEY.json}.
 */
public final class StudyPreparer implements DataPreparer {
  /** The minimum number of documents in a domain. Smaller domains cause a warning. */
  private static final int FEW_DOCUMENTS = 20;

  private final TextReader reader;

  public StudyPreparer() {
    this(TextReader.LOCAL);
  }

  private StudyPreparer(TextReader reader) {
    this.reader = reader;
  }

  @Override
  public DataPreparer withStages(StageRunner stages) {
    return new StudyPreparer(new TextReader(stages));
  }

  @Override
  public Answer<TextDiversity> diversity(
      DocumentSource text, DocumentSource reference, long words) {
    return DiversityMeter.measure(text, reference, words);
  }

  @Override
  public PreparedData prepare(Study study, Path directory, StudyListener listener) {
    List<Problem> problems = new ArrayList<>();
    List<String> warnings = new ArrayList<>();
    List<TextSummary> corpusTexts =
        study.corpora().stream()
            .map(c -> new TextSummary(new TextSource("corpus", c), listener))
            .toList();
    List<TextSummary> domainTexts =
        DomainSources.of(study.domains(), problems, warnings).stream()
            .map(domain -> new TextSummary(domain, listener))
            .toList();
    Contamination contamination = new Contamination();
    domainTexts.forEach(domain -> domain.readDomain(contamination));
    corpusTexts.forEach(corpus -> corpus.readCorpus(reader, contamination));
    Stream.of(corpusTexts, domainTexts)
        .flatMap(List::stream)
        .forEach(text -> problems.addAll(text.problems()));
    StudyTokenizer tokenizers = new StudyTokenizer(directory, reader, listener);
    Optional<Tokenizer> existing = tokenizers.existing(study.tokenizer(), problems);
    if (!problems.isEmpty()) {
      existing.ifPresent(Tokenizer::close);
      throw new MixlawException(MixlawException.Kind.DATA, problems, null);
    }
    for (TextSummary corpus : corpusTexts) {
      contamination.overlaps(corpus.source().name(), corpus.matches()).stream()
          .filter(overlap -> overlap.contaminated() > 0)
          .map(StudyPreparer::contamination)
          .forEach(warnings::add);
    }
    Tokenizer tokenizer =
        existing.orElseGet(() -> tokenizers.trained(study.tokenizer(), corpusTexts));
    try {
      List<TokenShard> corpusTokens =
          shards(reader, corpusTexts, tokenizer, directory.resolve("corpora"), listener);
      List<TokenShard> domainTokens =
          shards(TextReader.LOCAL, domainTexts, tokenizer, directory.resolve("domains"), listener);
      warn(study, tokenizer, corpusTokens, domainTokens, warnings);
      MixtureWordComparer words =
          new MixtureWordComparer(
              study,
              texts(corpusTexts, corpusTokens),
              texts(domainTexts, domainTokens),
              directory,
              MixtureWordComparer.MOST_BYTES,
              reader);
      TokenizerSpec stored =
          study.tokenizer().isTrained()
              ? TokenizerSpec.huggingFace(tokenizers.file(study.tokenizer(), corpusTexts))
              : study.tokenizer();
      return new PreparedStudy(
          stored, tokenizer, corpusTokens, domainTokens, Optional.of(words), warnings);
    } catch (RuntimeException | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  @Override
  public PreparedData open(
      TokenizerSpec spec, List<TextFacts> corpora, List<TextFacts> domains, Path directory) {
    Tokenizer tokenizer = Tokenizers.open(spec);
    try {
      return new PreparedStudy(
          spec,
          tokenizer,
          shards(corpora, tokenizer, directory.resolve("corpora")),
          shards(domains, tokenizer, directory.resolve("domains")),
          Optional.empty(),
          List.of());
    } catch (RuntimeException | Error e) {
      tokenizer.close();
      throw e;
    }
  }

  private static List<TokenShard> shards(
      List<TextFacts> texts, Tokenizer tokenizer, Path directory) {
    return texts.stream()
        .map(
            text ->
                PreparedStudy.shard(
                    directory.resolve(
                        fileName(text.name(), text.fingerprint(), text.skipped(), tokenizer)),
                    text.name(),
                    text.kind(),
                    text.generator()))
        .toList();
  }

  private static List<MixtureWordComparer.Text> texts(
      List<TextSummary> summaries, List<TokenShard> tokens) {
    List<MixtureWordComparer.Text> texts = new ArrayList<>();
    for (int i = 0; i < summaries.size(); i++) {
      TextSummary text = summaries.get(i);
      texts.add(
          new MixtureWordComparer.Text(text.source(), tokens.get(i).facts(), text.language()));
    }
    return texts;
  }

  private static List<TokenShard> shards(
      TextReader reader,
      List<TextSummary> texts,
      Tokenizer tokenizer,
      Path directory,
      StudyListener listener) {
    List<TokenShard> shards = new ArrayList<>();
    for (TextSummary text : texts) {
      Path file =
          directory.resolve(
              fileName(text.source().name(), text.fingerprint(), text.skipped(), tokenizer));
      shards.add(
          existing(file, text, tokenizer, listener)
              .orElseGet(() -> write(reader, file, text, tokenizer, listener)));
    }
    return shards;
  }

  private static String fileName(
      String text, String fingerprint, long skipped, Tokenizer tokenizer) {
    Digest key = new Digest().add(tokenizer.fingerprint()).add(tokenizer.endOfText());
    key.add(fingerprint).add(skipped);
    return text + "-" + key.hex().substring(0, 16) + ".tokens";
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
      listener.on(
          new StudyEvent.Warned("the shard will be written again: " + damaged.getMessage()));
      return Optional.empty();
    }
  }

  private static TokenShard write(
      TextReader reader, Path file, TextSummary text, Tokenizer tokenizer, StudyListener listener) {
    TextSource source = text.source();
    String stage = "tokens of " + source.title();
    PreparationProgress progress = new PreparationProgress(listener, stage, text.bytes());
    long[] done = {0};
    TextReader.PartFunction<TokenBatch> encoder =
        reader.stages() == StageRunner.LOCAL
            ? part -> encoder(tokenizer, false)
            : new RemoteEncoder(TokenizerFiles.of(tokenizer));
    ShardWriter.write(
        file,
        tokenizer,
        writer ->
            reader.read(
                stage,
                source,
                encoder,
                batch -> {
                  writer.add(batch);
                  done[0] += Arrays.stream(batch.bytes()).asLongStream().sum();
                  progress.accept(done[0]);
                }));
    TokenShard shard = TokenShard.open(file, source.corpus());
    if (!shard.facts().fingerprint().equals(text.fingerprint())) {
      throw MixlawException.data(
          source.title(),
          "two readings returned different documents",
          "the same documents in the same order each time",
          "correct the source of the documents");
    }
    progress.finish(text.bytes());
    return shard;
  }

  /**
   * Tokenizes the batches of a part. The tokenizer is opened in the process that reads the part.
   */
  private record RemoteEncoder(TokenizerFiles files)
      implements TextReader.PartFunction<TokenBatch> {
    @Override
    public Function<TextReader.Batch, TokenBatch> open(int part) {
      return encoder(files.open(), true);
    }
  }

  private static Function<TextReader.Batch, TokenBatch> encoder(
      Tokenizer tokenizer, boolean closing) {
    TextFingerprint content = new TextFingerprint();
    return batch -> {
      batch.documents().forEach(content::add);
      TokenBatch.PartEnd end =
          batch.last()
              ? new TokenBatch.PartEnd(
                  content.hex(), batch.stream().skipped(), batch.stream().skippedExamples())
              : null;
      TokenBatch tokens = TokenBatch.of(batch.documents(), tokenizer, end);
      if (closing && batch.last()) {
        tokenizer.close();
      }
      return tokens;
    };
  }

  private static String contamination(Overlap overlap) {
    return Texts.format(
        "domain %s: corpus %s contains %d of its %d documents (over %.0f %% of their 13-word shingles, or a near copy), such as %s: the losses of mixtures with this corpus are too low",
        overlap.domain(),
        overlap.corpus(),
        overlap.contaminated(),
        overlap.documents(),
        100 * HeldOut.MOST_SHARED,
        String.join(", ", overlap.examples()));
  }

  private static void warn(
      Study study,
      Tokenizer tokenizer,
      List<TokenShard> corpora,
      List<TokenShard> domains,
      List<String> warnings) {
    int wanted = study.tokenizer().vocabulary();
    if (tokenizer.vocabulary() < wanted) {
      warnings.add(
          Texts.format(
              "tokenizer: the sample is sufficient for only %d tokens, fewer than the %d in the description",
              tokenizer.vocabulary(), wanted));
    }
    corpora.forEach(c -> warnSkipped("corpus ", c, warnings));
    for (TokenShard domain : domains) {
      warnSkipped("domain ", domain, warnings);
      if (domain.documents() < FEW_DOCUMENTS) {
        warnings.add(
            Texts.format(
                "domain %s has %d documents; with fewer than %d its confidence intervals are unreliable",
                domain.facts().name(), domain.documents(), FEW_DOCUMENTS));
      }
    }
  }

  private static void warnSkipped(String role, TokenShard text, List<String> warnings) {
    long skipped = text.facts().skipped();
    if (skipped > 0) {
      warnings.add(
          "%s%s: %d malformed record%s skipped, such as %s"
              .formatted(
                  role,
                  text.facts().name(),
                  skipped,
                  skipped == 1 ? " was" : "s were",
                  String.join("; ", text.skippedExamples())));
    }
  }
}
