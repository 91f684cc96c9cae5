package dev.mixlaw.samples;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.Lab;
import dev.mixlaw.mix.corpus.TextPath;
import dev.mixlaw.samples.corpora.CorporaDirectory;
import dev.mixlaw.samples.corpora.SampleCorpora;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StudyServiceTest {
  private static final String TINY = "?model=25k&budget=4k&seeds=2";
  private static final String LONG = "?model=25k&budget=400M&seeds=1";

  private final HttpClient client = HttpClient.newHttpClient();
  @TempDir Path temporary;
  private Lab lab;
  private StudyService.Server server;

  @BeforeEach
  void start() throws IOException {
    Path corpora = TinyCorpora.write(temporary.resolve("texts"));
    SampleCorpora texts =
        CorporaDirectory.read(corpora, TextPath::of, temporary.resolve("lab/corpora"));
    lab = Lab.in(temporary.resolve("lab")).threads(2).withoutWordComparison().open();
    server = new StudyService.Server(lab, texts, temporary.resolve("reports"), 0);
  }

  @AfterEach
  void stop() {
    server.close();
    lab.close();
  }

  @Test
  void aStudyIsStartedToItsReport() throws Exception {
    assertThat(send("PUT", "tiny" + TINY).statusCode()).isEqualTo(202);

    JsonNode done = await("tiny", state -> !state.equals("running"));
    assertThat(done.get("state").asText()).as(done.toString()).isEqualTo("done");
    assertThat(done.get("summary")).isNotEmpty();
    HttpResponse<String> report = send("GET", "tiny/report");
    assertThat(report.statusCode()).isEqualTo(200);
    assertThat(report.body()).startsWith("<!DOCTYPE html>").contains("textbook_tiny");
  }

  @Test
  void aStudyIsCancelled() throws Exception {
    send("PUT", "long" + LONG);
    assertThat(send("GET", "long/report").statusCode()).isEqualTo(409);

    assertThat(send("DELETE", "long").statusCode()).isEqualTo(202);
    assertThat(await("long", state -> !state.equals("running")).get("state").asText())
        .isEqualTo("cancelled");
  }

  @Test
  void mistakesAreReportedToTheClient() throws Exception {
    assertThat(send("GET", "unknown").statusCode()).isEqualTo(404);
    assertThat(send("PUT", "wrong?model=huge").statusCode()).isEqualTo(400);

    send("PUT", "wr(o)ng" + TINY);
    JsonNode failed = await("wr(o)ng", state -> !state.equals("running"));
    assertThat(failed.get("state").asText()).isEqualTo("failed");
    assertThat(failed.get("error").asText()).contains("wr(o)ng");
  }

  private JsonNode await(String study, Predicate<String> state) throws Exception {
    while (true) {
      JsonNode answer = new ObjectMapper().readTree(send("GET", study).body());
      if (state.test(answer.get("state").asText())) {
        return answer;
      }
      Thread.onSpinWait();
    }
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return client.send(
        HttpRequest.newBuilder(URI.create(server.address() + path))
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }
}
