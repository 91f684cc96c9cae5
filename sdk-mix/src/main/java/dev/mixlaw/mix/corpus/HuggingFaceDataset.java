package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.internal.TextFiles;
import java.nio.file.Path;
import java.util.Objects;
import java.util.Optional;

/**
 * A split of a Hugging Face dataset in a local directory, as created by {@code git clone} or {@code
 * hf download}.
 *
 * <pre>{@code
 * Corpus web = HuggingFaceDataset.in(Path.of("fineweb-edu")).split("train").corpus("web");
 * }</pre>
 *
 * <p>The files of a split are determined by the first of these rules that applies, as in Hugging
 * Face's library {@code datasets}:
 *
 * <ul>
 *   <li>The header of {@code README.md} has {@code configs} that list the files. Reading the header
 *       requires {@code org.snakeyaml:snakeyaml-engine}.
 *   <li>File names have the form {@code data/SPLIT-00000-of-00005.parquet}.
 *   <li>File names contain the word {@code train}, {@code validation} ({@code valid}, {@code val},
 *       {@code dev}) or {@code test} ({@code eval}). If no file name contains such a word,
 *       directory names are examined.
 *   <li>Otherwise, all files belong to the split {@code train}.
 * </ul>
 *
 * <p>Files contain Parquet, JSON Lines, or text with one document per line, and may be compressed
 * as {@code .gz} or {@code .zst}. {@link Corpora} describes how files are read. No file is
 * downloaded, and no file is read before the corpus is opened.
 *
 * @param directory the directory of the dataset
 * @param configuration the name of a configuration in the README; if empty, the default
 *     configuration or the only configuration
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
  /** Checks that no component is {@code null}. */
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

  /** Returns a copy of this dataset that reads another configuration. */
  public HuggingFaceDataset configuration(String name) {
    return new HuggingFaceDataset(
        directory, Optional.of(name), split, textField, badRecordFraction);
  }

  /** Returns a copy of this dataset that reads another split. */
  public HuggingFaceDataset split(String name) {
    return new HuggingFaceDataset(directory, configuration, name, textField, badRecordFraction);
  }

  /** Returns a copy of this dataset that reads the text from another column or field. */
  public HuggingFaceDataset textField(String name) {
    return new HuggingFaceDataset(directory, configuration, split, name, badRecordFraction);
  }

  /** Returns a copy of this dataset with another limit for malformed records. */
  public HuggingFaceDataset badRecordFraction(double fraction) {
    return new HuggingFaceDataset(directory, configuration, split, textField, fraction);
  }

  /**
   * Returns the split as a corpus of natural text. Opening the corpus fails if the directory, the
   * configuration or the split is missing, or if a file cannot be read. The exception lists all
   * problems.
   *
   * @param name the name of the corpus
   */
  public Corpus corpus(String name) {
    TextFiles files =
        new TextFiles(directory, TextFiles.Format.BY_NAME, textField, badRecordFraction);
    return Corpora.listed(
        name,
        files,
        () -> DatasetFiles.of(name, directory, configuration, split),
        TextFiles.Format.LINES);
  }
}
