package dev.mixlaw.train.run;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.spi.TrainingEngine;
import java.util.List;

/**
 * A plan together with the data needed to execute it.
 *
 * @param jobs the jobs, in the plan's order
 * @param earlier the runs that are already in the lab
 */
record ExecutionPlan(
    Plan plan,
    TrainingEngine engine,
    WorkerLayout layout,
    RunIdentities identities,
    List<RunJob> jobs,
    EarlierRuns earlier) {}
