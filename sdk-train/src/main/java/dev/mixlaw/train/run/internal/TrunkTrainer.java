package dev.mixlaw.train.run.internal;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.results.ChoiceAccuracy;
import dev.mixlaw.api.results.DomainLoss;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.results.RunResult.Outcome;
import dev.mixlaw.api.spi.DeviceLostException;
import dev.mixlaw.train.run.internal.Trunk.Point;
import dev.mixlaw.train.run.internal.child.ChildDied;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Trains a trunk and its branches, measures each, and keeps the results: the job of one worker.
 *
 * <p>For each budget: train the trunk to where the branch leaves and write a checkpoint, train the
 * branch, measure it, keep its result, go back to the checkpoint. A branch that breaks is recorded
 * and the trunk goes on; a trunk that breaks ends all budgets that are still ahead.
 */
final class TrunkTrainer implements Runnable {
  private final Workshop shop;
  private final Trunk trunk;
  private final Map<String, RunResult> earlier;
  private final Consumer<RunResult> results;
  private final String identity;
  private final RunRecords records;
  private final Disk disk;

  /**
   * @param earlier results by identity, of this trunk's runs at least
   * @param results receives each run that ends here
   */
  TrunkTrainer(
      Workshop shop, Trunk trunk, Map<String, RunResult> earlier, Consumer<RunResult> results) {
    this.shop = shop;
    this.trunk = trunk;
    this.earlier = earlier;
    this.results = results;
    this.identity = shop.identities().of(trunk);
    this.records = new RunRecords(trunk, shop.data());
    this.disk = shop.settings().disk();
  }

  /** Something that may break. */
  @FunctionalInterface
  private interface Attempt {
    void run() throws IOException;
  }

  @Override
  public void run() {
    Path directory = shop.store().directory(identity);
    try {
      boolean whole = true;
      List<Point> open = trunk.points().stream().filter(p -> !settled(p)).toList();
      for (Point point : trunk.points()) {
        if (settled(point)) {
          checkpoints(point).deleteAll(); // what a kill left
        }
      }
      if (!open.isEmpty()) {
        whole = train(open);
      }
      if (whole) {
        disk.delete(directory);
      }
    } catch (IOException e) {
      throw new StudyAborted(Disk.fault(trunk.toString(), directory, e));
    }
  }

  /** Trains what is open; whether nothing failed, so that nothing has to be kept. */
  private boolean train(List<Point> open) throws IOException {
    shop.company().readLock().lock();
    try {
      return trainBeside(open);
    } finally {
      shop.company().readLock().unlock();
    }
  }

  private boolean trainBeside(List<Point> open) throws IOException {
    boolean whole = true;
    try (Learner learner = new Learner(shop, trunk)) {
      for (int i = 0; i < open.size(); i++) {
        Point point = open.get(i);
        Attempt reach = () -> toBranch(learner, point);
        Outcome reached = attempt(learner, reach, reach);
        if (!(reached instanceof Outcome.Completed)) {
          for (Point lost : open.subList(i, open.size())) {
            if (reached instanceof Outcome.Diverged) { // a trunk that failed stays for the next try
              Path run = shop.store().directory(id(lost));
              learner.metrics().keep(run.resolve("metrics.jsonl"), disk);
            }
            keep(lost, records.unfinished(lost, id(lost), reached, learner.recentLoss(), 0));
          }
          return !(reached instanceof Outcome.Failed);
        }
        whole &= branch(learner, point);
      }
    }
    return whole;
  }

  /** Brings the model to where a branch leaves the trunk, or to where the branch already was. */
  private void toBranch(Learner learner, Point point) throws IOException {
    Path run = shop.store().directory(id(point));
    if (learner.restore(checkpoints(point), point.steps(), run)) {
      reached(identity, point.branchStep());
      reached(id(point), learner.step() - point.branchStep());
      return;
    }
    if (point.branchStep() == 0) {
      learner.begin(run);
      return;
    }
    Path directory = shop.store().directory(identity);
    Checkpoints onTrunk = new Checkpoints(directory, disk);
    if (!learner.restore(onTrunk, point.branchStep(), directory)) {
      learner.begin(directory);
    }
    reached(identity, learner.step());
    Point last = trunk.points().get(trunk.points().size() - 1);
    learner.advance(
        point.branchStep(),
        trunk::rate,
        onTrunk,
        (step, loss) -> stepped(identity, step, last, step, loss));
    learner.moveTo(run);
  }

  /** Trains and measures a branch; whether it did not fail. */
  private boolean branch(Learner learner, Point point) throws IOException {
    long began = System.nanoTime();
    List<DomainLoss> losses = new ArrayList<>();
    List<ChoiceAccuracy> choices = new ArrayList<>();
    Attempt goOn =
        () -> {
          losses.clear(); // of an attempt before
          choices.clear();
          learner.advance(
              point.steps(),
              step -> trunk.rate(point, step),
              checkpoints(point),
              (step, loss) -> stepped(id(point), step - point.branchStep(), point, step, loss));
          losses.addAll(measure(learner));
          choices.addAll(answers(learner));
          learner.metrics().sync(disk);
          keepModel(point);
        };
    Attempt again =
        () -> {
          toBranch(learner, point);
          goOn.run();
        };
    Outcome outcome = attempt(learner, goOn, again);
    double seconds = (System.nanoTime() - began) / 1e9;
    OptionalDouble recent = learner.recentLoss();
    if (outcome instanceof Outcome.Completed) {
      keep(point, records.completed(point, id(point), losses, choices, recent, seconds));
    } else {
      keep(point, records.unfinished(point, id(point), outcome, recent, seconds));
    }
    if (outcome instanceof Outcome.Failed) {
      learner.close(); // nobody knows what state it is in
      return false;
    }
    checkpoints(point).deleteAll();
    return true;
  }

  private List<DomainLoss> measure(Learner learner) {
    List<DomainLoss> losses =
        shop.evaluator()
            .evaluate(learner.model(), shop.data().tokenizer().endOfText(), shop.data().domains());
    for (DomainLoss loss : losses) {
      if (!Double.isFinite(loss.nats())) {
        throw new Learner.Diverged(
            learner.step(), "the loss on domain " + loss.domain() + " is " + loss.nats());
      }
    }
    return losses;
  }

  private List<ChoiceAccuracy> answers(Learner learner) {
    return shop.tests().isEmpty()
        ? List.of()
        : shop.evaluator().answer(learner.model(), shop.data().tokenizer(), shop.tests());
  }

  private void keepModel(Point point) throws IOException {
    if (shop.settings().keepModels()) {
      FinalModel.keep(
          checkpoints(point).at(point.steps()).trainer(),
          shop.data().tokenizer(),
          shop.store().directory(id(point)),
          disk);
    }
  }

  private void keep(Point point, RunResult result) {
    shop.store().save(result);
    results.accept(result);
    reached(identity, point.branchStep());
    reached(id(point), point.steps() - point.branchStep());
    shop.progress().finished(result, false);
  }

  /**
   * Does something, and once more from the last checkpoint if its process dies or its device is
   * lost: what kills one, such as a neighbour that takes all memory, may be gone. Of sessions that
   * lost a device together one broke it: the second time each is alone.
   */
  private Outcome attempt(Learner learner, Attempt attempt, Attempt fromCheckpoint)
      throws IOException {
    boolean alone;
    try {
      return outcome(attempt);
    } catch (ChildDied | DeviceLostException first) {
      learner.close();
      shop.stop().check();
      alone = first instanceof DeviceLostException;
      shop.progress()
          .warned(trunk + ": training goes on from the last checkpoint, as " + first.getMessage());
    }
    try {
      return alone ? alone(fromCheckpoint) : outcome(fromCheckpoint);
    } catch (ChildDied | DeviceLostException second) {
      learner.close();
      return new Outcome.Failed("twice: " + second.getMessage());
    }
  }

  /** When no other session is open any more, and none is opened meanwhile. */
  private Outcome alone(Attempt attempt) throws IOException {
    shop.company().readLock().unlock();
    shop.company().writeLock().lock();
    try {
      return outcome(attempt);
    } finally {
      shop.company().readLock().lock();
      shop.company().writeLock().unlock();
    }
  }

  /** What breaks this run only becomes its outcome, what breaks more is thrown. */
  private Outcome outcome(Attempt attempt) throws IOException {
    try {
      attempt.run();
      return new Outcome.Completed();
    } catch (Learner.Diverged e) {
      return new Outcome.Diverged(e.step, e.reason);
    } catch (Stop.Stopped | StudyAborted | ChildDied | DeviceLostException e) {
      throw e;
    } catch (RuntimeException e) {
      IOException io = Disk.ioCause(e);
      if (io != null) {
        throw new StudyAborted(Disk.fault(trunk.toString(), shop.store().directory(identity), io));
      }
      if (e instanceof MixlawException mixlaw && mixlaw.kind() == MixlawException.Kind.STORAGE) {
        throw new StudyAborted(e);
      }
      return new Outcome.Failed(e.toString());
    } catch (OutOfMemoryError e) {
      return new Outcome.Failed(e.toString()); // native memory too is asked for by one model alone
    }
  }

  private void reached(String leg, long steps) {
    shop.progress().reached(leg, steps, trunk.tokensPerStep());
  }

  private void stepped(String leg, long legSteps, Point run, long step, double loss) {
    shop.progress()
        .stepped(leg, legSteps, trunk.tokensPerStep(), run.key(), step, run.steps(), loss);
  }

  private Checkpoints checkpoints(Point point) {
    return new Checkpoints(shop.store().directory(id(point)), disk);
  }

  private String id(Point point) {
    return shop.identities().of(trunk, point);
  }

  private boolean settled(Point point) {
    return RunRecords.settled(earlier.get(id(point)));
  }
}
