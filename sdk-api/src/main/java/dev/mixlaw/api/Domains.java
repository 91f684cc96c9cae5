package dev.mixlaw.api;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Held-out text to measure losses on, one domain a kind of text.
 *
 * @param listed domains given one by one; a domain is named after its corpus
 * @param directories each file or folder of text in one of these is a domain, named after it
 * @param mostBytes of UTF-8 text to measure on in each domain, as {@link Corpus#excerpt}; all of it
 *     when empty
 */
public record Domains(List<Corpus> listed, List<Path> directories, OptionalLong mostBytes) {
  public Domains {
    listed = List.copyOf(listed);
    directories = List.copyOf(directories);
    Objects.requireNonNull(mostBytes, "mostBytes");
  }

  /**
   * Each file or folder of text in the directory is a domain: {@code wiki.jsonl} is the domain
   * {@code wiki}; of a folder with splits it is the validation text.
   */
  public static Domains directory(Path directory) {
    return new Domains(List.of(), List.of(directory), OptionalLong.empty());
  }

  public static Domains of(Corpus... domains) {
    return new Domains(List.of(domains), List.of(), OptionalLong.empty());
  }

  /** These domains and one more. */
  public Domains and(Corpus domain) {
    List<Corpus> more = new ArrayList<>(listed);
    more.add(domain);
    return new Domains(more, directories, mostBytes);
  }

  /**
   * Measures on about so much of each domain: every run is measured on all domains, which for small
   * models takes longer than training. Fewer documents give wider intervals.
   *
   * @param bytes of UTF-8 text
   */
  public Domains atMostBytes(long bytes) {
    return new Domains(listed, directories, OptionalLong.of(bytes));
  }
}
