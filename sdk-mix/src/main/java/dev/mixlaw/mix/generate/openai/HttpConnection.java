package dev.mixlaw.mix.generate.openai;

import dev.mixlaw.api.spi.GeneratorException;
import dev.mixlaw.api.spi.GeneratorException.Failure;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Sends one HTTP request at a time and reads the whole reply within a time limit. */
final class HttpConnection implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(20);

  private @Nullable HttpClient client;

  /** A reply with any status. */
  record Reply(int status, String body, Optional<String> retryAfter) {}

  Reply post(URI address, Optional<ApiKey> key, byte[] json, Duration timeout) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(address)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofByteArray(json));
    key.ifPresent(k -> request.header("Authorization", k.header()));
    CompletableFuture<HttpResponse<byte[]>> exchange =
        client().sendAsync(request.build(), HttpResponse.BodyHandlers.ofByteArray());
    try {
      // HttpRequest.timeout covers the headers only; a slow body would not time out.
      HttpResponse<byte[]> response = exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Reply(
          response.statusCode(),
          new String(response.body(), StandardCharsets.UTF_8),
          response.headers().firstValue("Retry-After"));
    } catch (TimeoutException e) {
      throw unavailable(address, "no complete answer within " + timeout, e);
    } catch (ExecutionException e) {
      throw unavailable(address, reason(e.getCause()), e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw unavailable(address, "interrupted", e);
    } finally {
      exchange.cancel(true);
    }
  }

  private static String reason(@Nullable Throwable cause) {
    return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException
        ? "cannot be reached (" + cause.getClass().getSimpleName() + ")"
        : "the answer was lost: " + cause;
  }

  private static GeneratorException unavailable(
      URI address, String reason, @Nullable Throwable cause) {
    return new GeneratorException(
        Failure.UNAVAILABLE, address + ": " + reason, Optional.empty(), cause);
  }

  private synchronized HttpClient client() {
    if (client == null) {
      // HTTP/1.1, because some small servers fail at the offer to upgrade to 2. No redirects,
      // because the key is meant for this address only.
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(CONNECT)
              .build();
    }
    return client;
  }

  /** Closes the client. Before Java 21 its threads end when it is garbage collected. */
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
