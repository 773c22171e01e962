package dev.pilotlight.model;

import static org.assertj.core.api.Assertions.assertThat;

import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import dev.pilotlight.domain.tensor.Datatype;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OnnxModelsTest {
  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();

  @ParameterizedTest
  @EnumSource(Datatype.class)
  void anIdentityOfEveryTypeLoads(Datatype type) throws OrtException {
    try (OrtSession scalar = load(OnnxModels.identity(type));
        OrtSession fixed = load(OnnxModels.identity(type, 2, 3));
        OrtSession free = load(OnnxModels.identity(type, "n", 3))) {
      assertThat(scalar.getInputNames()).containsExactly("x");
      assertThat(fixed.getInputNames()).containsExactly("x");
      assertThat(free.getInputNames()).containsExactly("x");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Datatype.class,
      names = {"BOOL", "UINT8", "INT8", "INT16", "INT32", "INT64", "FP16", "BF16", "FP32", "FP64"})
  void anIdentityGivesTheBytesBack(Datatype type) throws OrtException {
    ByteBuffer bytes = ByteBuffer.allocateDirect(2 * type.size()).order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < bytes.capacity(); i++) {
      bytes.put(i, (byte) (i % 2));
    }
    try (OrtSession session = load(OnnxModels.identity(type, "n"));
        OnnxTensor x = OnnxTensor.createTensor(environment, bytes, new long[] {2}, javaType(type));
        OrtSession.Result result = session.run(Map.of("x", x))) {
      assertThat(((OnnxTensor) result.get(0)).getByteBuffer()).isEqualTo(bytes);
    }
  }

  @Test
  void severalInputsGiveSeveralOutputs() throws OrtException {
    try (OrtSession session = load(OnnxModels.sumAndDifference());
        OnnxTensor a = floats(3, 5);
        OnnxTensor b = floats(1, 7);
        OrtSession.Result result = session.run(Map.of("a", a, "b", b))) {
      assertThat((float[]) value(result, "sum")).containsExactly(4, 12);
      assertThat((float[]) value(result, "difference")).containsExactly(2, -2);
    }
  }

  @Test
  void aDivisionByZeroGivesNaNAndInfinity() throws OrtException {
    try (OrtSession session = load(OnnxModels.quotient());
        OnnxTensor a = floats(0, 1, 6);
        OnnxTensor b = floats(0, 0, 3);
        OrtSession.Result result = session.run(Map.of("a", a, "b", b))) {
      assertThat((float[]) value(result, "quotient"))
          .containsExactly(Float.NaN, Float.POSITIVE_INFINITY, 2);
    }
  }

  @Test
  void aBinaryOperatorAnswersInSignedTypesAsWell() throws OrtException {
    try (OrtSession max = load(OnnxModels.max(Datatype.INT64));
        OrtSession modulo = load(OnnxModels.modulo(Datatype.INT64));
        OnnxTensor a = longs(new long[] {2}, -1, 7);
        OnnxTensor b = longs(new long[] {2}, 3, 4);
        OrtSession.Result larger = max.run(Map.of("a", a, "b", b));
        OrtSession.Result rest = modulo.run(Map.of("a", a, "b", b))) {
      assertThat((long[]) value(larger, "max")).containsExactly(3, 7);
      assertThat((long[]) value(rest, "rest")).containsExactly(2, 3);
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Datatype.class,
      names = {"UINT32", "UINT64"})
  void aMaximumOfUnsignedNumbersLoads(Datatype type) throws OrtException {
    try (OrtSession session = load(OnnxModels.max(type))) {
      assertThat(session.getOutputNames()).containsExactly("max");
    }
  }

  @ParameterizedTest
  @EnumSource(
      value = Datatype.class,
      names = {"UINT8", "UINT16", "UINT32", "UINT64"})
  void aRestOfUnsignedNumbersLoads(Datatype type) throws OrtException {
    try (OrtSession session = load(OnnxModels.modulo(type))) {
      assertThat(session.getOutputNames()).containsExactly("rest");
    }
  }

  @Test
  void stringModelsAnswerPlainStrings() throws OrtException {
    String[] texts = {"plain", "a", "nobody"};
    try (OrtSession labels = load(OnnxModels.labels());
        OrtSession words = load(OnnxModels.words());
        OrtSession concatenation = load(OnnxModels.concatenation());
        OnnxTensor text = OnnxTensor.createTensor(environment, texts);
        OrtSession.Result label = labels.run(Map.of("text", text));
        OrtSession.Result word = words.run(Map.of("text", text));
        OrtSession.Result joined = concatenation.run(Map.of("a", text, "b", text))) {
      assertThat((long[]) value(label, "label")).containsExactly(0, 3, -1);
      assertThat((String[]) value(word, "word")).endsWith("", "unknown");
      assertThat((String[]) value(joined, "joined"))
          .containsExactly("plainplain", "aa", "nobodynobody");
    }
  }

  @Test
  void aClassificationFollowsFromTheMeanOfTheUnmaskedTokens() throws OrtException {
    try (OrtSession session = load(OnnxModels.textClassification());
        OnnxTensor ids = longs(new long[] {1, 3}, 5, 70, 9);
        OnnxTensor mask = longs(new long[] {1, 3}, 1, 1, 0);
        OrtSession.Result result = session.run(Map.of("input_ids", ids, "attention_mask", mask))) {
      float[] expected = new float[3];
      for (int label = 0; label < expected.length; label++) {
        for (int place = 0; place < OnnxModels.EMBEDDING_SIZE; place++) {
          float mean = (OnnxModels.embedding(5, place) + OnnxModels.embedding(70, place)) / 2;
          expected[label] += mean * OnnxModels.classifierWeight(place, label);
        }
      }
      assertThat(((float[][]) value(result, "logits"))[0]).containsExactly(expected);
    }
  }

  @Test
  void paddingIsPoisonInTheHiddenState() throws OrtException {
    try (OrtSession session = load(OnnxModels.lastHiddenState());
        OnnxTensor ids = longs(new long[] {1, 2}, 3, 0);
        OnnxTensor mask = longs(new long[] {1, 2}, 1, 0);
        OrtSession.Result result = session.run(Map.of("input_ids", ids, "attention_mask", mask))) {
      float[][] rows = ((float[][][]) value(result, "last_hidden_state"))[0];
      assertThat(rows[0][2]).isEqualTo(OnnxModels.embedding(3, 2));
      assertThat(rows[1]).containsOnly(OnnxModels.PADDING_VALUE);
    }
  }

  @Test
  void theSlowModelTakesAsLongAsTheCallerAsks() throws OrtException {
    try (OrtSession session = load(OnnxModels.slow())) {
      // the shortest of several, since a busy machine only ever adds time
      long shortNs = Long.MAX_VALUE;
      for (int i = 0; i < 10; i++) {
        shortNs = Math.min(shortNs, timed(session, 1));
      }
      assertThat(timed(session, 300)).isGreaterThan(10 * shortNs);
    }
  }

  private long timed(OrtSession session, long rounds) throws OrtException {
    long start = System.nanoTime();
    try (OnnxTensor x = longs(new long[0], rounds);
        OrtSession.Result result = session.run(Map.of("rounds", x))) {
      assertThat(value(result, "value")).isEqualTo(1f / OnnxModels.SLOW_SIZE);
    }
    return System.nanoTime() - start;
  }

  private OrtSession load(OnnxGraph graph) throws OrtException {
    return environment.createSession(graph.toBytes());
  }

  private OnnxTensor floats(float... values) throws OrtException {
    return OnnxTensor.createTensor(
        environment, FloatBuffer.wrap(values), new long[] {values.length});
  }

  private OnnxTensor longs(long[] shape, long... values) throws OrtException {
    return OnnxTensor.createTensor(environment, LongBuffer.wrap(values), shape);
  }

  private static Object value(OrtSession.Result result, String name) throws OrtException {
    OnnxValue value = result.get(name).orElseThrow();
    return value.getValue();
  }

  private static OnnxJavaType javaType(Datatype type) {
    return switch (type) {
      case BOOL -> OnnxJavaType.BOOL;
      case UINT8 -> OnnxJavaType.UINT8;
      case INT8 -> OnnxJavaType.INT8;
      case INT16 -> OnnxJavaType.INT16;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case FP16 -> OnnxJavaType.FLOAT16;
      case BF16 -> OnnxJavaType.BFLOAT16;
      case FP32 -> OnnxJavaType.FLOAT;
      case FP64 -> OnnxJavaType.DOUBLE;
      case UINT16, UINT32, UINT64, BYTES -> throw new IllegalArgumentException(type.name());
    };
  }
}
