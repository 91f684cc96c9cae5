package dev.mixlaw.api;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Held-out text on which losses are measured. A domain is text of one kind.
 *
 * @param listed domains that are given one by one; a domain has the name of its corpus
 * @param directories each file or folder of text in one of these is a domain with its name
 * @param mostBytes most UTF-8 text of each domain to measure on, as in {@link Corpus#excerpt}; all
 *     of it when empty
 */
public record Domains(List<Corpus> listed, List<Path> directories, OptionalLong mostBytes) {
  /** Copies the lists. */
  public Domains {
    listed = List.copyOf(listed);
    directories = List.copyOf(directories);
    Objects.requireNonNull(mostBytes, "mostBytes");
  }

  /**
   * Returns the domains in a directory. Each file or folder of text is one: {@code wiki.jsonl} is
   * the domain {@code wiki}. Of a folder with splits, the validation text is used.
   */
  public static Domains directory(Path directory) {
    return new Domains(List.of(), List.of(directory), OptionalLong.empty());
  }

  /** Returns domains that are given one by one. */
  public static Domains of(Corpus... domains) {
    return new Domains(List.of(domains), List.of(), OptionalLong.empty());
  }

  /** Returns these domains and one more. */
  public Domains and(Corpus domain) {
    List<Corpus> more = new ArrayList<>(listed);
    more.add(domain);
    return new Domains(more, directories, mostBytes);
  }

  /**
   * Returns these domains, of which only so much text is measured. Every run is measured on all
   * domains, which for small models takes longer than training. Fewer documents give wider
   * confidence intervals.
   *
   * @param bytes of UTF-8 text of each domain, at least 1
   */
  public Domains atMostBytes(long bytes) {
    return new Domains(listed, directories, OptionalLong.of(bytes));
  }
}
