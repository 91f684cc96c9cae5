package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.spi.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Text that Megatron-LM tokenized: a file of ids, {@code web_text_document.bin}, and its index
 * {@code .idx} beside it (version 1 of {@code MMIDIDX}; ids of 8, 16, 32 or 64 bits).
 *
 * <pre>{@code
 * Tokenizer gpt2 = Tokenizers.open(new TokenizerSpec.GptEncoding("r50k_base"));
 * Corpus web = MegatronTokens.of(Path.of("web_text_document"), gpt2).corpus("web");
 * }</pre>
 *
 * <p>The ids are decoded to text by the tokenizer that made them, and a study tokenizes the text
 * anew: so losses in bits per byte, coverage, copies and contamination are measured on it as on any
 * other text, whatever tokenizer the study has. The end-of-text ids at a document's end are left
 * out. Bytes that are no UTF-8, as where a text was cut within a character, become U+FFFD. An id
 * beyond the vocabulary is an error that names the document: the tokenizer is another. A document
 * without text is skipped and counted. Ids are {@code file:document}, counted from 1.
 *
 * @param prefix the files' path without {@code .bin} and {@code .idx}, or either file
 * @param tokenizer open as long as the corpus is read
 */
public record MegatronTokens(Path prefix, Tokenizer tokenizer) {
  public MegatronTokens {
    Objects.requireNonNull(prefix, "prefix");
    Objects.requireNonNull(tokenizer, "tokenizer");
  }

  public static MegatronTokens of(Path prefix, Tokenizer tokenizer) {
    return new MegatronTokens(prefix, tokenizer);
  }

  /**
   * The corpus, natural unless said otherwise. Opening it fails with all problems at once where a
   * file is missing, or the index is damaged, of another format or of other ids.
   *
   * @param name of the corpus
   */
  public Corpus corpus(String name) {
    return Corpus.documents(name, () -> open(name));
  }

  private DocumentStream open(String name) {
    Path bin = MegatronRecordReader.sibling(prefix, ".bin");
    Corpus.Files files =
        new Corpus.Files(bin, Corpus.Format.BY_NAME, "", Corpus.DEFAULT_BAD_RECORD_LIMIT);
    MegatronRecordReader.check(name, prefix);
    CorpusFiles.Entry entry =
        new CorpusFiles.Entry(
            bin, String.valueOf(bin.getFileName()), Corpus.Format.BY_NAME, Compression.NONE);
    return new FileDocumentStream(
        name,
        files,
        List.of(entry),
        e -> MegatronRecordReader.open(prefix, tokenizer, FileCorpusReader.MAX_RECORD_BYTES));
  }
}
