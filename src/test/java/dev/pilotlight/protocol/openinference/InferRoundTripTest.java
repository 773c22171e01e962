package dev.pilotlight.protocol.openinference;

import static dev.pilotlight.protocol.openinference.InferBodies.jsonLength;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.openinference.InferRequest.Inputs;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random tensors of every datatype, written as a response and read back as a request: the form of
/// a tensor is the same in both.
class InferRoundTripTest {
  private static final int ROUNDS = 60;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everyTensorComesBackBitForBit(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      List<WantedOutput> wanted = new ArrayList<>();
      List<Tensor> tensors = new ArrayList<>();
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        Datatype datatype = pick(random, Datatype.values());
        boolean binary = random.nextBoolean() || !WantedOutputs.hasJsonForm(datatype);
        wanted.add(new WantedOutput("t" + i, binary));
        tensors.add(tensor(random, "t" + i, datatype, !binary));
      }
      assertThat(readBack(write(wanted, tensors))).as("seed %d", seed).isEqualTo(tensors);
    }
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void theOrderOfFieldsAndTheNestingDoNotMatter(long seed) {
    Random random = new Random(seed);
    for (int round = 0; round < ROUNDS; round++) {
      Datatype datatype = pick(random, Datatype.values());
      if (!WantedOutputs.hasJsonForm(datatype)) {
        continue;
      }
      Tensor tensor = tensor(random, "t", datatype, true);
      String flat = dataOf(write(List.of(new WantedOutput("t", false)), List.of(tensor)));
      String data = random.nextBoolean() ? flat : nested(tensor, flat);
      List<String> fields =
          Arrays.asList(
              "\"name\":\"t\"",
              "\"shape\":" + Arrays.toString(tensor.shape()),
              "\"datatype\":\"" + datatype + "\"",
              "\"data\":" + data,
              "\"parameters\":{\"any\":[1,{\"data\":2}]}");
      Collections.shuffle(fields, random);
      String body = "{\"inputs\":[{" + String.join(",", fields) + "}],\"id\":\"1\"}";

      InferRequest request = InferBodies.read(body.getBytes(UTF_8), (String) null);

      assertThat(((Inputs.Named) request.inputs()).tensors()).as(body).containsExactly(tensor);
    }
  }

  private static HttpResponse write(List<WantedOutput> wanted, List<Tensor> tensors) {
    List<TensorSpec> specs =
        tensors.stream().map(t -> InferModels.spec(t.name(), t.datatype(), t.shape())).toList();
    ModelInfo model = InferModels.tensors(List.of(), specs);
    List<String> names = wanted.stream().map(WantedOutput::name).toList();
    InferCall call =
        new InferCall(Optional.empty(), model, List.of(new Item.Tensors(List.of(), names)), wanted);
    Tensor[] shuffled = tensors.reversed().toArray(Tensor[]::new);
    return InferResponseWriter.write(call, List.of(InferModels.answer(1, shuffled)));
  }

  /// Only the lists' names differ between the two.
  private static List<Tensor> readBack(HttpResponse response) {
    int length = jsonLength(response).orElse(response.body().length);
    String json = new String(response.body(), 0, length, UTF_8);
    byte[] request = json.replace("\"outputs\":[{", "\"inputs\":[{").getBytes(UTF_8);
    byte[] rest = Arrays.copyOfRange(response.body(), length, response.body().length);
    OptionalInt header = jsonLength(response);
    InferRequest read =
        InferBodies.read(
            InferBodies.concat(request, rest),
            header.isPresent() ? Integer.toString(request.length) : null);
    return ((Inputs.Named) read.inputs()).tensors();
  }

  private static String dataOf(HttpResponse response) {
    String json = new String(response.body(), UTF_8);
    return json.substring(json.indexOf("\"data\":") + 7, json.length() - 3);
  }

  /// The flat array of JSON values as nested ones; strings hold no commas here.
  private static String nested(Tensor tensor, String flat) {
    String[] values = flat.substring(1, flat.length() - 1).split(",", -1);
    return nest(tensor.shape(), 0, values, new int[1]);
  }

  private static String nest(long[] shape, int level, String[] values, int[] next) {
    if (level == shape.length) {
      return values[next[0]++];
    }
    List<String> rows = new ArrayList<>();
    for (long i = 0; i < shape[level]; i++) {
      rows.add(nest(shape, level + 1, values, next));
    }
    return "[" + String.join(",", rows) + "]";
  }

  private static Tensor tensor(Random random, String name, Datatype datatype, boolean json) {
    long[] shape = new long[random.nextInt(4)];
    Arrays.setAll(shape, i -> random.nextInt(10) == 0 ? 0 : random.nextInt(1, 5));
    int elements = (int) Tensor.elements(shape);
    return datatype == Datatype.BYTES
        ? Tensor.ofBytes(name, shape, byteElements(random, elements, json))
        : new Tensor(name, datatype, shape, data(random, datatype, elements, json));
  }

  private static byte[] data(Random random, Datatype datatype, int elements, boolean json) {
    byte[] data = new byte[elements * datatype.size()];
    random.nextBytes(data);
    Tensor view = new Tensor("view", datatype, new long[] {elements}, data);
    for (int i = 0; i < elements; i++) {
      switch (datatype) {
        case BOOL -> data[i] &= 1;
        case FP32 -> {
          if (json && !Float.isFinite(view.buffer().getFloat(i * 4))) {
            view.buffer().putFloat(i * 4, -0.0f);
          }
        }
        case FP64 -> {
          if (json && !Double.isFinite(view.buffer().getDouble(i * 8))) {
            view.buffer().putDouble(i * 8, Double.MIN_VALUE);
          }
        }
        default -> {}
      }
    }
    return data;
  }

  private static List<byte[]> byteElements(Random random, int elements, boolean json) {
    List<byte[]> values = new ArrayList<>();
    for (int i = 0; i < elements; i++) {
      byte[] value = new byte[random.nextInt(6)];
      random.nextBytes(value);
      values.add(json ? unicode(random).getBytes(UTF_8) : value);
    }
    return values;
  }

  private static String unicode(Random random) {
    StringBuilder text = new StringBuilder();
    for (int i = random.nextInt(6); i > 0; i--) {
      int codePoint = random.nextInt(random.nextBoolean() ? 0x100 : Character.MAX_CODE_POINT + 1);
      boolean surrogate = Character.getType(codePoint) == Character.SURROGATE;
      text.appendCodePoint(surrogate || codePoint == ',' ? '"' : codePoint);
    }
    return text.toString();
  }

  private static <T> T pick(Random random, T[] values) {
    return values[random.nextInt(values.length)];
  }
}
