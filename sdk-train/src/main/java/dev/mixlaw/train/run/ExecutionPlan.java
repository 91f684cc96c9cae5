package dev.mixlaw.train.run;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.spi.TrainingEngine;
import java.util.List;

/** A plan, and the data that is needed to execute it. */
record ExecutionPlan(
    Plan plan,
    TrainingEngine engine,
    WorkerLayout layout,
    RunIdentities identities,
    List<RunJob> jobs,
    EarlierRuns earlier) {}
