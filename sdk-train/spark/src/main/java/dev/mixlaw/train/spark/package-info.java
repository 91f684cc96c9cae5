/**
 * Trains the runs of studies on an Apache Spark cluster.
 *
 * <p>A lab does all its file operations through the class {@code Disk} of {@code mixlaw-train}.
 * This package contains a subclass that stores a lab in a Hadoop file system, such as HDFS or an
 * object store. All workers use this store directly. If each worker synchronized a private copy of
 * the lab with the store, claims of jobs and deletions of files would need a second protocol.
 *
 * <p><b>Experimental:</b> this package may change in any release.
 *
 * @since 0.1.0
 */
@NullMarked
package dev.mixlaw.train.spark;

import org.jspecify.annotations.NullMarked;
