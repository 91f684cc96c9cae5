package dev.mixlaw.api;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * Held-out text on which losses are measured. A domain is text of one kind.
 *
 * @param listed domains that are given individually; a domain has the name of its corpus
 * @param directories directories in which each file or folder of text is a domain that is named
 *     after it
 * @param mostBytes largest number of UTF-8 bytes measured per domain, sampled as by {@link
 *     Corpus#excerpt}; if empty, all text is measured
 */
public record Domains(List<Corpus> listed, List<Path> directories, OptionalLong mostBytes) {
  /** Copies the lists. */
  public Domains {
    listed = List.copyOf(listed);
    directories = List.copyOf(directories);
    Objects.requireNonNull(mostBytes, "mostBytes");
  }

  /**
   * Returns the domains in a directory. Each file or folder of text is one domain: {@code
   * wiki.jsonl} is the domain {@code wiki}. If a folder has splits, the validation split is used.
   */
  public static Domains directory(Path directory) {
    return new Domains(List.of(), List.of(directory), OptionalLong.empty());
  }

  /** Returns domains that are given individually. */
  public static Domains of(Corpus... domains) {
    return new Domains(List.of(domains), List.of(), OptionalLong.empty());
  }

  /** Returns these domains and the given one. */
  public Domains and(Corpus domain) {
    List<Corpus> more = new ArrayList<>(listed);
    more.add(domain);
    return new Domains(more, directories, mostBytes);
  }

  /**
   * Returns these domains with a limit on the text that is measured. Every run is measured on all
   * domains. For small models, measuring takes longer than training. Fewer documents give wider
   * confidence intervals.
   *
   * @param bytes limit per domain in bytes of UTF-8 text, at least 1
   */
  public Domains atMostBytes(long bytes) {
    return new Domains(listed, directories, OptionalLong.of(bytes));
  }
}
