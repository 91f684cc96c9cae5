package dev.mixlaw.train.spark;

import dev.mixlaw.train.run.LocalStudyRunner;
import dev.mixlaw.train.storage.Disk;
import java.io.IOException;
import java.io.Serializable;
import java.net.URI;
import java.nio.file.Path;
import org.apache.hadoop.fs.FileSystem;
import org.apache.spark.SparkFiles;
import org.apache.spark.util.SerializableConfiguration;
import org.jspecify.annotations.Nullable;

/**
 * The location of a lab, for the driver and its workers.
 *
 * @param directory shared directory of the lab, or local cache of the driver
 * @param store directory of the lab in a Hadoop file system; null if {@code directory} is shared
 * @param hadoop Hadoop's configuration
 */
record LabPlace(String directory, @Nullable URI store, SerializableConfiguration hadoop)
    implements Serializable {

  /** Returns the directory of the lab on an executor. */
  Path onExecutor() {
    return store == null
        ? Path.of(directory)
        : Path.of(SparkFiles.getRootDirectory(), "mixlaw-" + store.toString().hashCode());
  }

  /** Returns {@code local} with the lab's disk for this process. */
  LocalStudyRunner runner(Path directoryHere, LocalStudyRunner local) {
    if (store == null) {
      return local;
    }
    try {
      FileSystem files = FileSystem.get(store, hadoop.value());
      return local.on(new HadoopDisk(directoryHere, files, new org.apache.hadoop.fs.Path(store)));
    } catch (IOException e) {
      throw Disk.fault("the store " + store + " cannot be opened", directoryHere, e);
    }
  }
}
