package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * A split of a dataset in a directory as Hugging Face's Hub has it, such as {@code git clone} or
 * {@code hf download} leave it.
 *
 * <pre>{@code
 * Corpus web = HuggingFaceDataset.in(Path.of("fineweb-edu")).split("train").corpus("web");
 * }</pre>
 *
 * <p>Which files a split has is found as Hugging Face's {@code datasets} finds it:
 *
 * <ul>
 *   <li>by the {@code configs} that {@code README.md} begins with, if it has any (reading them
 *       needs {@code org.snakeyaml:snakeyaml-engine});
 *   <li>else by names: {@code data/SPLIT-00000-of-00005.parquet}; else {@code train}, {@code
 *       validation} ({@code valid}, {@code val}, {@code dev}) or {@code test} ({@code eval}) as a
 *       word of a file's name; else of a folder's name; else everything is {@code train}.
 * </ul>
 *
 * <p>Files are Parquet, JSON Lines or text of a document a line, plain or {@code .gz} or {@code
 * .zst}, read in the order of their names; see {@link FileCorpusReader} for how. Nothing is read or
 * downloaded before a corpus is opened.
 *
 * @param configuration one of the README's; its default, or only one, if empty
 * @param textField the column or field that holds the text
 * @param badRecordLimit how many malformed records are skipped and counted before it is an error
 */
public record HuggingFaceDataset(
    Path directory,
    Optional<String> configuration,
    String split,
    String textField,
    long badRecordLimit) {
  public HuggingFaceDataset {
    Objects.requireNonNull(directory, "directory");
    Objects.requireNonNull(configuration, "configuration");
    Objects.requireNonNull(split, "split");
    Objects.requireNonNull(textField, "textField");
  }

  /** The split {@code train} of the default configuration, its text in {@code text}. */
  public static HuggingFaceDataset in(Path directory) {
    return new HuggingFaceDataset(
        directory, Optional.empty(), "train", "text", Corpus.DEFAULT_BAD_RECORD_LIMIT);
  }

  public HuggingFaceDataset configuration(String name) {
    return new HuggingFaceDataset(directory, Optional.of(name), split, textField, badRecordLimit);
  }

  public HuggingFaceDataset split(String name) {
    return new HuggingFaceDataset(directory, configuration, name, textField, badRecordLimit);
  }

  public HuggingFaceDataset textField(String name) {
    return new HuggingFaceDataset(directory, configuration, split, name, badRecordLimit);
  }

  public HuggingFaceDataset badRecordLimit(long limit) {
    return new HuggingFaceDataset(directory, configuration, split, textField, limit);
  }

  /**
   * The corpus, natural unless said otherwise. Opening it fails with all problems at once where the
   * directory, its configuration or split is missing, or files cannot be read.
   *
   * @param name of the corpus
   */
  public Corpus corpus(String name) {
    Corpus.Files files =
        new Corpus.Files(directory, Corpus.Format.BY_NAME, textField, badRecordLimit);
    return Corpus.documents(
        name,
        () -> {
          List<String> names = DatasetFiles.of(name, directory, configuration, split);
          return new FileDocumentStream(
              name,
              files,
              CorpusFiles.listed(name, files, names, Corpus.Format.LINES),
              FileCorpusReader.MAX_RECORD_BYTES);
        });
  }
}
