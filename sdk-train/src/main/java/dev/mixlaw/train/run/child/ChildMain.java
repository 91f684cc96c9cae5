package dev.mixlaw.train.run.child;

import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.internal.spi.PreparedData;
import dev.mixlaw.api.results.RunFailure;
import dev.mixlaw.train.storage.JsonRecords;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.ObjectInputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;

final class ChildMain {
  private ChildMain() {}

  public static void main(String[] args) {
    PrintStream reports =
        new PrintStream(new FileOutputStream(FileDescriptor.out), false, StandardCharsets.UTF_8);
    // Standard output is reserved for reports.
    PrintStream printed =
        new PrintStream(new FileOutputStream(FileDescriptor.err), true, StandardCharsets.UTF_8);
    System.setOut(printed);
    int exit = 0;
    try {
      // The stream is not closed, because the parent sends its answers over it.
      ObjectInputStream in = new ObjectInputStream(System.in);
      Class<?> type = Class.forName((String) in.readObject());
      ChildJob job = JsonRecords.read((byte[]) in.readObject(), type.asSubclass(ChildJob.class));
      PreparedData.Reopening text = (PreparedData.Reopening) in.readObject();
      ChildReporter parent = new ChildReporter(in, reports);
      try (PreparedData data = text.open()) {
        job.run(data, parent);
      } catch (MixlawException e) {
        parent.report(ChildReport.of(e));
      }
    } catch (Throwable t) {
      printed.print(RunFailure.of(RunFailure.Kind.OTHER, "", t).stack());
      printed.println(t); // the parent shows the last lines
      exit = 1;
    }
    Runtime.getRuntime().halt(exit); // ends the threads of native libraries too
  }
}
