package dev.mixlaw.mix.generate.builtin;

import dev.mixlaw.api.Corpus;
import dev.mixlaw.api.Document;
import dev.mixlaw.api.DocumentSource;
import dev.mixlaw.api.DocumentStream;
import dev.mixlaw.api.internal.Texts;
import dev.mixlaw.mix.generate.spi.DraftSession;
import dev.mixlaw.mix.generate.spi.Material;
import dev.mixlaw.mix.generate.spi.MaterialSource;
import dev.mixlaw.mix.internal.Documents;
import dev.mixlaw.mix.internal.Hash64;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Lets a generator invent tasks that resemble existing tasks (Wang et al., "Self-Instruct: Aligning
 * Language Models with Self-Generated Instructions", 2023, arXiv 2212.10560).
 *
 * <p>Each document of the corpus is a task in the initial pool. Each request shows {@value #SHOWN}
 * tasks from the pool and asks for {@value #ASKED} new tasks. A new task is accepted and added to
 * the pool if it has {@value #FEWEST_WORDS} to {@value #MOST_WORDS} words and its ROUGE-L with
 * every task in the pool is below {@value #MOST_ALIKE}. Requests are sequential, because each one
 * depends on the pool. The source ends early after {@value #PATIENCE} consecutive requests without
 * an accepted task.
 *
 * @param tasks number of tasks
 */
record SelfInstructSource(int tasks) implements MaterialSource {
  private static final int SHOWN = 8;
  private static final int ASKED = 8;
  private static final int FEWEST_WORDS = 3;
  private static final int MOST_WORDS = 150;
  private static final double MOST_ALIKE = 0.7;
  private static final int PATIENCE = 20;

  /** Matches lines such as "1. …", "**2.** …", "(3) …", "Task 4: …", "5\\. …" and "6、…". */
  private static final Pattern NUMBERED =
      Pattern.compile(
          "(?m)^[\\s*_#>-]*(?:(?i:task)\\s*)?[(\\[（]?\\d{1,3}[*_]*\\s*"
              + "(?:\\\\?[.):\\]-][*_]*\\s+|\\\\?[.)][*_]*(?=[^\\s\\d])|[、．。）：][*_]*\\s*)"
              + "(\\S.*)$");

  /** Matches the end of emphasis markup that began before the number. */
  private static final Pattern EMPHASIS_END = Pattern.compile("(?<![*_])(?:\\*\\*|__)\\s*$");

  SelfInstructSource {
    if (tasks < 1) {
      throw new IllegalArgumentException("tasks: " + tasks + "; expected at least 1");
    }
  }

  static Corpus seedTasks() {
    return Corpus.documents(
        "self-instruct-seeds",
        () -> {
          List<String> lines =
              Resources.text("tasks.txt").lines().filter(l -> !l.isBlank()).toList();
          List<Document> tasks = new ArrayList<>();
          for (String line : lines) {
            tasks.add(new Document("seed-" + tasks.size(), line));
          }
          return DocumentStream.of(tasks);
        });
  }

  static String prompt() {
    return Resources.text("self-instruct.txt");
  }

  @Override
  public String description() {
    return tasks + " tasks thought up by the generator from those of the corpus (Self-Instruct)";
  }

  @Override
  public void make(DocumentSource documents, DraftSession session, Consumer<Material> consumer) {
    List<String> pool = new ArrayList<>();
    Documents.each(documents.open(), d -> pool.add(d.text().strip().replaceAll("\\s+", " ")));
    List<String[]> words = new ArrayList<>(pool.stream().map(RougeL::words).toList());
    int made = 0;
    int inVain = 0;
    for (long request = 0; made < tasks && inVain < PATIENCE && !pool.isEmpty(); request++) {
      int before = made;
      for (String task : ask(pool, Hash64.at(session.seed(), request), session)) {
        String[] own = RougeL.words(task);
        if (made < tasks
            && own.length >= FEWEST_WORDS
            && own.length <= MOST_WORDS
            && words.stream().noneMatch(w -> RougeL.rougeL(own, w) >= MOST_ALIKE)) {
          pool.add(task);
          words.add(own);
          String id = Texts.format("task-%07d", made++);
          consumer.accept(Material.whole(id, "request " + request, task));
        }
      }
      inVain = made == before ? inVain + 1 : 0;
    }
  }

  private static List<String> ask(List<String> pool, long seed, DraftSession session) {
    List<String> left = new ArrayList<>(pool);
    StringBuilder shown = new StringBuilder();
    for (int i = 1; i <= SHOWN && !left.isEmpty(); i++) {
      int at = (int) Long.remainderUnsigned(Hash64.at(seed, i), left.size());
      shown.append(i).append(". ").append(left.remove(at)).append('\n');
    }
    String prompt = prompt().replace("{asked}", Integer.toString(ASKED)).replace("{tasks}", shown);
    List<String> tasks = new ArrayList<>();
    String answer = session.ask(prompt, expectedAnswer(seed));
    Matcher lines = NUMBERED.matcher(Reasoning.remove(answer).orElse(""));
    while (lines.find()) {
      String task = lines.group(1).strip();
      boolean odd = task.split("\\*\\*|__", -1).length % 2 == 0;
      tasks.add(odd ? EMPHASIS_END.matcher(task).replaceFirst("") : task);
    }
    return tasks;
  }

  /** Returns random text that differs from every task in the pool. */
  private static String expectedAnswer(long seed) {
    StringBuilder text = new StringBuilder();
    for (int i = 1; i <= ASKED; i++) {
      text.append(i).append('.');
      for (int w = 0; w < 15; w++) {
        text.append(' ').append(Long.toString(Hash64.at(seed + i, w) >>> 40, 36));
      }
      text.append('\n');
    }
    return text.toString();
  }
}
