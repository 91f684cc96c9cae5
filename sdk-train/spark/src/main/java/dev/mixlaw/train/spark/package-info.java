/** Trains the runs of studies on an Apache Spark cluster. */
@NullMarked
package dev.mixlaw.train.spark;

import org.jspecify.annotations.NullMarked;
