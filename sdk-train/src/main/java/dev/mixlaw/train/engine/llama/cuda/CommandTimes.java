package dev.mixlaw.train.engine.llama.cuda;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * How long the card takes for each command, from the end of the one before: with what it waits for
 * the command, if it is done sooner than the next is given.
 */
final class CommandTimes {
  private final GraphicsCard card;
  private final List<Long> events = new ArrayList<>();
  private final List<String> names = new ArrayList<>();
  private final Map<String, Double> seconds = new TreeMap<>();

  CommandTimes(GraphicsCard card) {
    this.card = card;
  }

  /** A command is given next. */
  void begin(String name) {
    mark(names.size());
    names.add(name);
  }

  private void mark(int event) {
    if (event == events.size()) {
      events.add(card.timedEvent());
    }
    card.mark(GraphicsCard.Line.WORK, events.get(event));
  }

  /** Waits for the commands so far and adds their times up. */
  void collect() {
    if (names.isEmpty()) {
      return;
    }
    mark(names.size());
    card.await(events.get(names.size()));
    for (int i = 0; i < names.size(); i++) {
      seconds.merge(names.get(i), card.seconds(events.get(i), events.get(i + 1)), Double::sum);
    }
    names.clear();
  }

  /** By name. */
  Map<String, Double> seconds() {
    return seconds;
  }
}
