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

/** One HTTP request and its whole reply within a time limit. */
final class HttpConnection implements AutoCloseable {
  private static final Duration CONNECT = Duration.ofSeconds(20);

  private @Nullable HttpClient client;

  /** A reply, whatever its status. */
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
      // The request's own time-out would end with the headers: a body could trickle in for ever.
      HttpResponse<byte[]> response = exchange.get(timeout.toMillis(), TimeUnit.MILLISECONDS);
      return new Reply(
          response.statusCode(),
          new String(response.body(), StandardCharsets.UTF_8),
          response.headers().firstValue("Retry-After"));
    } catch (TimeoutException e) {
      throw unavailable(address, "no whole answer within " + timeout, e);
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
      // 1.1, since the offer to upgrade to 2 confuses small servers. Redirects are not followed:
      // the key is for this address.
      client =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .followRedirects(HttpClient.Redirect.NEVER)
              .connectTimeout(CONNECT)
              .build();
    }
    return client;
  }

  /** Before Java 21 a client cannot be closed: its threads end when nobody holds it. */
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
