package dev.mixlaw.train.spark;

import dev.mixlaw.api.spi.TrainingEngine;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;

/** A Spark master and Spark workers in separate processes, with the jars of this class path. */
final class StandaloneCluster implements AutoCloseable {
  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");
  private static final Pattern WORKER = Pattern.compile("(Successfully registered) with master");

  private final Path home;
  private final List<Process> processes = new ArrayList<>();
  private final List<String> classes = new ArrayList<>();
  private final String master;

  /**
   * Starts a cluster with one worker for each string in {@code cards}.
   *
   * @param cards GPU addresses that a script reports for a worker; an empty string for a worker
   *     without GPUs
   */
  StandaloneCluster(Path home, int coresPerWorker, String... cards) throws Exception {
    this.home = home;
    linkJars();
    Path services = Files.createDirectories(home.resolve("classes/META-INF/services"));
    Files.writeString(
        services.resolve(TrainingEngine.class.getName()), FakeGpuEngine.class.getName());
    classes.add(home.resolve("classes").toString());
    master = start(MASTER, List.of("org.apache.spark.deploy.master.Master", "--port", "0"));
    for (int i = 0; i < cards.length; i++) {
      List<String> command = new ArrayList<>();
      if (!cards[i].isEmpty()) {
        int amount = cards[i].split(",", -1).length;
        command.add("-Dspark.worker.resource.gpu.amount=" + amount);
        command.add("-Dspark.worker.resource.gpu.discoveryScript=" + script(i, cards[i]));
      }
      command.add("org.apache.spark.deploy.worker.Worker");
      command.addAll(List.of("--cores", "" + coresPerWorker, "--memory", "2g"));
      command.addAll(List.of("--work-dir", home.resolve("work" + i).toString(), master));
      start(WORKER, command);
    }
  }

  private Path script(int worker, String addresses) throws IOException {
    Path script = home.resolve("cards" + worker);
    String quoted = "\"" + addresses.replace(",", "\", \"") + "\"";
    Files.writeString(
        script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [" + quoted + "]}'\n");
    script.toFile().setExecutable(true);
    return script;
  }

  /**
   * Links the jars of the class path into a directory like that of a Spark distribution, with one
   * version of each artifact.
   */
  private void linkJars() throws IOException {
    Path jars = Files.createDirectories(home.resolve("jars"));
    Set<String> artifacts = new HashSet<>();
    String classPath =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    for (String entry : classPath.split(File.pathSeparator, -1)) {
      Path path = Path.of(entry).toAbsolutePath();
      if (Files.isDirectory(path)) {
        classes.add(path.toString());
      } else {
        String version = path.getParent().getFileName().toString();
        String jar = path.getFileName().toString();
        if (artifacts.add(jar.replace("-" + version, ""))) {
          Files.createSymbolicLink(jars.resolve(jar), path);
        }
      }
    }
  }

  private String classPath() {
    return String.join(File.pathSeparator, classes);
  }

  /**
   * Starts a process, waits for a line of output that matches a pattern, and returns its first
   * group.
   */
  private String start(Pattern ready, List<String> options) throws Exception {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-Xmx256m", "-cp", home.resolve("jars") + "/*"));
    command.add("-Dspark.master.rest.enabled=false"); // its port is fixed
    command.addAll(options);
    command.addAll(List.of("--host", "127.0.0.1", "--webui-port", "0"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().put("SPARK_HOME", home.toString());
    builder.environment().put("SPARK_SCALA_VERSION", "2.13");
    builder.environment().put("SPARK_LOCAL_IP", "127.0.0.1");
    Process process = builder.start();
    processes.add(process);
    StringBuffer output = new StringBuffer();
    CompletableFuture<String> found = new CompletableFuture<>();
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader lines = process.inputReader(StandardCharsets.UTF_8)) {
                for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                  output.append(line).append('\n');
                  Matcher matcher = ready.matcher(line);
                  if (matcher.find()) {
                    found.complete(matcher.group(1));
                  }
                }
              } catch (IOException ended) {
                // The process has been destroyed.
              }
              found.completeExceptionally(new IOException("ended: " + output));
            });
    reader.setDaemon(true);
    reader.start();
    try {
      return found.get(60, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IOException("no line with " + ready + " in " + output, e);
    }
  }

  SparkConf conf() {
    return new SparkConf()
        .setAppName("test")
        .setMaster(master)
        .set("spark.ui.enabled", "false")
        .set("spark.driver.host", "127.0.0.1")
        .set("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.executor.memory", "512m")
        .set("spark.executor.extraClassPath", classPath());
  }

  @Override
  public void close() throws IOException {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly().onExit().join();
    }
    for (File link : home.resolve("jars").toFile().listFiles()) {
      Files.delete(link.toPath());
    }
  }
}
