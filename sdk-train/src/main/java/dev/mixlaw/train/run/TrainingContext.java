package dev.mixlaw.train.run;

import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.api.spi.TrainingEngine;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;

/**
 * What all workers of a study share.
 *
 * @param layout number of workers, and threads and memory of each
 * @param deviceLock read lock for every open session, write lock for a session that must be the
 *     only one
 */
record TrainingContext(
    PreparedData data,
    List<MultipleChoice> tests,
    RunStore store,
    TrainingEngine engine,
    WorkerLayout layout,
    DomainEvaluator evaluator,
    RunIdentities identities,
    ProgressReporter progress,
    StopSignal stop,
    RunSettings settings,
    ReadWriteLock deviceLock) {}
