package dev.mixlaw.mix.synthetic;

import dev.mixlaw.mix.internal.Digest;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A thesaurus read from the WordNet files (Fellbaum 1998; file formats: senseidx(5), morphy(7)).
 * The sense index provides the synonym sets, the order of a word's senses, and their frequencies in
 * tagged text. The verb exceptions provide the irregular verbs.
 */
final class WordNet {
  private static final char VERB = '2';

  private final Map<String, Entry> entries;
  private final EnglishInflection forms;
  private final String fingerprint;

  private record Entry(boolean verb, List<String> synonyms) {}

  private record Sense(String lemma, char type, int synset, int rank, int count) {}

  private WordNet(Map<String, Entry> entries, EnglishInflection forms, String fingerprint) {
    this.entries = entries;
    this.forms = forms;
    this.fingerprint = fingerprint;
  }

  static WordNet read(InputStream senseIndex, InputStream verbExceptions) throws IOException {
    Digest digest = new Digest();
    Map<String, List<Sense>> byLemma = new HashMap<>();
    Map<Long, List<String>> members = new HashMap<>();
    BufferedReader lines = lines(senseIndex);
    for (String line = lines.readLine(); line != null; line = lines.readLine()) {
      digest.add(line);
      Sense sense = sense(line);
      if (EnglishInflection.plain(sense.lemma())) {
        byLemma.computeIfAbsent(sense.lemma(), lemma -> new ArrayList<>(2)).add(sense);
        members.computeIfAbsent(synset(sense), key -> new ArrayList<>(2)).add(sense.lemma());
      }
    }
    Map<String, Entry> entries = new HashMap<>();
    byLemma.forEach(
        (lemma, senses) -> entry(lemma, senses, members).ifPresent(e -> entries.put(lemma, e)));
    byte[] verbs = verbExceptions.readAllBytes();
    EnglishInflection forms = EnglishInflection.read(lines(new ByteArrayInputStream(verbs)));
    return new WordNet(entries, forms, digest.add(verbs).hex());
  }

  private static BufferedReader lines(InputStream in) {
    return new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8));
  }

  /** Parses a line of the form {@code lemma%type:file:id:head:headid offset rank count}. */
  private static Sense sense(String line) throws IOException {
    String[] fields = line.split(" ");
    int percent = line.indexOf('%');
    if (fields.length != 4 || percent < 1) {
      throw new IOException("invalid line of WordNet's index.sense: " + line);
    }
    char type = line.charAt(percent + 1);
    return new Sense(
        line.substring(0, percent),
        type == '5' ? '3' : type, // type 5 denotes adjective satellites
        Integer.parseInt(fields[1]),
        Integer.parseInt(fields[2]),
        Integer.parseInt(fields[3]));
  }

  private static long synset(Sense sense) {
    return ((long) sense.type() << 32) | sense.synset();
  }

  private static Optional<Entry> entry(
      String lemma, List<Sense> senses, Map<Long, List<String>> members) {
    Map<Character, Integer> counts = new HashMap<>();
    senses.forEach(sense -> counts.merge(sense.type(), sense.count(), Integer::sum));
    char type = '1';
    int most = -1;
    for (char t = '1'; t <= '4'; t++) { // nouns and then verbs win ties
      int count = counts.getOrDefault(t, -1);
      if (count > most) {
        most = count;
        type = t;
      }
    }
    Sense best = null;
    int usual = 0;
    for (Sense sense : senses) {
      usual = Math.max(usual, sense.type() == type ? sense.count() : 0);
    }
    for (Sense sense : senses) {
      boolean common = sense.rank() == 1 || (sense.count() > 0 && 2 * sense.count() >= usual);
      boolean fits = sense.type() == type && common && members.get(synset(sense)).size() > 1;
      if (fits && (best == null || sense.rank() < best.rank())) {
        best = sense;
      }
    }
    if (best == null) {
      return Optional.empty();
    }
    List<String> synonyms = new ArrayList<>(members.get(synset(best)));
    synonyms.removeIf(lemma::equals);
    return synonyms.isEmpty()
        ? Optional.empty()
        : Optional.of(new Entry(type == VERB, synonyms.stream().distinct().toList()));
  }

  String fingerprint() {
    return fingerprint;
  }

  List<String> synonyms(String word) {
    Entry entry = entries.get(word);
    if (entry != null) {
      return entry.synonyms();
    }
    for (EnglishInflection.Base base : forms.bases(word)) {
      Entry of = entries.get(base.word());
      if (of != null && (of.verb() || base.form() == EnglishInflection.Form.S)) {
        List<String> same = new ArrayList<>();
        for (String synonym : of.synonyms()) {
          forms.inflect(synonym, base.form(), of.verb()).ifPresent(same::add);
        }
        same.removeIf(word::equals);
        return same;
      }
    }
    return List.of();
  }
}
