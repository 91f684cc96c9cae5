package dev.mixlaw.train.engine.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mixlaw.api.MixlawException;
import dev.mixlaw.api.ModelSpec;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CheckpointTest {
  private static final ModelSpec MODEL =
      ModelSpec.of("small", 8, 2, 4, 12).withContext(16).withKeyValueHeads(2);
  private static final int VOCABULARY = 20;

  @TempDir Path directory;

  @BeforeEach
  void save() {
    new Checkpoint(MODEL, VOCABULARY)
        .save(
            directory,
            new Checkpoint.State(
                41,
                t -> InitialWeights.of(t, 2, 1),
                t -> InitialWeights.of(t, 2, 2),
                t -> InitialWeights.of(t, 2, 3)));
  }

  @Test
  void aCheckpointIsLoadedAsSaved() {
    Map<String, float[]> weights = new LinkedHashMap<>();
    Map<String, float[]> squares = new LinkedHashMap<>();
    long steps =
        new Checkpoint(MODEL, VOCABULARY)
            .load(
                directory,
                (t, v) -> weights.put(t.name(), v),
                (t, v) -> {},
                (t, v) -> squares.put(t.name(), v));

    assertThat(steps).isEqualTo(41);
    for (WeightLayout.Tensor t : WeightLayout.of(MODEL, VOCABULARY).tensors()) {
      assertThat(weights.get(t.name())).containsExactly(InitialWeights.of(t, 2, 1));
      assertThat(squares.get(t.name())).containsExactly(InitialWeights.of(t, 2, 3));
    }
  }

  /**
   * Saves and loads an embedding that is larger than the parts in which tensors are written and
   * read.
   */
  @Test
  void aLargeTensorIsProcessedInParts(@TempDir Path other) {
    ModelSpec model = ModelSpec.of("large", 96, 1, 4, 8);
    WeightLayout.Tensor embedding = WeightLayout.of(model, 30_000).tensors().get(0);
    Checkpoint checkpoint = new Checkpoint(model, 30_000);
    List<Long> asked = new ArrayList<>();
    checkpoint.save(
        other,
        new Checkpoint.State(
            1,
            t -> {
              asked.add(t.length());
              return InitialWeights.of(t, 1, 1);
            },
            t -> InitialWeights.of(t, 1, 2),
            t -> InitialWeights.of(t, 1, 3)));
    float[] weights = new float[(int) embedding.length()];
    float[] squares = new float[(int) embedding.length()];
    checkpoint.load(
        other, (t, v) -> put(t, v, weights), (t, v) -> {}, (t, v) -> put(t, v, squares));

    assertThat(asked.get(0)).isLessThan(embedding.length());
    assertThat(asked.stream().mapToLong(n -> n).sum()).isEqualTo(model.parameters(30_000));
    assertThat(weights).isEqualTo(InitialWeights.of(embedding, 1, 1));
    assertThat(squares).isEqualTo(InitialWeights.of(embedding, 1, 3));
    float[] opened = new float[(int) embedding.length()];
    checkpoint.loadModel(other, (t, v) -> put(t, v, opened));
    assertThat(opened).isEqualTo(weights);
  }

  private static void put(WeightLayout.Tensor part, float[] values, float[] whole) {
    if (part.role() == WeightLayout.Role.EMBEDDING) {
      System.arraycopy(values, 0, whole, (int) part.offset(), values.length);
    }
  }

  /** Uses a model with more parameters than a Java array has elements. */
  @Test
  void thePartsOfAModelAreCompleteAndInOrder() {
    ModelSpec model = ModelSpec.ladder("3B").get(0).withTiedHead(false);
    WeightLayout layout = WeightLayout.of(model, 128_256);
    long next = 0;
    for (WeightLayout.Tensor tensor : layout.tensors()) {
      for (WeightLayout.Tensor part : tensor.parts()) {
        assertThat(part.offset()).isEqualTo(next);
        assertThat(part.length()).isPositive().isLessThanOrEqualTo(1 << 20);
        assertThat(part.role()).isEqualTo(tensor.role());
        next += part.length();
      }
    }
    assertThat(next).isEqualTo(layout.size()).isEqualTo(model.parameters(128_256));
    assertThat(next).isGreaterThan(Integer.MAX_VALUE);
  }

  /**
   * Reads the file only by the description of the safetensors format, without the project's reader.
   */
  @Test
  void theModelFollowsTheSafetensorsFormat() throws IOException {
    ByteBuffer file =
        ByteBuffer.wrap(Files.readAllBytes(directory.resolve("model.safetensors")))
            .order(ByteOrder.LITTLE_ENDIAN);
    byte[] header = new byte[Math.toIntExact(file.getLong())];
    file.get(header);
    JsonNode json = new ObjectMapper().readTree(new String(header, StandardCharsets.UTF_8));
    JsonNode key = json.get("model.layers.1.self_attn.k_proj.weight");
    int from = key.get("data_offsets").get(0).asInt();
    WeightLayout.Tensor tensor =
        WeightLayout.of(MODEL, VOCABULARY).tensors().stream()
            .filter(t -> t.name().equals("model.layers.1.self_attn.k_proj.weight"))
            .findFirst()
            .orElseThrow();

    assertThat(key.get("dtype").asText()).isEqualTo("F32");
    assertThat(key.get("shape").toString()).isEqualTo("[4,8]");
    assertThat(json.get("model.norm.weight").get("shape").toString()).isEqualTo("[8]");
    assertThat(json.has("lm_head.weight")).as("a tied head is not written").isFalse();
    assertThat((8 + header.length) % 8).isZero();
    assertThat(file.getFloat(8 + header.length + from))
        .isEqualTo(InitialWeights.of(tensor, 2, 1)[0]);
    JsonNode config = new ObjectMapper().readTree(directory.resolve("config.json").toFile());
    assertThat(config.get("architectures").get(0).asText()).isEqualTo("LlamaForCausalLM");
    assertThat(config.get("num_key_value_heads").asInt()).isEqualTo(2);
    assertThat(config.get("vocab_size").asInt()).isEqualTo(20);
    assertThat(config.get("tie_word_embeddings").asBoolean()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "config.json", "trainer.safetensors", "SHA256SUMS"})
  void aTruncatedFileIsFound(String file) throws IOException {
    byte[] bytes = Files.readAllBytes(directory.resolve(file));
    Files.write(directory.resolve(file), java.util.Arrays.copyOf(bytes, bytes.length - 3));

    assertRefused(MODEL, VOCABULARY, file.equals("SHA256SUMS") ? "trainer" : file);
  }

  @ParameterizedTest
  @CsvSource({
    "model.safetensors, 9",
    "model.safetensors, 3000",
    "trainer.safetensors, 3",
    "trainer.safetensors, 30",
    "trainer.safetensors, 9000",
    "config.json, 40",
    "SHA256SUMS, 5"
  })
  void aChangedBitIsFound(String file, int at) throws IOException {
    byte[] bytes = Files.readAllBytes(directory.resolve(file));
    bytes[at] ^= 4;
    Files.write(directory.resolve(file), bytes);

    assertRefused(MODEL, VOCABULARY, "damaged");
  }

  @ParameterizedTest
  @ValueSource(strings = {"model.safetensors", "trainer.safetensors", "SHA256SUMS"})
  void aMissingFileIsFound(String file) throws IOException {
    Files.delete(directory.resolve(file));

    assertRefused(MODEL, VOCABULARY, file);
  }

  @Test
  void aGitLfsPointerIsRecognized() throws IOException {
    Path file = directory.resolve("pointer.safetensors");
    Files.writeString(
        file, "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a\nsize 12\n");

    assertThatThrownBy(() -> SafeTensors.open(file)).hasMessageContaining("git lfs pull");
  }

  @Test
  void anotherModelIsRefused() {
    assertRefused(MODEL.withTiedHead(false), VOCABULARY, "another model");
    assertRefused(MODEL, VOCABULARY + 1, "\"vocab_size\":21");
    assertRefused(MODEL.withContext(8), VOCABULARY, "\"max_position_embeddings\":8");
  }

  @Test
  void anExistingCheckpointIsNotWrittenOver() {
    assertThatThrownBy(this::save)
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("cannot be written");
  }

  @ParameterizedTest
  @CsvSource({
    "hidden_size, 0",
    "hidden_size, -8",
    "hidden_size, 8.5",
    "hidden_size, 1099511627776",
    "hidden_size, 2147483632",
    "num_attention_heads, 8", // a head size of 1
    "num_attention_heads, 16", // a head size of 0
    "num_attention_heads, 1e99999999999",
    "num_key_value_heads, 3",
    "num_key_value_heads, 2147483647",
    "intermediate_size, 2147483647",
    "num_hidden_layers, 1000000000",
    "num_hidden_layers, 4000", // more than the file contains
    "max_position_embeddings, 2147483647",
    "vocab_size, 0",
    "vocab_size, 2147483647",
    "vocab_size, 10000000",
    "rope_theta, 0",
    "rope_theta, -1",
    "rope_theta, '\"NaN\"'",
    "rope_parameters, '{\"rope_type\": \"yarn\", \"rope_theta\": 10000}'",
    "rms_norm_eps, -1",
    "rms_norm_eps, null",
    "tie_word_embeddings, 1"
  })
  void aShapeThatCannotBeIsRefusedBeforeMemoryIsAllocated(String field, String value)
      throws IOException {
    setConfig(field, value);

    assertThatThrownBy(() -> Checkpoint.of(directory))
        .isInstanceOf(MixlawException.class)
        .message()
        .hasSizeLessThan(1000)
        .contains(directory.toString());
  }

  @Test
  void allProblemsOfAModelAreNamedAtOnce() throws IOException {
    setConfig("hidden_act", "\"gelu\"");
    setConfig("model_type", "\"gpt2\"");
    Files.delete(directory.resolve("model.safetensors"));

    assertThatThrownBy(() -> Checkpoint.of(directory))
        .isInstanceOfSatisfying(MixlawException.class, e -> assertThat(e.problems()).hasSize(3))
        .hasMessageContainingAll("hidden_act: \"gelu\"", "model_type: \"gpt2\"", "is missing");
  }

  @Test
  void aConfigurationOfAnotherProgramIsRead() throws IOException {
    setConfig("head_dim", "null");
    setConfig("rope_parameters", "{\"rope_type\": \"default\", \"rope_theta\": 500000}");

    assertThat(Checkpoint.of(directory).model().ropeTheta()).isEqualTo(500000);
    Files.writeString(directory.resolve("config.json"), "{\"hidden_size\":8,\"hidden_size\":8}");
    assertThatThrownBy(() -> Checkpoint.of(directory)).isInstanceOf(MixlawException.class);
    Files.writeString(directory.resolve("config.json"), "[]");
    assertThatThrownBy(() -> Checkpoint.of(directory)).isInstanceOf(MixlawException.class);
  }

  @Test
  void aModelWithQkNormIsInTheLayoutOfQwen3(@TempDir Path other) throws IOException {
    ModelSpec model = MODEL.withQkNorm(true);
    Checkpoint checkpoint = new Checkpoint(model, VOCABULARY);
    checkpoint.save(
        other,
        new Checkpoint.State(
            1,
            t -> InitialWeights.of(t, 2, 1),
            t -> InitialWeights.of(t, 2, 2),
            t -> InitialWeights.of(t, 2, 3)));
    JsonNode config = new ObjectMapper().readTree(other.resolve("config.json").toFile());
    assertThat(config.get("architectures").get(0).asText()).isEqualTo("Qwen3ForCausalLM");
    assertThat(config.get("model_type").asText()).isEqualTo("qwen3");
    assertThat(Checkpoint.of(other).model()).isEqualTo(model.named(other.getFileName().toString()));
    Map<String, List<Integer>> shapes = new LinkedHashMap<>();
    checkpoint.loadModel(other, (t, v) -> shapes.put(t.name(), t.shape()));
    assertThat(shapes)
        .containsEntry("model.layers.1.self_attn.q_norm.weight", List.of(2))
        .containsEntry("model.layers.1.self_attn.k_norm.weight", List.of(2));
    assertThat(WeightLayout.of(model, VOCABULARY).size()).isEqualTo(model.parameters(VOCABULARY));

    directory = other;
    assertRefused(MODEL, VOCABULARY, "another model");
    setConfig("head_dim", "4");
    assertThatThrownBy(() -> Checkpoint.of(other))
        .hasMessageContaining(
            "head_dim: 4; expected 2, which is hidden_size / num_attention_heads");
    // The head size of this model is not 128, the default of Qwen 3.
    Path json = other.resolve("config.json");
    Files.writeString(json, Files.readString(json).replace("\"head_dim\": 4,", ""));
    assertThatThrownBy(() -> Checkpoint.of(other)).hasMessageContaining("head_dim: missing");
  }

  @Test
  void weightsThatTheConfigurationDoesNotDescribeAreRefused(@TempDir Path other)
      throws IOException {
    Checkpoint checkpoint = new Checkpoint(MODEL.withQkNorm(true), VOCABULARY);
    Function<WeightLayout.Tensor, float[]> values = t -> InitialWeights.of(t, 2, 1);
    checkpoint.save(other, new Checkpoint.State(1, values, values, values));
    directory = other;
    setConfig("model_type", "\"llama\"");
    assertThatThrownBy(() -> Checkpoint.of(other))
        .hasMessageContainingAll(
            "4 tensors that config.json does not describe",
            "such as model.layers.0.self_attn.k_norm.weight");
  }

  @Test
  void modelsThatNormalizeAllHeadsTogetherAreRefused() throws IOException {
    setConfig("model_type", "\"olmo2\"");

    assertThatThrownBy(() -> Checkpoint.of(directory))
        .hasMessageContainingAll("model_type: \"olmo2\"", "llama or qwen3");
  }

  private void setConfig(String field, String value) throws IOException {
    Path config = directory.resolve("config.json");
    String json = Files.readString(config).replaceAll("\\s*\"" + field + "\"[^,]*,", "");
    Files.writeString(config, json.replaceFirst("\\{", "{\"" + field + "\": " + value + ","));
  }

  @Test
  void valuesOfSixteenBitsAreRead() throws IOException {
    byte[] json =
        """
        {"a": {"dtype": "BF16", "shape": [3], "data_offsets": [0, 6]},
         "b": {"dtype": "F16", "shape": [8], "data_offsets": [6, 22]}}\
        """
            .getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + 22).order(ByteOrder.LITTLE_ENDIAN);
    file.putLong(json.length).put(json);
    for (int bits : new int[] {0x3f80, 0xc049, 0x0001}) {
      file.putShort((short) bits);
    }
    for (int bits : new int[] {0x3c00, 0xc000, 0x7bff, 0x0400, 0x0001, 0x8000, 0x3555, 0xfc00}) {
      file.putShort((short) bits);
    }
    Files.write(directory.resolve("x"), file.array());

    try (SafeTensors read = SafeTensors.open(directory.resolve("x"))) {
      assertThat(read.read("a", List.of(3), 0, 3)).containsExactly(1f, -3.140625f, 0x1p-133f);
      assertThat(read.read("b", List.of(8), 0, 8))
          .containsExactly(
              1f, -2f, 65504f, 0x1p-14f, 0x1p-24f, -0f, 0.33325195f, Float.NEGATIVE_INFINITY);
      assertThat(read.read("b", List.of(8), 2, 1)).containsExactly(65504f);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'a': [[2], 0, 8], 'b': [[2], 4, 12]} | 12 | begins at byte 4", // an overlap
        "{'a': [[2], 0, 8], 'b': [[1], 12, 16]} | 16 | begins at byte 12", // a gap
        "{'a': [[2], 4, 12]} | 12 | begins at byte 4",
        "{'a': [[2], 0, 8], 'a': [[2], 0, 8]} | 8 | not JSON",
        "{'a': [[2147483647, 2147483647, 2147483647], 0, 8]} | 8 | has size",
        "{'a': [[65536, 65536, 65536, 65536], 0, 0]} | 0 | has size",
        "{'a': [[-2], 0, -8]} | 8 | has size",
        "{'long': [[-2], 0, 8]} | 8 | tensor xxx",
        "{'a': [['long'], 0, 8]} | 8 | has size \"xxx",
        "{'a': [[2.0], 0, 8]} | 8 | has size",
        "{'a': [[2], -4, 4]} | 8 | its size does not match its shape",
        "{'a': [[2], 0, 9223372036854775807]} | 8 | its size does not match its shape",
        "{'a': [[2], 0, 1e99999999999]} | 8 | not",
        "{'a': [[2], 0, 8]} | 7 | bytes instead of",
        "{'a': [[2], 0, 8]} | 9 | bytes instead of"
      })
  void aHeaderThatDoesNotDescribeTheFileIsRefused(String tensors, int bytes, String said)
      throws IOException {
    String header =
        tensors
            .replace("'", "\"")
            .replace("long", "x".repeat(20_000))
            .replaceAll(
                "\\[(\\[[^]]*\\]), ([^,]*), ([^]]*)\\]",
                "{\"dtype\":\"F32\",\"shape\":$1,\"data_offsets\":[$2,$3]}");
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file = ByteBuffer.allocate(8 + json.length + bytes).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(directory.resolve("x"), file.putLong(json.length).put(json).array());

    assertThatThrownBy(() -> SafeTensors.open(directory.resolve("x")).close())
        .isInstanceOf(SafeTensors.Damaged.class)
        .hasMessageContaining(said)
        .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(600));
  }

  @Test
  void aModelInSeveralFilesIsReadAsInOne() throws IOException {
    Map<String, float[]> expected = weights();
    String digest = ModelWeights.digest(directory);
    splitModel();

    assertThat(Checkpoint.of(directory).model().width()).isEqualTo(MODEL.width());
    assertThat(weights()).containsExactlyEntriesOf(expected);
    String split = ModelWeights.digest(directory);
    assertThat(split).isNotEqualTo(digest).isEqualTo(ModelWeights.digest(directory));

    Path second = directory.resolve("model-2.safetensors");
    byte[] bytes = Files.readAllBytes(second);
    bytes[bytes.length - 1] ^= 1;
    Files.write(second, bytes);
    assertThat(ModelWeights.digest(directory)).isNotEqualTo(split);

    Files.delete(second);
    assertThatThrownBy(this::weights)
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("model-2.safetensors is missing");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{'weight_map': {}} | lists no tensors",
        "[1] | lists no tensors",
        "{'weight_map': {'a': '../model-1.safetensors'}} | expected the name of a .safetensors file",
        "{'weight_map': {'a': 3}} | expected the name of a .safetensors file",
        "{'weight_map': {'a': 'model-1.safetensors'}} | is missing in model.safetensors.index.json",
        "{'weight_map' | is not JSON"
      })
  void anIndexThatDoesNotDescribeTheModelIsRefused(String index, String said) throws IOException {
    splitModel();
    Files.writeString(directory.resolve("model.safetensors.index.json"), index.replace("'", "\""));

    assertThatThrownBy(this::weights)
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining(said);
  }

  private Map<String, float[]> weights() {
    Map<String, float[]> weights = new LinkedHashMap<>();
    new Checkpoint(MODEL, VOCABULARY).loadModel(directory, (t, v) -> weights.put(t.name(), v));
    return weights;
  }

  /** Replaces the model file by two files and an index, as Hugging Face stores large models. */
  private void splitModel() throws IOException {
    List<List<SafeTensors.Entry>> files = List.of(new ArrayList<>(), new ArrayList<>());
    Map<String, String> index = new LinkedHashMap<>();
    for (WeightLayout.Tensor t : WeightLayout.of(MODEL, VOCABULARY).tensors()) {
      int file = index.size() % 2;
      files
          .get(file)
          .add(new SafeTensors.Entry(t.name(), t.shape(), Stream.of(InitialWeights.of(t, 2, 1))));
      index.put(t.name(), "model-" + (file + 1) + ".safetensors");
    }
    for (int i = 0; i < 2; i++) {
      SafeTensors.write(
          directory.resolve("model-" + (i + 1) + ".safetensors"), files.get(i), Map.of());
    }
    Files.delete(directory.resolve("model.safetensors"));
    new ObjectMapper()
        .writeValue(
            directory.resolve("model.safetensors.index.json").toFile(),
            Map.of("weight_map", index));
  }

  @ParameterizedTest
  @ValueSource(floats = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY})
  void aModelWithWeightsThatAreNotFiniteIsRefused(float value) throws IOException {
    Path file = directory.resolve("model.safetensors");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putFloat(bytes.capacity() - 8, value);
    Files.write(file, bytes.array());

    assertThatThrownBy(() -> new Checkpoint(MODEL, VOCABULARY).loadModel(directory, (t, v) -> {}))
        .isInstanceOf(MixlawException.class)
        .hasMessageContaining("model.norm.weight");
  }

  private void assertRefused(ModelSpec model, int vocabulary, String message) {
    assertThatThrownBy(
            () ->
                new Checkpoint(model, vocabulary)
                    .load(
                        directory,
                        (t, v) -> {
                          throw new AssertionError("handed on before all was checked");
                        },
                        (t, v) -> {},
                        (t, v) -> {}))
        .isInstanceOfSatisfying(
            MixlawException.class,
            e -> assertThat(e.kind()).isEqualTo(MixlawException.Kind.STORAGE))
        .hasMessageContaining(message)
        .hasMessageContaining(directory.toString());
  }
}
