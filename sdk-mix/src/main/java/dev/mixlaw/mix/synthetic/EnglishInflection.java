package dev.mixlaw.mix.synthetic;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Adds and removes the regular inflectional endings of English nouns and verbs. */
final class EnglishInflection {
  enum Form {
    /** The plural of a noun, or the third person singular of a verb. */
    S,
    /** The past tense and the past participle. */
    ED,
    /** The present participle. */
    ING
  }

  record Base(String word, Form form) {}

  private final Set<String> irregularVerbs;
  private final Map<String, String> listedForms;

  private EnglishInflection(Set<String> irregularVerbs, Map<String, String> listedForms) {
    this.irregularVerbs = irregularVerbs;
    this.listedForms = listedForms;
  }

  /** Reads WordNet's verb exceptions. Each line has an inflected form and its base form. */
  static EnglishInflection read(BufferedReader verbExceptions) throws IOException {
    Set<String> irregular = new HashSet<>();
    Map<String, String> listed = new HashMap<>();
    for (String line = verbExceptions.readLine(); line != null; line = verbExceptions.readLine()) {
      String[] words = line.split(" ");
      if (words.length < 2) {
        throw new IOException("invalid line of WordNet's verb.exc: " + line);
      }
      String form = words[0];
      if (form.endsWith("ed")) {
        listed.putIfAbsent(
            words[1] + Form.ED, form); // such as "stopped", whose consonant is doubled
      } else if (form.endsWith("ing")) {
        listed.putIfAbsent(words[1] + Form.ING, form);
      } else if (!form.endsWith("s")) {
        irregular.add(words[1]);
      }
    }
    return new EnglishInflection(irregular, listed);
  }

  static boolean plain(String word) {
    return word.length() > 2 && word.chars().allMatch(c -> c >= 'a' && c <= 'z');
  }

  /** Returns the possible base forms of a word, most likely first. */
  List<Base> bases(String word) {
    List<Base> bases = new ArrayList<>();
    if (word.endsWith("s") && !word.endsWith("ss")) {
      strip(word, "ies", "y", Form.S, bases);
      strip(word, "s", "", Form.S, bases);
      strip(word, "es", "", Form.S, bases);
    } else if (word.endsWith("ed")) {
      strip(word, "ied", "y", Form.ED, bases);
      strip(word, "d", "", Form.ED, bases);
      strip(word, "ed", "", Form.ED, bases);
      undouble(word, 2, Form.ED, bases);
    } else if (word.endsWith("ing")) {
      strip(word, "ing", "e", Form.ING, bases);
      strip(word, "ing", "", Form.ING, bases);
      undouble(word, 3, Form.ING, bases);
    }
    return bases;
  }

  private static void strip(String word, String end, String put, Form form, List<Base> bases) {
    if (word.endsWith(end) && word.length() - end.length() >= 2) {
      bases.add(new Base(word.substring(0, word.length() - end.length()) + put, form));
    }
  }

  private static void undouble(String word, int ending, Form form, List<Base> bases) {
    int end = word.length() - ending;
    if (end >= 4 && word.charAt(end - 1) == word.charAt(end - 2)) {
      bases.add(new Base(word.substring(0, end - 1), form));
    }
  }

  /** Returns the inflected form of a base form, or empty for irregular verbs. */
  Optional<String> inflect(String base, Form form, boolean verb) {
    if (verb && irregularVerbs.contains(base)) {
      return Optional.empty();
    }
    if (!verb && base.endsWith("s") && !base.endsWith("ss")) {
      return Optional.of(base); // a plural already, such as "talks"
    }
    String listed = listedForms.get(base + form);
    return Optional.of(listed != null && verb ? listed : regular(base, form));
  }

  private static String regular(String base, Form form) {
    boolean consonantY = base.endsWith("y") && !vowel(base.charAt(base.length() - 2));
    String stem = base.substring(0, base.length() - 1);
    return switch (form) {
      case S -> consonantY ? stem + "ies" : base + (base.matches(".*(s|x|z|ch|sh)") ? "es" : "s");
      case ED -> consonantY ? stem + "ied" : base + (base.endsWith("e") ? "d" : "ed");
      case ING ->
          base.endsWith("ie")
              ? base.substring(0, base.length() - 2) + "ying"
              : base.endsWith("e") && !base.endsWith("ee") ? stem + "ing" : base + "ing";
    };
  }

  static boolean vowel(char letter) {
    return "aeiou".indexOf(letter) >= 0;
  }
}
