package dev.mixlaw.train.run;

import java.util.stream.Stream;
import org.junit.jupiter.params.provider.Arguments;

class NativeStudyTest extends EngineStudyContract {
  @Override
  String engine() {
    return "native";
  }

  static Stream<Arguments> tooLarge() {
    return Stream.of(Arguments.of(512, 4000, "memory"), Arguments.of(32768, 64, "is too large"));
  }
}
