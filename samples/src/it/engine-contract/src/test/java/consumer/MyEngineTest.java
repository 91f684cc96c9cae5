package consumer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.mixlaw.api.spi.TrainingEngine;
import dev.mixlaw.testkit.EngineContract;
import org.junit.jupiter.api.Test;

class MyEngineTest extends EngineContract {
  @Override
  protected TrainingEngine engine() {
    return new MyEngine();
  }

  @Test
  void classesAreWhereTheBuildPutsThem() {
    boolean named = Boolean.parseBoolean(System.getProperty("named", "true"));
    assertEquals(named, EngineContract.class.getModule().isNamed());
    assertEquals(named, getClass().getModule().isNamed());
  }
}
