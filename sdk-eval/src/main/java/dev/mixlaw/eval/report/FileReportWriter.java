package dev.mixlaw.eval.report;

import dev.mixlaw.api.Findings;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Problem;
import dev.mixlaw.api.spi.ReportWriter;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Writes a report as three files, each of them whole or not at all. */
public final class FileReportWriter implements ReportWriter {
  @Override
  public void write(Findings findings, Path html) {
    Path target = html.toAbsolutePath();
    try {
      Files.createDirectories(target.getParent());
      write(target.resolveSibling("results.json"), ResultsJson.results(findings));
      write(target.resolveSibling("runs.jsonl"), ResultsJson.runs(findings));
      write(target, ReportPage.of(findings).getBytes(StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new MixlawException(
          MixlawException.Kind.STORAGE,
          new Problem(
              "report " + html,
              String.valueOf(e),
              "a directory that can be written to",
              "Findings.report"),
          e);
    }
  }

  private static void write(Path file, byte[] content) throws IOException {
    // Not Files.createTempFile: its files are for their owner alone, and a report is to be shared.
    Path temporary = file.resolveSibling(file.getFileName() + "." + UUID.randomUUID() + ".tmp");
    try {
      try (FileChannel channel =
          FileChannel.open(temporary, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        ByteBuffer bytes = ByteBuffer.wrap(content);
        while (bytes.hasRemaining()) {
          channel.write(bytes);
        }
        channel.force(true);
      }
      Files.move(
          temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
  }
}
