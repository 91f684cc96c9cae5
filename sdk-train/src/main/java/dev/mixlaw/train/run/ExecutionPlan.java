package dev.mixlaw.train.run;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.spi.TrainingEngine;
import java.util.List;

/**
 * A plan, with what is needed to execute it.
 *
 * @param jobs in the plan's order
 * @param earlier what the lab has of the runs
 */
record ExecutionPlan(
    Plan plan,
    TrainingEngine engine,
    WorkerLayout layout,
    RunIdentities identities,
    List<RunJob> jobs,
    EarlierRuns earlier) {}
