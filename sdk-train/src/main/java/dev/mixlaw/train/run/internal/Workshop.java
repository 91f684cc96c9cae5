package dev.mixlaw.train.run.internal;

import dev.mixlaw.api.MultipleChoice;
import dev.mixlaw.api.spi.DomainEvaluator;
import dev.mixlaw.api.spi.PreparedData;
import dev.mixlaw.api.spi.RunStore;
import dev.mixlaw.api.spi.TrainingEngine;
import java.util.List;
import java.util.concurrent.locks.ReadWriteLock;

/**
 * What all workers of a study share.
 *
 * @param layout what a session is given
 * @param company read-locked by whoever has a session open, write-locked by who has to be alone
 *     with one
 */
record Workshop(
    PreparedData data,
    List<MultipleChoice> tests,
    RunStore store,
    TrainingEngine engine,
    Layout layout,
    DomainEvaluator evaluator,
    Identities identities,
    Progress progress,
    Stop stop,
    RunSettings settings,
    ReadWriteLock company) {}
