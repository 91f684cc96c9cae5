/**
 * Trains the runs of studies on an Apache Spark cluster.
 *
 * <p>The port between a lab and its store is the class {@code Disk} of {@code mixlaw-train},
 * through which a lab already did its file operations. A Hadoop file system is a subclass that
 * needs two operations more, reading and listing, and one that copies what another worker has
 * stored. A private lab of each worker that is synchronized with the store would need a second
 * protocol for claims and deletions.
 *
 * <p><b>Experimental:</b> this package may change in any release.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.train.spark;

import org.jspecify.annotations.NullMarked;
