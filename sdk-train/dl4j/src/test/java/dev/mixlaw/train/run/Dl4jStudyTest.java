package dev.mixlaw.train.run;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

class Dl4jStudyTest extends EngineStudyContract {
  @Override
  String engine() {
    return "dl4j";
  }

  static Stream<Arguments> tooLarge() {
    return Stream.of(
        Arguments.of(256, 200, "memory"), Arguments.of(32768, 64, "weights do not fit"));
  }
}
