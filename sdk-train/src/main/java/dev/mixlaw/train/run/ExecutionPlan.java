package dev.mixlaw.train.run;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.TrainingEngine;
import java.util.List;
import java.util.Map;

/**
 * A plan, with what is needed to execute it.
 *
 * @param jobs in the plan's order
 * @param earlier results of earlier starts by identity, including those of failed runs
 */
record ExecutionPlan(
    Plan plan,
    TrainingEngine engine,
    WorkerLayout layout,
    RunIdentities identities,
    List<RunJob> jobs,
    Map<String, RunResult> earlier) {}
