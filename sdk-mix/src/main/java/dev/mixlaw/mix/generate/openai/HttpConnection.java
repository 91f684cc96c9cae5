package dev.mixlaw.mix.generate.openai;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/** Sends one HTTP request at a time and reads a reply of bounded size within a time limit. */
final class HttpConnection implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(20);

  private @Nullable HttpClient client;

  /** A reply with any status. */
  record Reply(int status, HttpHeaders headers, String body) {
    String header(String name) {
      return headers.firstValue(name).orElse("");
    }
  }

  /**
   * Sends a request.
   *
   * @param mostBytes maximum size of the reply's body, also after decompression
   * @param timeout limit for the whole call; the connection ends with it
   * @throws IOException if there is no whole reply; the message may quote the server
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
    BoundedBody body = new BoundedBody(mostBytes);
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client().sendAsync(request.build(), head -> body);
    try {
      // HttpRequest.timeout covers the headers only; a slow body would not time out.
      HttpResponse<byte[]> response = exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Reply(
          response.statusCode(),
          response.headers(),
          text(response.body(), response.headers(), mostBytes));
    } catch (TimeoutException e) {
      throw new IOException("no complete answer within " + timeout, e);
    } catch (ExecutionException e) {
      throw new IOException(reason(e.getCause(), timeout), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      exchange.cancel(true);
      body.end();
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

  /** Decodes a body; some servers compress it although this was not requested. */
  private static String text(byte[] body, HttpHeaders headers, int mostBytes) throws IOException {
    String encoding = headers.firstValue("Content-Encoding").orElse("").toLowerCase(Locale.ROOT);
    byte[] plain = body;
    if (body.length > 1 && (body[0] & 0xff) == 0x1f && (body[1] & 0xff) == 0x8b) {
      try (InputStream in = new GZIPInputStream(new ByteArrayInputStream(body))) {
        plain = in.readNBytes(mostBytes + 1);
      } catch (IOException e) {
        throw new IOException("the answer is damaged: " + e.getMessage(), e);
      }
      if (plain.length > mostBytes) {
        throw tooLong(mostBytes);
      }
    } else if (!encoding.matches("|identity|gzip")) {
      throw new IOException("the answer is compressed (" + encoding + "), which was not requested");
    }
    String text = new String(plain, StandardCharsets.UTF_8);
    return text.startsWith("\ufeff") ? text.substring(1) : text;
  }

  private static IOException tooLong(int mostBytes) {
    return new IOException("the answer is longer than " + mostBytes + " bytes");
  }

  /** Collects a body up to a limit; ends the connection if the rest is not wanted. */
  private static final class BoundedBody implements HttpResponse.BodySubscriber<byte[]> {
    private final int most;
    private final CompletableFuture<byte[]> whole = new CompletableFuture<>();
    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private Flow.@Nullable Subscription subscription;
    private boolean ended;

    BoundedBody(int most) {
      this.most = most;
    }

    @Override
    public CompletionStage<byte[]> getBody() {
      return whole;
    }

    @Override
    public synchronized void onSubscribe(Flow.Subscription given) {
      subscription = given;
      if (ended) {
        given.cancel();
      } else {
        given.request(Long.MAX_VALUE);
      }
    }

    @Override
    public synchronized void onNext(List<ByteBuffer> buffers) {
      for (ByteBuffer buffer : buffers) {
        if (!ended && buffer.remaining() > most - bytes.size()) {
          end();
          whole.completeExceptionally(tooLong(most));
        }
        if (!ended) {
          byte[] chunk = new byte[buffer.remaining()];
          buffer.get(chunk);
          bytes.writeBytes(chunk);
        }
      }
    }

    @Override
    public void onError(Throwable failure) {
      whole.completeExceptionally(failure);
    }

    @Override
    public synchronized void onComplete() {
      whole.complete(bytes.toByteArray());
    }

    /** Stops accepting bytes; has no effect after the last one. */
    synchronized void end() {
      ended = true;
      if (subscription != null && !whole.isDone()) {
        subscription.cancel();
      }
    }
  }

  private synchronized HttpClient client() {
    if (client == null) {
      // Threads that end soon after the last request, while those of the default live for a minute.
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
      // HTTP/1.1, because some small servers fail at the offer to upgrade to 2. No redirects,
      // because the key is meant for this address only.
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

  /** Closes the client. Before Java 21 its connections end when it is garbage collected. */
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
