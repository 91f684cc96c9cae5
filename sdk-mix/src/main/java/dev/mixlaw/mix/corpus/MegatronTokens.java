package dev.mixlaw.mix.corpus;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.spi.Tokenizer;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;

/**
 * Text that Megatron-LM has tokenized: a file of ids such as {@code web_text_document.bin} and its
 * index {@code web_text_document.idx} (version 1 of {@code MMIDIDX}, ids of 8, 16, 32 or 64 bits).
 *
 * <pre>{@code
 * Tokenizer gpt2 = Tokenizers.open(TokenizerSpec.gpt("r50k_base"));
 * Corpus web = MegatronTokens.of(Path.of("web_text_document"), gpt2).corpus("web");
 * }</pre>
 *
 * <p>The ids are decoded by the tokenizer that created them, and a study tokenizes the text again
 * with its own tokenizer. All measurements on text therefore work as for other corpora. End-of-text
 * ids at the end of a document are removed. Invalid UTF-8, for example where text was cut inside a
 * character, becomes U+FFFD. An id outside the vocabulary is an error that names the document. A
 * document without text is skipped and counted. Document ids are {@code file:document}, counted
 * from 1.
 *
 * @param prefix the path of the files without {@code .bin} and {@code .idx}, or one of the files
 * @param tokenizer the tokenizer that created the ids; it must stay open while the corpus is read
 */
public record MegatronTokens(Path prefix, Tokenizer tokenizer) {
  /** Checks that no component is null. */
  public MegatronTokens {
    Objects.requireNonNull(prefix, "prefix");
    Objects.requireNonNull(tokenizer, "tokenizer");
  }

  /** Returns the text that is stored in the two files with the given prefix. */
  public static MegatronTokens of(Path prefix, Tokenizer tokenizer) {
    return new MegatronTokens(prefix, tokenizer);
  }

  /**
   * Returns the corpus, whose kind is natural. Reading it fails if a file is missing, or if the
   * index is damaged or has another format.
   *
   * @param name the name of the corpus
   */
  public Corpus corpus(String name) {
    return Corpus.documents(name, () -> open(name));
  }

  private DocumentStream open(String name) {
    Path bin = MegatronRecordReader.sibling(prefix, ".bin");
    Corpus.Files files =
        new Corpus.Files(bin, Corpus.Format.BY_NAME, "", Corpus.DEFAULT_BAD_RECORD_FRACTION);
    CorpusFiles.Entry entry =
        new CorpusFiles.Entry(
            bin, String.valueOf(bin.getFileName()), Corpus.Format.BY_NAME, Compression.NONE);
    return new FileDocumentStream(
        name,
        files,
        List.of(entry),
        e -> MegatronRecordReader.open(prefix, tokenizer, Corpora.MAX_RECORD_BYTES));
  }
}
