package dev.mixlaw.train.engine.decoder;

import dev.mixlaw.api.ModelSpec;
import dev.mixlaw.api.spi.SamplingModel.Sampling;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Writes many texts at once: each lane has some places, each place a text, and every round takes
 * one token of each. Prompts are read a token a round as well, so that texts of different lengths
 * need no padding.
 */
final class TextWriter {
  /** Texts a lane writes at once. */
  static final int PLACES = 16;

  private final ModelSpec model;
  private final int vocabulary;
  private final Device device;
  private final List<StepDecoder> decoders = new ArrayList<>();
  private final List<Places> lanes = new ArrayList<>();
  private final float[] logits;

  TextWriter(ModelSpec model, int vocabulary, Device device, Parameters weights) {
    this.model = model;
    this.vocabulary = vocabulary;
    this.device = device;
    for (int i = 0; i < device.lanes(); i++) {
      decoders.add(new StepDecoder(model, vocabulary, PLACES, device.kernels(i), weights, device));
      lanes.add(new Places());
    }
    logits = new float[PLACES * vocabulary];
  }

  /** A lane's texts under way. */
  private static final class Places {
    private final List<Text> texts = new ArrayList<>();
    private final int[] tokens = new int[PLACES];
    private final int[] positions = new int[PLACES];
  }

  /** A text under way. */
  private static final class Text {
    private final long number;
    private final int[] ids;
    private final int prompt;
    private final int end;
    private int known;
    private int taken;
    private boolean ended;

    Text(long number, int[] prompt, int end) {
      this.number = number;
      this.prompt = prompt.length;
      this.end = end;
      ids = Arrays.copyOf(prompt, end);
      known = prompt.length;
    }

    boolean done() {
      return ended || known == end;
    }

    int[] written() {
      return Arrays.copyOfRange(ids, prompt, known);
    }
  }

  /** Continues each prompt; see {@link dev.mixlaw.api.spi.SamplingModel#sample}. */
  List<int[]> write(List<int[]> prompts, Sampling how) {
    List<int[]> written = new ArrayList<>();
    int atOnce = PLACES * device.lanes();
    for (int from = 0; from < prompts.size(); from += atOnce) {
      List<Text> texts = new ArrayList<>();
      for (int i = from; i < Math.min(prompts.size(), from + atOnce); i++) {
        int[] prompt = prompts.get(i);
        // The last token of a context is predicted from those before, and one more from all.
        long end = Math.min(model.context() + 1L, (long) prompt.length + how.maxTokens());
        texts.add(new Text(i, prompt, (int) end));
      }
      writeAtOnce(texts, how.endOfText(), new TokenChoice(how));
      texts.forEach(text -> written.add(text.written()));
    }
    return written;
  }

  private void writeAtOnce(List<Text> texts, int endOfText, TokenChoice choice) {
    for (int i = 0; i < lanes.size(); i++) {
      List<Text> mine = lanes.get(i).texts;
      mine.clear();
      mine.addAll(
          texts.subList(texts.size() * i / lanes.size(), texts.size() * (i + 1) / lanes.size()));
    }
    while (!texts.stream().allMatch(Text::done)) {
      for (Places lane : lanes) {
        for (int i = 0; i < lane.texts.size(); i++) {
          Text text = lane.texts.get(i);
          // A text that is done stays at its last token until all are.
          lane.positions[i] = Math.min(text.taken, text.known - 1);
          lane.tokens[i] = text.ids[lane.positions[i]];
        }
      }
      device.onEach(this::step);
      for (int l = 0; l < lanes.size(); l++) {
        List<Text> mine = lanes.get(l).texts;
        if (mine.stream().anyMatch(t -> t.taken >= t.prompt - 1)) {
          device.read(decoders.get(l).logits(), logits, mine.size() * vocabulary);
        }
        for (int i = 0; i < mine.size(); i++) {
          Text text = mine.get(i);
          text.taken = Math.min(text.taken + 1, text.known);
          if (text.taken == text.known && !text.done()) {
            // 2³² draws are more than any text has.
            int next =
                choice.choose(logits, i * vocabulary, vocabulary, (text.number << 32) + text.known);
            if (next == endOfText) {
              text.ended = true;
            } else {
              text.ids[text.known++] = next;
            }
          }
        }
      }
    }
  }

  private void step(int lane) {
    Places places = lanes.get(lane);
    if (!places.texts.isEmpty()) {
      decoders.get(lane).step(places.tokens, places.positions, places.texts.size());
    }
  }
}
