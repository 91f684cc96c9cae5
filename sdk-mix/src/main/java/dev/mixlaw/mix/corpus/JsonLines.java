package dev.mixlaw.mix.corpus;

import com.fasterxml.jackson.core.JsonEncoding;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.StreamWriteFeature;
import com.fasterxml.jackson.core.util.MinimalPrettyPrinter;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.internal.io.DurableFile;
import dev.mixlaw.mix.internal.Utf8;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Locale;
import java.util.zip.GZIPOutputStream;

/**
 * The content of a JSON Lines file that was written. Each line is an object with the fields {@code
 * id} and {@code text}.
 *
 * @param documents number of documents
 * @param textBytes total size of all texts in UTF-8 bytes, without the JSON syntax
 */
public record JsonLines(long documents, long textBytes) {
  /**
   * Writes all documents to a file. If writing fails, nothing changes on disk.
   *
   * @param file the file to write, which is compressed if its name ends in {@code .gz}; its
   *     directory is created if missing
   * @throws dev.mixlaw.api.MixlawException (storage) if the file cannot be written; exceptions
   *     thrown by the document source are propagated
   */
  public static JsonLines write(Path file, DocumentSource documents) {
    JsonLines[] written = new JsonLines[1];
    try (DocumentStream stream = documents.open()) {
      DurableFile.write(file, channel -> written[0] = write(channel, gzip(file), stream));
    }
    return written[0];
  }

  private static boolean gzip(Path file) {
    return file.toString().toLowerCase(Locale.ROOT).endsWith(".gz");
  }

  private static JsonLines write(FileChannel channel, boolean gzip, DocumentStream stream)
      throws IOException {
    OutputStream out = new BufferedOutputStream(Channels.newOutputStream(channel), 1 << 16);
    if (gzip) {
      out = new GZIPOutputStream(out);
    }
    long documents = 0;
    long bytes = 0;
    JsonFactory json = JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();
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
    return new JsonLines(documents, bytes);
  }
}
