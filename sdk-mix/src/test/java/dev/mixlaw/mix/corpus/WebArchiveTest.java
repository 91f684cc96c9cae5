package dev.mixlaw.mix.corpus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.MixlawException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WebArchiveTest {
  @TempDir private Path dir;

  @Test
  void readsTheTextsOfWetFilesWhereEachRecordIsAGzipMember() throws IOException {
    ByteArrayOutputStream file = new ByteArrayOutputStream();
    for (byte[] record :
        List.of(
            info(), text("text/plain", "Grüße\naus 漢字"), text("text/plain; charset=UTF-8", "b"))) {
      try (GZIPOutputStream member = new GZIPOutputStream(file)) {
        member.write(record);
      }
    }
    Files.write(dir.resolve("crawl.warc.wet.gz"), file.toByteArray());

    assertThat(read(Corpus.directory(dir)))
        .containsExactly(
            new Document("crawl.warc.wet.gz:2", "Grüße\naus 漢字"),
            new Document("crawl.warc.wet.gz:3", "b"));
  }

  @Test
  void recordsThatAreNotPlainTextAreSkipped() throws IOException {
    byte[] notUtf8 = record("conversion", "text/plain", new byte[] {'a', (byte) 0xE4, 'b'});
    Path file =
        write(
            text("text/html", "<p>"),
            text("text/plain; charset=latin1", "x"),
            text("text/plain", " "),
            notUtf8,
            text("text/plain", "good"));

    try (DocumentStream stream = Corpora.open(Corpus.warc(file))) {
      assertThat(stream.next()).isEqualTo(new Document("crawl.wet:5", "good"));
      assertThat(stream.skippedExamples())
          .containsExactly(
              "crawl.wet:1: not plain text but text/html",
              "crawl.wet:2: charset latin1, not UTF-8",
              "crawl.wet:3: no text",
              "crawl.wet:4: not UTF-8: byte 0xE4 at position 2");
    }
  }

  @Test
  void reportsResponsesInsteadOfText() throws IOException {
    Path file = write(info(), record("response", "application/http", "HTTP/1.1 200 OK\r\n\r\n"));

    assertRefused(Corpus.warc(file), "corpus crawl", "crawl.wet:2", "conversion records");
  }

  @Test
  void truncatedAndForeignFilesAreErrors() throws IOException {
    byte[] whole = text("text/plain", "some words");
    Path file = dir.resolve("crawl.warc");

    Files.write(file, Arrays.copyOf(whole, whole.length - 8));
    assertRefused(Corpus.warc(file), "crawl.warc:1", "truncated");
    Files.write(file, Arrays.copyOf(whole, 30));
    assertRefused(Corpus.warc(file), "crawl.warc:1", "truncated");
    Files.writeString(file, "{\"text\": \"lines\"}\n");
    assertRefused(Corpus.warc(file), "crawl.warc:1", "invalid WARC");
    Files.write(file, info());
    assertRefused(Corpus.warc(file), "corpus crawl is empty");
  }

  @Test
  void linesOfHeadersMayEndWithoutACarriageReturn() throws IOException {
    String record = new String(text("text/plain", "words"), StandardCharsets.UTF_8);

    assertThat(
            read(Corpus.warc(write(record.replace("\r\n", "\n").getBytes(StandardCharsets.UTF_8)))))
        .containsExactly(new Document("crawl.wet:1", "words"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "WARC-Date: 2024-02-20T00:00:00Z\r\nContent-Length: x",
        "WARC-Date: yesterday\r\nContent-Length: 5",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: 99999999999999999999",
        "Content-Length: -5",
        "WARC-Date: a\r\nWARC-Date: b\r\nContent-Length: 5",
        "WARC-Type: x\r\nContent-Length: 5",
        "Content-Type: \u0001/;=\r\nContent-Length: 5"
      })
  void anInvalidHeaderIsAnErrorOrASkippedRecord(String headers) throws IOException {
    String start = "WARC/1.0\r\nWARC-Type: conversion\r\n" + headers + "\r\n\r\nwords\r\n\r\n";
    Path file = write(start.getBytes(StandardCharsets.UTF_8), text("text/plain", "good"));

    try {
      assertThat(read(Corpus.warc(file))).containsExactly(new Document("crawl.wet:2", "good"));
    } catch (MixlawException e) {
      assertThat(e.getMessage()).contains("reading failed at crawl.wet:");
    }
  }

  @Test
  void withoutTheLibraryTheArtifactIsNamed() throws Exception {
    assertThat(ReadingWithout.library("jwarc", "warc", write(info())))
        .hasMessageContaining("a dependency on org.netpreserve:jwarc");
  }

  private Path write(byte[]... records) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (byte[] record : records) {
      bytes.write(record);
    }
    return Files.write(dir.resolve("crawl.wet"), bytes.toByteArray());
  }

  private static byte[] info() {
    return record("warcinfo", "application/warc-fields", "isPartOf: CRAWL\r\n");
  }

  private static byte[] text(String type, String text) {
    return record("conversion", type, text);
  }

  private static byte[] record(String kind, String type, String body) {
    return record(kind, type, body.getBytes(StandardCharsets.UTF_8));
  }

  private static byte[] record(String kind, String type, byte[] body) {
    String headers =
        "WARC/1.0\r\nWARC-Type: "
            + kind
            + "\r\nWARC-Date: 2024-02-20T00:00:00Z"
            + "\r\nWARC-Record-ID: <urn:uuid:6c3a0f52-1f00-4d2c-a1a8-0123456789ab>"
            + "\r\nWARC-Target-URI: http://example.org/"
            + "\r\nContent-Type: "
            + type
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n";
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(headers.getBytes(StandardCharsets.UTF_8));
    bytes.writeBytes(body);
    bytes.writeBytes("\r\n\r\n".getBytes(StandardCharsets.UTF_8));
    return bytes.toByteArray();
  }

  private static void assertRefused(Corpus corpus, String... said) {
    assertThatExceptionOfType(MixlawException.class)
        .isThrownBy(() -> read(corpus))
        .satisfies(e -> assertThat(e.getMessage()).contains(said));
  }

  private static List<Document> read(Corpus corpus) {
    List<Document> all = new ArrayList<>();
    try (DocumentStream stream = Corpora.open(corpus)) {
      stream.forEachRemaining(all::add);
    }
    return all;
  }
}
