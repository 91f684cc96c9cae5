package dev.mixlaw.samples;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.StudyHandle;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.samples.corpora.SampleCorpora;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** An HTTP service that starts and cancels studies, and serves their progress and reports. */
@Command(
    name = "StudyService",
    mixinStandardHelpOptions = true,
    description = {
      "Serves studies over HTTP, to clients on this machine only and without authentication.",
      "PUT /studies/NAME?model=50k,100k&budget=500k,1M&seeds=3 starts or resumes a study.",
      "GET /studies/NAME returns its state and progress as JSON.",
      "GET /studies/NAME/report returns its report as HTML.",
      "DELETE /studies/NAME cancels it."
    })
final class StudyService implements Callable<Integer> {
  @Mixin private final LabOptions options = new LabOptions();

  @Mixin private StudyTextOptions text = new StudyTextOptions();

  @Option(names = "--port", description = "TCP port (default: ${DEFAULT-VALUE})")
  private int port = 8080;

  @Override
  public Integer call() throws IOException, InterruptedException {
    SampleCorpora texts = text.read(options.directory);
    try (Lab lab = options.builder().open();
        Server server = new Server(lab, texts, options.directory.resolve("reports"), port)) {
      System.out.println("serving " + server.address());
      new CountDownLatch(1).await(); // waits until the process ends
    }
    return 0;
  }

  /** The HTTP server. Studies run in the background, and the lab cancels them when it is closed. */
  static final class Server implements AutoCloseable {
    private final Map<String, StudyHandle> studies = new ConcurrentHashMap<>();
    private final Lab lab;
    private final SampleCorpora texts;
    private final Path reports;
    private final HttpServer http;

    Server(Lab lab, SampleCorpora texts, Path reports, int port) throws IOException {
      this.lab = lab;
      this.texts = texts;
      this.reports = reports;
      http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
      http.createContext("/studies/", this::handle);
      http.start();
    }

    String address() {
      return "http://localhost:" + http.getAddress().getPort() + "/studies/";
    }

    private void handle(HttpExchange exchange) throws IOException {
      String[] path = exchange.getRequestURI().getPath().split("/", -1);
      String request = exchange.getRequestMethod() + (path.length > 3 ? " " + path[3] : "");
      StudyHandle study = studies.get(path[2]);
      try {
        if (request.equals("PUT")) {
          json(exchange, 202, state(start(path[2], exchange.getRequestURI().getQuery())));
        } else if (study == null) {
          json(exchange, 404, Map.of("error", "no study " + path[2] + "; start it with PUT"));
        } else if (request.equals("GET")) {
          json(exchange, 200, state(study));
        } else if (request.equals("DELETE")) {
          study.cancel();
          json(exchange, 202, state(study));
        } else if (request.equals("GET report") && state(study).get("state").equals("done")) {
          Path html = reports.resolve(path[2]).resolve("report.html");
          study.await().report(html);
          respond(exchange, 200, "text/html; charset=utf-8", Files.readAllBytes(html));
        } else {
          json(exchange, 409, Map.of("error", request + " needs a study that is done"));
        }
      } catch (IllegalArgumentException | MixlawException e) {
        json(exchange, 400, Map.of("error", e.getMessage()));
      }
    }

    private StudyHandle start(String name, @Nullable String query) {
      Map<String, String> values =
          Arrays.stream(String.valueOf(query).split("&"))
              .map(pair -> pair.split("=", 2))
              .collect(Collectors.toMap(pair -> pair[0], pair -> pair[pair.length - 1]));
      Study study =
          Study.named(name)
              .mixtures(
                  texts.synthetic().stream()
                      .flatMap(added -> Mixture.grid(texts.natural(), added, 0, 0.5, 1).stream())
                      .distinct()
                      .toList())
              .models(ModelSpec.ladder(values.getOrDefault("model", "100k").split(",")))
              .budgets(values.getOrDefault("budget", "1M").split(","))
              .seeds(Integer.parseInt(values.getOrDefault("seeds", "3")))
              .tokenizer(TokenizerSpec.trainedBpe(1024))
              .evaluateOn(texts.domains());
      return studies.compute(
          name, (n, old) -> old == null || old.isDone() ? lab.start(study) : old);
    }

    private static Map<String, Object> state(StudyHandle study) {
      try {
        return study.isDone()
            ? Map.of("state", "done", "summary", study.await().summary())
            : Map.of(
                "state", "running", "tokens", study.trainedTokens(), "of", study.totalTokens());
      } catch (CancellationException e) {
        return Map.of("state", "cancelled");
      } catch (MixlawException e) {
        return Map.of("state", "failed", "error", e.getMessage());
      }
    }

    private static void json(HttpExchange exchange, int status, Object answer) throws IOException {
      respond(exchange, status, "application/json", new ObjectMapper().writeValueAsBytes(answer));
    }

    private static void respond(HttpExchange exchange, int status, String type, byte[] body)
        throws IOException {
      try (exchange) {
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, body.length);
        exchange.getResponseBody().write(body);
      }
    }

    @Override
    public void close() {
      http.stop(0);
    }
  }

  public static void main(String[] args) {
    System.exit(Samples.run(new StudyService(), args));
  }
}
