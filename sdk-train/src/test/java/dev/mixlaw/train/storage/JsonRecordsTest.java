package dev.mixlaw.train.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mixlaw.api.ModelSpec;
import java.io.IOException;
import org.junit.jupiter.api.Test;

class JsonRecordsTest {
  private static final ModelSpec MODEL = ModelSpec.of("tiny", 8, 1, 2, 16);

  @Test
  void aModelThatWasStoredBeforeQkNormExistedIsRead() throws IOException {
    assertThat(JsonRecords.read(without("qk_norm"), ModelSpec.class)).isEqualTo(MODEL);
    assertThatThrownBy(() -> JsonRecords.read(without("width"), ModelSpec.class))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("width");
  }

  private static byte[] without(String key) throws IOException {
    ObjectNode tree = (ObjectNode) new ObjectMapper().readTree(JsonRecords.compact(MODEL));
    assertThat(tree.remove(key)).as(key).isNotNull();
    return JsonRecords.compact(tree);
  }
}
