package dev.mixlaw.mix.corpus;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.mix.corpus.internal.Utf8;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.UUID;
import java.util.zip.GZIPOutputStream;

/**
 * Writes documents as a corpus file: one object a line with the fields {@code id} and {@code text}.
 */
public final class JsonLines {
  private JsonLines() {}

  /**
   * What was written.
   *
   * @param textBytes UTF-8 bytes of the texts themselves
   */
  public record Written(long documents, long textBytes) {}

  /**
   * Writes all documents; afterwards there is the whole file or, if anything fails, the old state.
   *
   * @param file compressed if its name ends in {@code .gz}; its directory is made if it is missing
   * @throws MixlawException (storage) if it cannot be written; what the documents throw comes as is
   */
  public static Written write(Path file, DocumentSource documents) {
    Path target = file.toAbsolutePath();
    Path temporary = null;
    try (DocumentStream stream = documents.open()) {
      Files.createDirectories(target.getParent());
      temporary = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
      Written written = writeSynced(temporary, gzip(target), stream);
      Files.move(
          temporary, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      temporary = null;
      return written;
    } catch (IOException e) {
      throw new MixlawException(
          MixlawException.Kind.STORAGE,
          new Problem(
              "the corpus file cannot be written",
              file + ": " + e,
              "a writable directory with enough space",
              "the file's path"),
          e);
    } finally {
      if (temporary != null) {
        temporary.toFile().delete(); // best effort: the failure itself is already on its way
      }
    }
  }

  private static boolean gzip(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
  }

  private static Written writeSynced(Path file, boolean gzip, DocumentStream stream)
      throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.WRITE, StandardOpenOption.CREATE_NEW)) {
      OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
      if (gzip) {
        out = new GZIPOutputStream(out);
      }
      long documents = 0;
      long bytes = 0;
      JsonFactory json =
          JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
      try (JsonGenerator to = json.createGenerator(out, JsonEncoding.UTF8)) {
        to.setPrettyPrinter(new MinimalPrettyPrinter("\n"));
        while (stream.hasNext()) {
          Document document = stream.next();
          to.writeStartObject();
          to.writeStringField("id", document.id());
          to.writeStringField("text", document.text());
          to.writeEndObject();
          documents++;
          bytes += Utf8.length(document.text());
        }
        to.writeRaw('\n');
      }
      if (out instanceof GZIPOutputStream zipped) {
        zipped.finish();
      }
      out.flush();
      channel.force(true);
      return new Written(documents, bytes);
    }
  }
}
