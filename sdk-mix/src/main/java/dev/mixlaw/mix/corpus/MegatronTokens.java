package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.internal.TextFiles;
import dev.mixlaw.api.spi.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Text that was tokenized by Megatron-LM. The text consists of a file of token ids, such as {@code
 * web_text_document.bin}, and an index, such as {@code web_text_document.idx}. The index must have
 * version 1 of the format {@code MMIDIDX}, and ids may have 8, 16, 32 or 64 bits.
 *
 * <pre>{@code
 * Tokenizer gpt2 = Tokenizers.open(TokenizerSpec.gpt("r50k_base"));
 * Corpus web = MegatronTokens.of(Path.of("web_text_document"), gpt2).corpus("web");
 * }</pre>
 *
 * <p>The ids are decoded with the tokenizer that created them. A study tokenizes the decoded text
 * with its own tokenizer, so all text measurements work as for other corpora. End-of-text ids at
 * the end of a document are removed. Invalid UTF-8, as in text that was cut inside a character, is
 * replaced with U+FFFD. An id outside the vocabulary causes an exception that names the document.
 * Documents without text are skipped and counted. Document ids have the form {@code file:number},
 * where numbers start at 1.
 *
 * @param prefix the common path of the files without {@code .bin} and {@code .idx}, or the path of
 *     one of them
 * @param tokenizer the tokenizer that created the ids; it must stay open while the corpus is read
 */
public record MegatronTokens(Path prefix, Tokenizer tokenizer) {
  /** Checks that no component is {@code null}. */
  public MegatronTokens {
    Objects.requireNonNull(prefix, "prefix");
    Objects.requireNonNull(tokenizer, "tokenizer");
  }

  /** Returns the text in the two files with the given prefix. */
  public static MegatronTokens of(Path prefix, Tokenizer tokenizer) {
    return new MegatronTokens(prefix, tokenizer);
  }

  /**
   * Returns the text as a corpus of natural text. Reading the corpus fails if a file is missing, or
   * if the index is damaged or has another format.
   *
   * @param name the name of the corpus
   */
  public Corpus corpus(String name) {
    return Corpus.documents(name, () -> open(name));
  }

  private DocumentStream open(String name) {
    Path bin = MegatronRecordReader.sibling(prefix, ".bin");
    TextFiles files =
        new TextFiles(bin, TextFiles.Format.BY_NAME, "", Corpus.DEFAULT_BAD_RECORD_FRACTION);
    CorpusFiles.Entry entry =
        new CorpusFiles.Entry(
            bin, String.valueOf(bin.getFileName()), TextFiles.Format.BY_NAME, Compression.NONE);
    return new FileDocumentStream(
        name,
        files,
        List.of(entry),
        e -> MegatronRecordReader.open(prefix, tokenizer, Corpora.MAX_RECORD_BYTES));
  }
}
