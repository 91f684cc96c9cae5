package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.corpus.HeldOut;
import dev.mixlaw.mix.corpus.TextPath;
import dev.mixlaw.mix.quality.QualityFilter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * The corpora and domains of the reference study, read from a directory of JSON Lines:
 *
 * <pre>
 * natural/{train,valid}/DOMAIN.jsonl   {"text": text that people wrote}
 * synthetic/{train,valid}/NAME.jsonl   {"text"}; textbook_llama31 and qa_llama31
 * pairs/{train,valid}/pairs.jsonl      {"id", "text": human, "synthetic": {"rephrase/MODEL": text}}
 * </pre>
 *
 * @param natural natural text of all domains
 * @param filtered the documents of {@code natural} that the rules of Gopher and C4 accept
 * @param textbooks textbooks by Llama 3.1
 * @param questions questions and answers by Llama 3.1, which are not derived from other text
 * @param human the human side of the pairs
 * @param rephrased the same documents, each rephrased by the language model that rephrased the
 *     largest number of documents
 * @param filteredHuman the documents of {@code human} that the rules of Gopher and C4 accept
 * @param generators pairs of corpora with the same documents, rephrased by two models
 * @param domains excerpts of the held-out text
 */
public record ReferenceCorpora(
    Corpus natural,
    Corpus filtered,
    Corpus textbooks,
    Corpus questions,
    Corpus human,
    Corpus rephrased,
    Corpus filteredHuman,
    List<List<Corpus>> generators,
    Domains domains) {
  private static final String LLAMA = "Llama-3.1";
  private static final long DOMAIN_BYTES = 20_000;
  private static final int LONGEST_EXCERPT = 1_500;
  private static final long SEED = 1;

  /** Rewriting tools that only replace single words, translate, or are not chat models. */
  private static final Set<String> LEFT_OUT =
      Set.of("dipper", "back_translation", "gpt4_polish_token", "2llama_polish_token");

  /** Copies the list. */
  public ReferenceCorpora {
    generators = List.copyOf(generators);
  }

  /**
   * Reads the pairs, and writes their sides and excerpts of the domains.
   *
   * @param work directory for these files; created if missing
   * @throws MixlawException of kind DATA if a file is missing or invalid
   */
  public static ReferenceCorpora read(Path directory, Path work) {
    List<Pairs.Pair> pairs = Pairs.read(directory.resolve("pairs/train/pairs.jsonl"));
    Function<Pairs.Pair, Optional<String>> best = mostFrequentRephrasing(pairs);
    QualityFilter clean = QualityFilter.gopher().and(QualityFilter.c4());
    Corpus files = Corpus.directory(directory.resolve("natural/train"));
    // The first runs were trained when all files of a corpus had one fingerprint, as a source has.
    Corpus natural = files.with(() -> Corpora.open(files));
    List<Pairs.Pair> usable = pairs.stream().filter(p -> best.apply(p).isPresent()).toList();
    Corpus human = write(work, "human", usable, p -> Optional.of(p.natural())).natural();
    return new ReferenceCorpora(
        natural.named("natural").natural(),
        clean.apply(natural).named("filtered").natural(),
        Corpus.jsonl(directory.resolve("synthetic/train/textbook_llama31.jsonl"))
            .named("textbooks")
            .textbook(LLAMA),
        Corpus.jsonl(directory.resolve("synthetic/train/qa_llama31.jsonl"))
            .named("questions")
            .other(LLAMA),
        human,
        write(work, "rephrased", usable, best).rephrased("several models"),
        clean.apply(human).named("filtered-human"),
        List.of(
            generators("a", List.of("GPT-3-Turbo", "GPT-4o"), pairs, work),
            generators("b", List.of("Llama-3-70B", "GPT-4o"), pairs, work)),
        domains(directory, work, best));
  }

  /**
   * Returns a function that selects, among the rephrasings of a pair, the one by the model that
   * rephrased the largest number of pairs.
   */
  private static Function<Pairs.Pair, Optional<String>> mostFrequentRephrasing(
      List<Pairs.Pair> pairs) {
    Map<String, Integer> counts = Pairs.counts(pairs);
    counts.keySet().removeAll(LEFT_OUT);
    return pair ->
        pair.rephrased().entrySet().stream()
            .filter(version -> counts.containsKey(version.getKey()))
            .max(
                Comparator.<Map.Entry<String, String>>comparingInt(v -> counts.get(v.getKey()))
                    .thenComparing(Map.Entry::getKey))
            .map(Map.Entry::getValue);
  }

  private static List<Corpus> generators(
      String set, List<String> models, List<Pairs.Pair> pairs, Path work) {
    List<Pairs.Pair> both =
        pairs.stream().filter(p -> p.rephrased().keySet().containsAll(models)).toList();
    return models.stream()
        .map(
            model ->
                write(
                        work,
                        set + "-" + model,
                        both,
                        p -> Optional.ofNullable(p.rephrased().get(model)))
                    .rephrased(model))
        .toList();
  }

  private static Domains domains(
      Path directory, Path work, Function<Pairs.Pair, Optional<String>> best) {
    Path folder = work.resolve("domains");
    List<Corpus> domains = new ArrayList<>();
    for (TextPath text : TextPath.of(directory.resolve("natural/valid")).each()) {
      domains.add(excerpt(text.corpus(), folder));
    }
    for (String name : List.of("textbook_llama31", "qa_llama31")) {
      Path file = directory.resolve("synthetic/valid/" + name + ".jsonl");
      domains.add(excerpt(Corpus.jsonl(file), folder).other(LLAMA));
    }
    List<Pairs.Pair> pairs = Pairs.read(directory.resolve("pairs/valid/pairs.jsonl"));
    Path sides = work.resolve("held-out");
    domains.add(excerpt(write(sides, "pairs_human", pairs, p -> Optional.of(p.natural())), folder));
    domains.add(
        excerpt(write(sides, "pairs_rephrased", pairs, best), folder).rephrased("several models"));
    return Domains.of(domains.toArray(Corpus[]::new));
  }

  private static Corpus excerpt(Corpus whole, Path folder) {
    HeldOut split = HeldOut.split(() -> Corpora.open(whole), SEED, DOMAIN_BYTES, LONGEST_EXCERPT);
    return Excerpts.write(split.validation(), folder, whole.name());
  }

  private static Corpus write(
      Path folder,
      String name,
      List<Pairs.Pair> pairs,
      Function<Pairs.Pair, Optional<String>> side) {
    List<Document> documents =
        pairs.stream()
            .flatMap(p -> side.apply(p).map(text -> new Document(p.id(), text)).stream())
            .toList();
    return Excerpts.write(documents, folder, name);
  }
}
