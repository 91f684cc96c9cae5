package dev.mixlaw.train.run.internal;

import dev.mixlaw.api.Plan;
import dev.mixlaw.api.results.RunResult;
import dev.mixlaw.api.spi.TrainingEngine;
import java.util.List;
import java.util.Map;

/**
 * A plan with what is needed to carry it out.
 *
 * @param trunks in the plan's order
 * @param earlier results by identity that an earlier start left, failed ones included
 */
record Planned(
    Plan plan,
    TrainingEngine engine,
    Layout layout,
    Identities identities,
    List<Trunk> trunks,
    Map<String, RunResult> earlier) {}
