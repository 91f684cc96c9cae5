package dev.mixlaw.mix.generate.openai;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Sends one HTTP request at a time, with limits on the time and on the size of the reply. */
final class HttpConnection implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(20);

  private @Nullable HttpClient client;

  record Reply(int status, HttpHeaders headers, String body) {
    String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  /**
   * Sends a request and returns the complete reply.
   *
   * @param mostBytes maximum size of the reply's body, before and after decompression
   * @param timeout time limit for the whole call, after which the connection is closed
   * @throws IOException if no complete reply arrives; the message may quote the server
   */
  Reply post(URI address, Optional<ApiKey> key, byte[] json, int mostBytes, Duration timeout)
      throws IOException {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .timeout(timeout)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json));
    key.ifPresent(k -> request.header("Authorization", k.header()));
    HttpClient http = client();
    CompletableFuture<HttpResponse<InputStream>> exchange =
        http.sendAsync(request.build(), HttpResponse.BodyHandlers.ofInputStream());
    CompletableFuture<byte[]> body =
        exchange.thenApplyAsync(
            response -> bytes(response.body(), mostBytes), http.executor().orElseThrow());
    try {
      // HttpRequest.timeout covers the headers only; a slow body would not time out.
      byte[] bytes = body.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      HttpResponse<InputStream> head = exchange.join();
      return new Reply(head.statusCode(), head.headers(), text(bytes, head.headers(), mostBytes));
    } catch (TimeoutException e) {
      throw new IOException("no complete answer within " + timeout, e);
    } catch (ExecutionException e) {
      throw new IOException(reason(e.getCause(), timeout), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      exchange.cancel(true);
      exchange.thenAccept(response -> close(response.body()));
    }
  }

  /** Reads at most one byte more than is allowed, so that the caller can detect a longer body. */
  private static byte[] bytes(InputStream body, int mostBytes) {
    try {
      return body.readNBytes(mostBytes + 1);
    } catch (IOException e) {
      throw new CompletionException(e);
    }
  }

  private static void close(InputStream body) {
    try {
      body.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String reason(@Nullable Throwable cause, Duration timeout) {
    if (cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException) {
      return "cannot be reached (" + cause.getClass().getSimpleName() + ")";
    }
    return cause instanceof HttpTimeoutException
        ? "no complete answer within " + timeout
        : "the answer was lost: " + cause;
  }

  /** Decodes a body, which some servers compress without being asked to. */
  private static String text(byte[] body, HttpHeaders headers, int mostBytes) throws IOException {
    String encoding = headers.firstValue("Content-Encoding").orElse("").toLowerCase(Locale.ROOT);
    byte[] plain = body;
    if (body.length > 1 && (body[0] & 0xff) == 0x1f && (body[1] & 0xff) == 0x8b) {
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
        plain = in.readNBytes(mostBytes + 1);
      } catch (IOException e) {
        throw new IOException("the answer is damaged: " + e.getMessage(), e);
      }
    } else if (!encoding.matches("|identity|gzip")) {
      throw new IOException("the answer is compressed (" + encoding + "), which was not requested");
    }
    if (plain.length > mostBytes) {
      throw new IOException("the answer is longer than " + mostBytes + " bytes");
    }
    String text = new String(plain, StandardCharsets.UTF_8);
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private synchronized HttpClient client() {
    if (client == null) {
      // These threads end one second after the last request. Idle threads of the default executor
      // would live for a minute.
      ThreadPoolExecutor threads =
          new ThreadPoolExecutor(
              0,
              Integer.MAX_VALUE,
              1,
              TimeUnit.SECONDS,
              new SynchronousQueue<>(),
              work -> {
                Thread thread = new Thread(work, "mixlaw-http");
                thread.setDaemon(true);
                return thread;
              });
      // The client uses HTTP/1.1, because some small servers fail when an upgrade to HTTP/2 is
      // offered. It does not follow redirects, because the key is only meant for this address.
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(CONNECT)
              .executor(threads)
              .build();
    }
    return client;
  }

  /** Closes the client. Before Java 21, connections end when the client is garbage collected. */
  @Override
  public synchronized void close() {
    HttpClient last = client;
    client = null;
    if (last instanceof AutoCloseable closeable) {
      try {
        closeable.close();
      } catch (Exception e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
