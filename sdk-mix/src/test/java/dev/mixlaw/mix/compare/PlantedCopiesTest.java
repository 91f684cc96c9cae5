package dev.mixlaw.mix.compare;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mixlaw.mix.Script;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class PlantedCopiesTest {
  @ParameterizedTest
  @EnumSource
  void copiesInEveryScriptAreFoundAndNoOthers(Script script) {
    PlantedCopies.Found found = PlantedCopies.measure(script, 200, 1);

    assertThat(found.items()).as("items in pages").isGreaterThanOrEqualTo(0.95);
    assertThat(found.nearCopies()).as("near copies").isGreaterThanOrEqualTo(0.95);
    assertThat(found.falseAlarms()).as("false alarms").isLessThanOrEqualTo(0.001);
  }
}
