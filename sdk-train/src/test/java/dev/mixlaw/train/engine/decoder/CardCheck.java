package dev.mixlaw.train.engine.decoder;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.mixlaw.train.engine.decoder.cuda.Cuda;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Runs {@link CardTest} and prints what came of it: a program for hosts without a build. */
final class CardCheck {
  private CardCheck() {}

  public static void main(String[] args) {
    var problem = new Cuda().unavailable();
    if (problem.isPresent()) {
      System.err.println(problem.get());
      System.exit(1);
    }
    System.out.println(new Cuda().describe());
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request().selectors(selectClass(CardTest.class)).build();
    SummaryGeneratingListener summary = new SummaryGeneratingListener();
    LauncherFactory.create().execute(request, summary);
    summary.getSummary().printTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8));
    summary
        .getSummary()
        .printFailuresTo(new PrintWriter(System.out, true, StandardCharsets.UTF_8), 5);
    System.exit(summary.getSummary().getTotalFailureCount() == 0 ? 0 : 1);
  }
}
