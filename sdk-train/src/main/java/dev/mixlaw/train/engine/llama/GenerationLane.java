package dev.mixlaw.train.engine.llama;

import dev.mixlaw.api.spi.SamplingModel.Text;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A lane's texts under way. */
final class GenerationLane {
  private final KvCacheDecoder decoder;
  private final Device device;
  private final int vocabulary;
  private final int context;
  private final TokenSampler choice;
  private final float[] logits;
  private final @Nullable UnderWay[] slots;
  private final int[] tokens;
  private final int[] places;
  private final int[] last;
  private final int[] slotOfLast;
  private int busy;
  private int rows;
  private int wanted;
  private boolean diverged;

  GenerationLane(
      KvCacheDecoder decoder,
      GenerationBuffers buffers,
      int context,
      int vocabulary,
      Device device) {
    this.decoder = decoder;
    this.device = device;
    this.vocabulary = vocabulary;
    this.context = context;
    choice = new TokenSampler(vocabulary);
    logits = new float[buffers.slots * vocabulary];
    slots = new UnderWay[buffers.slots];
    tokens = new int[buffers.rows];
    places = new int[buffers.rows];
    last = new int[buffers.slots];
    slotOfLast = new int[buffers.slots];
  }

  /** A text under way. */
  private static final class UnderWay {
    private final Text text;
    private final int[] ids;
    private final int prompt;
    private int known;
    private int taken;
    private boolean ended;

    UnderWay(Text text, int context) {
      this.text = text;
      prompt = text.prompt().length;
      // The last token of a context is predicted from those before, and one more from all.
      long end = Math.min(context + 1L, (long) prompt + text.settings().maxTokens());
      ids = Arrays.copyOf(text.prompt(), (int) end);
      known = prompt;
    }

    /** Tokens still to be taken; what ends a text is not. */
    int untaken() {
      return ended ? 0 : known - taken;
    }

    void add(int token) {
      if (token == text.settings().endOfText()) {
        ended = true;
      } else {
        ids[known++] = token;
        ended = known == ids.length;
      }
    }
  }

  void clear() {
    Arrays.fill(slots, null);
    busy = 0;
    wanted = 0;
    diverged = false;
  }

  /** Texts under way. */
  int busy() {
    return busy;
  }

  boolean full() {
    return busy == slots.length;
  }

  void begin(Text text) {
    int free = 0;
    while (slots[free] != null) {
      free++;
    }
    slots[free] = new UnderWay(text, context);
    busy++;
  }

  /**
   * Chooses what follows the texts that were taken whole in the round before, and takes next
   * tokens.
   */
  void round() {
    choose();
    if (!diverged) {
      step();
    }
  }

  /** Takes next tokens, and then prompts while there is room. */
  private void step() {
    rows = 0;
    wanted = 0;
    for (int slot = 0; slot < slots.length; slot++) {
      UnderWay text = slots[slot];
      if (text != null && text.untaken() == 1) {
        take(text, slot);
      }
    }
    for (int slot = 0; slot < slots.length; slot++) {
      UnderWay text = slots[slot];
      if (text != null && text.untaken() > 0) {
        take(text, slot);
      }
    }
    if (rows > 0) {
      decoder.step(tokens, places, rows, last, wanted);
    }
  }

  private void take(UnderWay text, int slot) {
    int n = Math.min(text.untaken(), tokens.length - rows);
    for (int i = 0; i < n; i++) {
      tokens[rows] = text.ids[text.taken];
      places[rows++] = slot * context + text.taken++;
    }
    if (n > 0 && text.untaken() == 0) {
      last[wanted] = rows - 1;
      slotOfLast[wanted++] = slot;
    }
  }

  private void choose() {
    if (wanted == 0) {
      return;
    }
    device.read(decoder.logits(), logits, wanted * vocabulary);
    for (int i = 0; i < wanted; i++) {
      UnderWay text = slots[slotOfLast[i]];
      int token = choice.choose(logits, i * vocabulary, text.text.settings(), text.known);
      if (token < 0) {
        diverged = true;
        return;
      }
      text.add(token);
    }
  }

  boolean diverged() {
    return diverged;
  }

  /** Hands texts that are done over and makes room. */
  void giveWhatIsDone() {
    for (int slot = 0; slot < slots.length; slot++) {
      UnderWay text = slots[slot];
      if (text != null && text.ended) {
        slots[slot] = null;
        busy--;
        text.text.written(Arrays.copyOfRange(text.ids, text.prompt, text.known));
      }
    }
  }
}
