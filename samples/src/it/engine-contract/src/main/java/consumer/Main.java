package consumer;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import dev.mixlaw.testkit.EngineContract;
import java.io.PrintWriter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;
import org.junit.platform.launcher.listeners.TestExecutionSummary;

/** Runs the tests of an engine. */
public final class Main {
  private Main() {}

  public static void main(String[] args) {
    SummaryGeneratingListener results = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectClass(MyEngineTest.class))
                .filters(TagFilter.excludeTags("long"))
                .build(),
            results);
    TestExecutionSummary summary = results.getSummary();
    summary.printTo(new PrintWriter(System.out, true));
    summary.printFailuresTo(new PrintWriter(System.out, true));
    System.out.println(EngineContract.class.getModule());
    if (summary.getTestsSucceededCount() < 30 || summary.getTotalFailureCount() > 0) {
      throw new IllegalStateException("the engine does not fulfil its contract");
    }
  }
}
