package consumer;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Domains;
import dev.mixlaw.api.Lab;
import dev.mixlaw.api.Mixture;
import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.Study;
import dev.mixlaw.api.TokenizerSpec;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.train.run.LocalStudyRunner;
import java.nio.file.Files;
import java.nio.file.Path;
import org.springframework.boot.CommandLineRunner;
import org.springframework.boot.SpringApplication;
import org.springframework.boot.autoconfigure.SpringBootApplication;

/** Trains a study in child JVMs, with the executable jar as their class path. */
@SpringBootApplication
public class Application implements CommandLineRunner {
  private final ObjectMapper mapper;

  public Application(ObjectMapper mapper) {
    this.mapper = mapper;
  }

  public static void main(String[] args) {
    SpringApplication.run(Application.class, args);
  }

  @Override
  public void run(String... args) throws Exception {
    Path directory = Files.createDirectories(Path.of(args[0]));
    String line = mapper.writeValueAsString(new Text("a text of some words, and of some more words"));
    Path file = Files.writeString(directory.resolve("web.jsonl"), (line + "\n").repeat(200));
    Corpus web = Corpus.jsonl(file).named("web").natural();
    Study study =
        Study.named("boot")
            .mixtures(Mixture.of(web))
            .models(ModelSpec.of("tiny", 32, 1, 1, 64).withContext(16))
            .budgets("1024")
            .tokenizer(TokenizerSpec.trainedBpe(270))
            .evaluateOn(Domains.of(Corpus.jsonl(file).named("news")));
    try (Lab lab =
        Lab.in(directory).runner(new LocalStudyRunner().inChildJvms()).threads(1).open()) {
      RunResult run = lab.run(study).runs().get(0);
      System.out.println(run.key() + ": " + run.outcome());
      if (!run.completed()) {
        throw new IllegalStateException(run.outcome().toString());
      }
    }
  }

  record Text(String text) {}
}
