package dev.mixlaw.mix.generate.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * An HTTP server on the loopback interface that is compatible with the OpenAI API. It answers with
 * the prompt in upper case, or with the next of the given faults.
 */
public final class LoopbackServer implements AutoCloseable {
  private static final ObjectMapper JSON = new ObjectMapper();

  private final HttpServer server;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Deque<Optional<Fault>> faults = new ArrayDeque<>();
  private final List<JsonNode> requests = new ArrayList<>();
  private final List<String> authorizations = new ArrayList<>();
  private final CountDownLatch closing = new CountDownLatch(1);

  /** A faulty reply to one request. */
  @FunctionalInterface
  public interface Fault {
    void answer(HttpExchange exchange) throws IOException;
  }

  public LoopbackServer() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(threads);
    server.createContext("/v1/", this::handle);
    server.start();
  }

  public URI base() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/v1");
  }

  /** Adds faults for the next requests, one each, in order. */
  public LoopbackServer faults(Fault... next) {
    synchronized (this) {
      List.of(next).forEach(fault -> faults.add(Optional.of(fault)));
    }
    return this;
  }

  /** Adds requests without a fault, before the faults that are added next. */
  public synchronized LoopbackServer answers(int count) {
    for (int i = 0; i < count; i++) {
      faults.add(Optional.empty());
    }
    return this;
  }

  public synchronized List<JsonNode> requests() {
    return List.copyOf(requests);
  }

  public synchronized List<String> prompts() {
    return requests.stream().map(LoopbackServer::prompt).toList();
  }

  synchronized List<String> authorizations() {
    return List.copyOf(authorizations);
  }

  private void handle(HttpExchange exchange) throws IOException {
    JsonNode request = JSON.readTree(exchange.getRequestBody().readAllBytes());
    Optional<Fault> fault;
    synchronized (this) {
      requests.add(request);
      authorizations.add(String.valueOf(exchange.getRequestHeaders().getFirst("Authorization")));
      fault = faults.isEmpty() ? Optional.empty() : faults.remove();
    }
    try (exchange) {
      if (fault.isPresent()) {
        fault.get().answer(exchange);
      } else {
        send(exchange, 200, answer(prompt(request).toUpperCase(Locale.ROOT)));
      }
    }
  }

  private static String prompt(JsonNode request) {
    JsonNode messages = request.path("messages");
    return messages.isMissingNode()
        ? request.path("prompt").asText()
        : messages.get(messages.size() - 1).path("content").asText();
  }

  static String answer(String text) {
    return JSON.createObjectNode()
        .<com.fasterxml.jackson.databind.node.ObjectNode>set(
            "choices",
            JSON.createArrayNode()
                .add(
                    JSON.createObjectNode()
                        .put("finish_reason", "stop")
                        .set("message", JSON.createObjectNode().put("content", text))))
        .set("usage", JSON.createObjectNode().put("prompt_tokens", 11).put("completion_tokens", 5))
        .toString();
  }

  /** Returns a reply with the given status, body, and headers (name, value, name, value …). */
  static Fault status(int status, String body, String... headers) {
    return exchange -> {
      for (int i = 0; i < headers.length; i += 2) {
        exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
      }
      send(exchange, status, body);
    };
  }

  /** Returns an error reply in OpenAI's format. */
  static Fault error(int status, String code, String message) {
    return status(
        status,
        JSON.createObjectNode()
            .set("error", JSON.createObjectNode().put("message", message).put("code", code))
            .toString());
  }

  static Fault ok(String body) {
    return status(200, body);
  }

  /** Returns a reply that stops after the headers and one byte, until the server is closed. */
  Fault hangs() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      exchange.getResponseBody().write(' ');
      exchange.getResponseBody().flush();
      await();
    };
  }

  /**
   * Returns a reply that sends a space every 20 ms until the server is closed, but no complete
   * body.
   */
  Fault trickles() {
    return exchange -> {
      exchange.sendResponseHeaders(200, 0);
      OutputStream out = exchange.getResponseBody();
      try {
        do {
          out.write(' ');
          out.flush();
        } while (!closing.await(20, TimeUnit.MILLISECONDS));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    };
  }

  /** Returns a reply without headers or body, which lasts until the server is closed. */
  Fault silent() {
    return exchange -> await();
  }

  /** Returns a reply that closes the connection after half of the announced bytes. */
  static Fault brokenOff() {
    return exchange -> {
      byte[] body = answer("whole").getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(200, body.length);
      OutputStream out = exchange.getResponseBody();
      out.write(body, 0, body.length / 2);
      out.flush();
    };
  }

  private void await() {
    try {
      closing.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void send(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
    exchange.getResponseBody().write(bytes);
  }

  @Override
  public void close() {
    closing.countDown();
    server.stop(0);
    threads.shutdownNow();
  }
}
