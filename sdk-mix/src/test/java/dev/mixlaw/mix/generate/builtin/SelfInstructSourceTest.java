package dev.mixlaw.mix.generate.builtin;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.mix.corpus.Corpora;
import dev.mixlaw.mix.generate.spi.Material;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class SelfInstructSourceTest {
  private final List<String> prompts = new ArrayList<>();

  /** Makes tasks from the given answers in turn; the last answer is repeated. */
  private List<Material> make(int tasks, String... answers) {
    FakeSession session =
        new FakeSession(
            1,
            prompt -> {
              prompts.add(prompt);
              return answers[Math.min(prompts.size(), answers.length) - 1];
            });
    List<Material> made = new ArrayList<>();
    new SelfInstructSource(tasks)
        .make(() -> Corpora.open(SelfInstructSource.seedTasks()), session, made::add);
    return made;
  }

  @Test
  void newTasksBecomeMaterialAndExamples() {
    List<Material> made =
        make(
            3,
            "Here they are:\n"
                + "1. Explain how a lock keeps a door shut.\n"
                + "2) Name two rivers of Asia.\n"
                + "3. Too short\n",
            "1. Explain how a lock keeps a door really shut.\n2. Draw up a contract for a loan.");

    assertThat(made)
        .extracting(Material::text)
        .containsExactly(
            "Explain how a lock keeps a door shut.",
            "Name two rivers of Asia.",
            "Draw up a contract for a loan.");
    assertThat(prompts).hasSize(2);
    assertThat(prompts.get(0)).contains("1. ", "8. ", "Think up 8 new tasks").doesNotContain("{");
  }

  @Test
  void listsOfManyFormsAreRead() {
    String answer =
        "<think>\n1. Think of a first task about nothing.\n</think>\n"
            + "**1.** Explain tides to a child.\n"
            + "**2. Plan a walk for two bakers**\n"
            + "Task 3: Sort these nine colours by warmth.\n"
            + "4\\. Invent a name for a new ship.\n"
            + "(5) Compare **bread** with *rice*.\n"
            + "6、Correct the spelling of \"recieve\".\n"
            + "### 7) Judge whether 12:30 is noon.\n"
            + "12:30 is not a task at all.\n"
            + "- **Task 8:** Compute the sum of 5 and 7.\n"
            + "9. 5 apples cost 2 euros; what do 7 cost?";

    assertThat(make(9, answer))
        .extracting(Material::text)
        .containsExactly(
            "Explain tides to a child.",
            "Plan a walk for two bakers",
            "Sort these nine colours by warmth.",
            "Invent a name for a new ship.",
            "Compare **bread** with *rice*.",
            "Correct the spelling of \"recieve\".",
            "Judge whether 12:30 is noon.",
            "Compute the sum of 5 and 7.",
            "5 apples cost 2 euros; what do 7 cost?");
  }

  @Test
  void endsWithoutNewTasks() {
    List<Material> made = make(5, "1. Describe the taste of salt.");

    assertThat(made).hasSize(1);
    assertThat(prompts).hasSize(1 + 20);
  }

  @Test
  void tasksOfEveryScriptHaveWords() {
    assertThat(make(3, "1、写一首关于春天的诗。\n2、解释潮汐。\n3. कविता लिखो और पढ़ो"))
        .extracting(Material::text)
        .containsExactly("写一首关于春天的诗。", "解释潮汐。", "कविता लिखो और पढ़ो");
    assertThat(RougeL.words("हिन्दी में")).hasSize(2);
    assertThat(RougeL.words("กินข้าว")).hasSizeGreaterThan(3);
  }

  @Test
  void rougeLIsTheLongestCommonSubsequence() {
    String[] a = RougeL.words("The cat sat on the mat");
    String[] b = RougeL.words("the cat, on a MAT!");

    assertThat(RougeL.rougeL(a, b)).isEqualTo(2.0 * 4 / (6 + 5));
    assertThat(RougeL.rougeL(a, a)).isEqualTo(1);
    assertThat(RougeL.rougeL(a, RougeL.words("dog"))).isZero();
  }
}
