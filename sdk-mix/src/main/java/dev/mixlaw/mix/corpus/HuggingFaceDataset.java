package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A split of a dataset from the Hugging Face Hub, in a local directory as created by {@code git
 * clone} or {@code hf download}.
 *
 * <pre>{@code
 * Corpus web = HuggingFaceDataset.in(Path.of("fineweb-edu")).split("train").corpus("web");
 * }</pre>
 *
 * <p>The files of a split are found by the rules of Hugging Face's {@code datasets}:
 *
 * <ul>
 *   <li>by the {@code configs} in the header of {@code README.md}, if it has any. Reading them
 *       needs {@code org.snakeyaml:snakeyaml-engine}.
 *   <li>otherwise by names of the form {@code data/SPLIT-00000-of-00005.parquet};
 *   <li>otherwise by {@code train}, {@code validation} ({@code valid}, {@code val}, {@code dev}) or
 *       {@code test} ({@code eval}) as a word in file names or, if there is none, in directory
 *       names;
 *   <li>otherwise all files are {@code train}.
 * </ul>
 *
 * <p>Files are Parquet, JSON Lines or text with one document per line, plain, {@code .gz} or {@code
 * .zst}. They are read in the order of their names, as {@link Corpora} describes. Nothing is
 * downloaded, and nothing is read before a corpus is opened.
 *
 * @param directory the directory of the dataset
 * @param configuration the name of a configuration in the README; if empty, the default one or the
 *     only one
 * @param split the name of the split
 * @param textField the column or field that contains the text
 * @param badRecordFraction largest fraction of malformed records, as in {@link
 *     Corpus#badRecordFraction}
 */
public record HuggingFaceDataset(
    Path directory,
    Optional<String> configuration,
    String split,
    String textField,
    double badRecordFraction) {
  /** Checks that no component is null. */
  public HuggingFaceDataset {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(configuration, "configuration");
    Objects.requireNonNull(split, "split");
    Objects.requireNonNull(textField, "textField");
  }

  /** Returns the split {@code train} of the default configuration, with text field {@code text}. */
  public static HuggingFaceDataset in(Path directory) {
    return new HuggingFaceDataset(
        directory, Optional.empty(), "train", "text", Corpus.DEFAULT_BAD_RECORD_FRACTION);
  }

  /** Returns a copy that reads another configuration. */
  public HuggingFaceDataset configuration(String name) {
    return new HuggingFaceDataset(
        directory, Optional.of(name), split, textField, badRecordFraction);
  }

  /** Returns a copy that reads another split. */
  public HuggingFaceDataset split(String name) {
    return new HuggingFaceDataset(directory, configuration, name, textField, badRecordFraction);
  }

  /** Returns a copy that reads the text from another column or field. */
  public HuggingFaceDataset textField(String name) {
    return new HuggingFaceDataset(directory, configuration, split, name, badRecordFraction);
  }

  /** Returns a copy with another limit for malformed records. */
  public HuggingFaceDataset badRecordFraction(double fraction) {
    return new HuggingFaceDataset(directory, configuration, split, textField, fraction);
  }

  /**
   * Returns the corpus, whose kind is natural. Opening it fails if the directory, the configuration
   * or the split is missing, or if files cannot be read; the exception lists all problems.
   *
   * @param name the name of the corpus
   */
  public Corpus corpus(String name) {
    Corpus.Files files =
        new Corpus.Files(directory, Corpus.Format.BY_NAME, textField, badRecordFraction);
    return Corpus.documents(
        name,
        () -> {
          List<String> names = DatasetFiles.of(name, directory, configuration, split);
          return new FileDocumentStream(
              name,
              files,
              CorpusFiles.listed(name, files, names, Corpus.Format.LINES),
              Corpora.MAX_RECORD_BYTES);
        });
  }
}
