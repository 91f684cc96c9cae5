package dev.mixlaw.eval.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.MultipleChoice.Question;
import dev.mixlaw.api.internal.spi.NonFiniteLossException;
import dev.mixlaw.api.results.Interval;
import dev.mixlaw.api.results.Measurement;
import dev.mixlaw.api.results.Metric;
import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.Tokenizer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class ChoiceScorerTest {
  /** Returns the loss of the token at a position of a row in nats. */
  private interface Loss {
    double of(int[] row, int at);
  }

  /** A model whose losses are given by a function. */
  private record FakeModel(int context, Loss loss) implements LanguageModel {
    @Override
    public int vocabulary() {
      return 1 << 16;
    }

    @Override
    public void losses(int[] ids, int rows, int length, int first, float[] nats) {
      assertThat(length).isLessThanOrEqualTo(context);
      for (int r = 0; r < rows; r++) {
        int[] row = Arrays.copyOfRange(ids, r * (length + 1), (r + 1) * (length + 1));
        for (int t = first; t < length; t++) {
          nats[r * (length - first) + t - first] = (float) loss.of(row, t + 1);
        }
      }
    }
  }

  /**
   * A tokenizer with one token for each character, except that a colon and a space after it are one
   * token, as if merged by byte-pair encoding.
   */
  private static final class Characters implements Tokenizer {
    private static final int MERGED = 1;

    @Override
    public String name() {
      return "characters";
    }

    @Override
    public int vocabulary() {
      return 1 << 16;
    }

    @Override
    public int endOfText() {
      return 0;
    }

    @Override
    public int[] encode(String text) {
      return text.replace(": ", String.valueOf((char) MERGED)).chars().toArray();
    }

    @Override
    public String decode(int[] ids) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String fingerprint() {
      return name();
    }

    @Override
    public boolean save(Path tokenizerJson) {
      return false;
    }
  }

  private static Answers answer(LanguageModel model, Question... questions) {
    return new Answers(
        new ChoiceScorer(model, new Characters())
            .answer(new MultipleChoice("test", List.of(questions))));
  }

  private record Answers(List<Measurement> measurements) {
    Measurement of(Metric metric) {
      return measurements.stream().filter(m -> m.metric().equals(metric)).findFirst().orElseThrow();
    }

    double chance() {
      return of(Metric.ACC).details().get("chance");
    }

    double cut() {
      return of(Metric.ACC).details().get("cut");
    }
  }

  @Test
  void lengthsAreWeighedAsAskedFor() {
    // losses in nats: a 3, each other letter 1, é 1.5, space 1; é has 2 bytes, the others 1
    FakeModel model = new FakeModel(64, (row, at) -> row[at] == 'a' ? 3 : row[at] == 'é' ? 1.5 : 1);
    List<String> choices = List.of("a", "bcde", "éé");

    // sums with the leading space: 1 + 3 = 4, 1 + 4 = 5 and 1 + 3 = 4; per byte of the choice: 4,
    // 5/4 and 4/4; per token with the space: 4/2, 5/5 and 4/3
    assertThat(answer(model, new Question("1", "Q", choices, 0))).satisfies(right(1, 0, 0));
    assertThat(answer(model, new Question("1", "Q", choices, 1))).satisfies(right(0, 0, 1));
    assertThat(answer(model, new Question("1", "Q", choices, 2))).satisfies(right(0, 1, 0));
  }

  private static Consumer<Answers> right(double acc, double byBytes, double byTokens) {
    return accuracy -> {
      assertThat(accuracy.of(Metric.ACC).scores()).containsExactly(acc);
      assertThat(accuracy.of(Metric.ACC_NORM).scores()).containsExactly(byBytes);
      assertThat(accuracy.of(Metric.ACC_TOKENS).scores()).containsExactly(byTokens);
    };
  }

  @Test
  void theProbabilityOfTheCorrectChoiceIsNormalisedOverTheChoices() {
    // a costs 1 nat, b 2 and c 3; the space before each choice costs 3
    FakeModel model = new FakeModel(16, (row, at) -> row[at] == ' ' ? 3 : row[at] - 'a' + 1);
    List<String> choices = List.of("a", "b", "c");

    Measurement probability =
        answer(model, new Question("1", "Q", choices, 1), new Question("2", "Q", choices, 0))
            .of(Metric.CORRECT_PROB_NORM);

    double sum = Math.exp(-1) + Math.exp(-2) + Math.exp(-3);
    assertThat(probability.scores().get(0)).isCloseTo(Math.exp(-2) / sum, within(1e-12));
    assertThat(probability.scores().get(1)).isCloseTo(Math.exp(-1) / sum, within(1e-12));
    assertThat(probability.value().value())
        .isCloseTo((Math.exp(-1) + Math.exp(-2)) / (2 * sum), within(1e-12));
  }

  @Test
  void choicesAreGivenTheQuestion() {
    // given a model that expects y if the first letter of the question is Y, and n otherwise
    FakeModel model =
        new FakeModel(
            64,
            (row, at) ->
                row[at] == 'y' || row[at] == 'n'
                    ? Character.toLowerCase(row[1]) == row[at] ? 0.1 : 2.4
                    : 50);
    List<String> choices = List.of("y", "n");

    Answers accuracy =
        answer(
            model,
            new Question("1", "Yes", choices, 0),
            new Question("2", "No", choices, 1),
            new Question("3", "Nay", choices, 1),
            new Question("4", "Yea", choices, 1));

    assertThat(accuracy.of(Metric.ACC).scores()).containsExactly(1.0, 1.0, 1.0, 0.0);
    assertThat(accuracy.of(Metric.ACC).value().value()).isEqualTo(0.75);
    assertThat(accuracy.chance()).isEqualTo(0.5);
  }

  @Test
  void theIntervalIsWilsons() {
    FakeModel model = new FakeModel(16, (row, at) -> row[at] == 'a' ? 1 : 2);
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      questions.add(new Question("" + i, "Q", List.of("a", "b"), i < 8 ? 0 : 1));
    }

    Interval interval =
        answer(model, questions.toArray(Question[]::new)).of(Metric.ACC).value().interval();

    // 8 of 10 answers are correct; the values are from proportion_confint(8, 10, method="wilson")
    // of statsmodels
    assertThat(interval.low()).isCloseTo(0.4901625, within(1e-6));
    assertThat(interval.high()).isCloseTo(0.9433178, within(1e-6));
  }

  @Test
  void allTokensOfAChoiceAreScoredAndNoneOfTheQuestion() {
    assertThat(nats("Q", "ab", "xyz")).isEqualTo(' ' + 'a' + 'b');
  }

  @Test
  void whereAMergeCrossesTheBoundaryAllChoicesBeginBeforeIt() {
    // ":" and " " are one token of the whole text, so the last token of the question is scored too
    assertThat(nats("Q:", "a")).isEqualTo(1 + 'a');
    // one choice begins with a line break, which is not merged with the colon, but all choices are
    // scored from the colon on
    assertThat(nats("Q:", "\nb", "a")).isEqualTo(':' + '\n' + 'b');
  }

  @Test
  void whiteSpaceThatIsThereIsNotDoubledAndCountsWithTheChoice() {
    assertThat(nats("Q\n", "a")).isEqualTo('\n' + 'a');
    assertThat(nats("Q", "\na")).isEqualTo('\n' + 'a');
    assertThat(nats("", "a")).isEqualTo('a');
  }

  @Test
  void aQuestionLongerThanTheContextLosesItsBeginning() {
    TreeSet<Integer> seen = new TreeSet<>();
    FakeModel model =
        new FakeModel(
            8,
            (row, at) -> {
              for (int id : row) {
                seen.add(id);
              }
              return row[at];
            });

    Answers accuracy = answer(model, question("ABCDEFGHIJKL", "x", "yz"), question("Q", "x", "y"));

    assertThat(accuracy.cut()).isEqualTo(1);
    assertThat(seen).doesNotContain((int) 'A', (int) 'F').contains((int) 'G', (int) 'L', (int) 'Q');
  }

  @Test
  void aChoiceLongerThanTheContextIsScoredWhole() {
    String choice = "abcdefghijklmnopqrstuvwxyz";
    double sum = ' ' + choice.chars().sum();

    assertThat(nats(8, "ABCDEFGHIJ", choice)).isEqualTo(sum);
    assertThat(nats(9, "ABC", choice)).isEqualTo(sum);
  }

  @Test
  void aModelThatKnowsNothingGuesses() {
    SplittableRandom random = new SplittableRandom(11);
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < 2000; i++) {
      List<String> choices = new ArrayList<>();
      for (int c = 0; c < 4; c++) {
        choices.add(Long.toString(random.nextInt(46_656, 1_679_616), 36));
      }
      questions.add(
          new Question("" + i, "Which " + i + "?", choices.stream().distinct().toList(), 0));
    }
    // given a model whose loss is a hash of the text, so that the same text always has the same
    // loss
    FakeModel model =
        new FakeModel(
            32,
            (row, at) -> {
              long hash = row[at];
              for (int i = 1; i <= at; i++) {
                hash = hash * 6364136223846793005L + row[i];
              }
              return new SplittableRandom(hash).nextDouble();
            });

    Answers accuracy = answer(model, questions.toArray(Question[]::new));

    assertThat(accuracy.chance()).isCloseTo(0.25, within(0.001));
    assertThat(accuracy.of(Metric.ACC).value().interval().contains(0.25)).isTrue();
    assertThat(accuracy.of(Metric.ACC_NORM).value().interval().contains(0.25)).isTrue();
    assertThat(accuracy.of(Metric.ACC_TOKENS).value().interval().contains(0.25)).isTrue();
  }

  @Test
  void lossesThatAreNotFiniteAreNamed() {
    FakeModel model = new FakeModel(16, (row, at) -> row[at] == 'b' ? Double.NaN : 1);

    assertThatThrownBy(() -> answer(model, question("Q", "a", "b")))
        .isInstanceOf(NonFiniteLossException.class)
        .hasMessageContainingAll("question id", "test test", "NaN");
  }

  private static Question question(String text, String... choices) {
    return new Question("id", text, List.of(choices), 0);
  }

  private static double nats(String text, String choice, String... others) {
    return nats(64, text, choice, others);
  }

  /** Returns the loss of a choice under a model whose loss for a token is the token's id. */
  private static double nats(int context, String text, String choice, String... others) {
    List<String> choices = new ArrayList<>(List.of(choice, choice + "*"));
    choices.addAll(List.of(others));
    TokenizedChoice first =
        TokenizedChoice.of(new Question("id", text, choices, 0), new Characters(), context).get(0);
    FakeModel model = new FakeModel(context, (row, at) -> row[at]);
    return new WindowScorer(model, 0).score(List.of(first.tokens()), new int[] {first.from()})[0];
  }
}
