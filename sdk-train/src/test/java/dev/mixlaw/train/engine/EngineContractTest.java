package dev.mixlaw.train.engine;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectMethod;

import dev.mixlaw.api.spi.LanguageModel;
import dev.mixlaw.api.spi.Precision;
import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.api.spi.TrainingSession;
import dev.mixlaw.api.spi.TrainingSession.StepResult;
import dev.mixlaw.testkit.EngineContract;
import dev.mixlaw.train.engine.llama.LlamaEngine;
import dev.mixlaw.train.engine.llama.cpu.CpuPlatform;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;
import org.junit.platform.launcher.listeners.SummaryGeneratingListener;

/** Tests that {@link EngineContract} rejects an engine that has a fault. */
class EngineContractTest {
  private static final List<TrainingSession> OPENED = new ArrayList<>();
  private static String faulty = "none";

  /** Closes the sessions that faulty engines leave open, because later tests count threads. */
  @AfterEach
  void close() {
    OPENED.forEach(TrainingSession::close);
    OPENED.clear();
  }

  @ParameterizedTest
  @CsvSource({
    "gradients, lossAndGradientsAreTheReference",
    "step, stepsFollowAdamWWithClippingAndNoDecayOfNormsAndEmbeddings",
    "load, aResumedRunIsBitIdenticalToAnUninterruptedOne",
    "loadModel, trainingStartsFromASavedModel",
    "begin, startedStepsGiveTheResultsOfSteps",
    "openModel, anOpenedModelGivesTheLossesOfTheTrainedOne",
    "close, threadsAreAsManyAsAskedForWaitPassivelyAndEndWithTheSession",
  })
  void aFaultIsFound(String method, String test) {
    long passed = failures("none", test);
    long failed = failures(method, test);

    assertThat(passed).isZero();
    assertThat(failed).isPositive();
  }

  private static long failures(String method, String test) {
    faulty = method;
    Method found =
        Arrays.stream(EngineContract.class.getDeclaredMethods())
            .filter(m -> m.getName().equals(test))
            .findFirst()
            .orElseThrow();
    SummaryGeneratingListener results = new SummaryGeneratingListener();
    LauncherFactory.create()
        .execute(
            LauncherDiscoveryRequestBuilder.request()
                .selectors(selectMethod(Faulty.class, found))
                .build(),
            results);
    assertThat(results.getSummary().getTestsStartedCount()).isPositive();
    assertThat(results.getSummary().getTestsAbortedCount()).isZero();
    return results.getSummary().getTestsFailedCount();
  }

  static class Faulty extends EngineContract {
    @Override
    protected TrainingEngine engine() {
      LlamaEngine engine = new LlamaEngine(new CpuPlatform(Precision.FP32));
      return proxy(
          TrainingEngine.class,
          (method, args) ->
              switch (method.getName()) {
                case "open" -> session((TrainingSession) call(engine, method, args));
                case "openModel" ->
                    faulty.equals("openModel") ? untrained(engine) : call(engine, method, args);
                default -> call(engine, method, args);
              });
    }

    private static LanguageModel untrained(TrainingEngine engine) {
      TrainingSession session =
          engine.open(OwnEngineContract.spec(NativeEngineTest.SMALL.withKeyValueHeads(2), 4, 1));
      OPENED.add(session);
      return session.model();
    }

    private static TrainingSession session(TrainingSession session) {
      OPENED.add(session);
      return proxy(
          TrainingSession.class,
          (method, args) ->
              method.getName().equals(faulty) ? fault(session, args) : call(session, method, args));
    }

    private static Object fault(TrainingSession session, Object[] args) {
      return switch (faulty) {
        case "gradients" -> {
          Map<String, float[]> gradients = session.gradients((int[]) args[0]);
          gradients.get("model.norm.weight")[0] += 1e-4f;
          yield gradients;
        }
        case "step" -> session.step((int[]) args[0], 1.01 * (double) args[1]);
        case "begin" ->
            (Supplier<StepResult>) () -> session.step((int[]) args[0], (double) args[1]);
        default -> null; // loads or closes nothing
      };
    }

    private static Object call(Object target, Method method, Object[] args) throws Throwable {
      try {
        return method.invoke(target, args);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }

    private interface Call {
      Object with(Method method, Object[] args) throws Throwable;
    }

    private static <T> T proxy(Class<T> port, Call call) {
      return port.cast(
          Proxy.newProxyInstance(
              port.getClassLoader(),
              new Class<?>[] {port},
              (proxy, method, args) -> call.with(method, args)));
    }
  }
}
