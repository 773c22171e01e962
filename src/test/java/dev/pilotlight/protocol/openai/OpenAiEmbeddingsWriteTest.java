package dev.pilotlight.protocol.openai;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Requests;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Request;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class OpenAiEmbeddingsWriteTest {
  private static final int DIMENSIONS = 384;
  private static final ModelInfo MODEL = OpenAiEmbeddingsReadTest.model(Task.EMBEDDING, DIMENSIONS);

  private static Request request(int items, Encoding encoding) {
    Item item = new Item.Text("a", false);
    return new Request(
        "m",
        Collections.nCopies(items, item),
        true,
        encoding,
        OptionalInt.empty(),
        Optional.empty(),
        List.of());
  }

  private static Answer answer(int number, float[] vector) {
    Tensor embedding =
        Tensor.ofFloats(ModelInfo.EMBEDDING_OUTPUT, new long[] {vector.length}, vector);
    ResultKey key = new ResultKey("%043d".formatted(number));
    return new Answer(key, new Result(List.of(embedding), 3), Tier.RUN);
  }

  private static List<Answer> randomAnswers(int count, long seed) {
    Random random = new Random(seed);
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      float[] vector = new float[DIMENSIONS];
      for (int j = 0; j < vector.length; j++) {
        vector[j] = (float) random.nextGaussian() / 20;
      }
      answers.add(answer(i, vector));
    }
    return answers;
  }

  @Test
  void theAnswerHasOpenAisShape() {
    List<Answer> answers = randomAnswers(2, 1);
    HttpResponse response = OpenAiEmbeddings.write(request(2, Encoding.FLOAT), MODEL, answers);
    assertThat(response.status()).isEqualTo(200);
    JsonNode json = Requests.json(response);
    assertThat(json).hasSize(4);
    assertThat(json.get("object").textValue()).isEqualTo("list");
    assertThat(json.get("model").textValue()).isEqualTo("m");
    assertThat(json.get("usage").toString()).isEqualTo("{\"prompt_tokens\":6,\"total_tokens\":6}");
    JsonNode second = json.get("data").get(1);
    assertThat(second).hasSize(4);
    assertThat(second.get("object").textValue()).isEqualTo("embedding");
    assertThat(second.get("index").intValue()).isEqualTo(1);
    assertThat(second.get("id").textValue()).isEqualTo(answers.get(1).key().id());
    assertThat(second.get("embedding")).hasSize(DIMENSIONS);
  }

  @ParameterizedTest
  @EnumSource
  void everyVectorComesBackBitForBit(Encoding encoding) throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      List<Answer> answers = randomAnswers(3, seed);
      JsonNode data =
          Requests.json(OpenAiEmbeddings.write(request(3, encoding), MODEL, answers)).get("data");
      for (int i = 0; i < answers.size(); i++) {
        assertThat(bytes(data.get(i).get("embedding"), encoding))
            .isEqualTo(answers.get(i).result().outputs().getFirst().data());
      }
    }
  }

  private static byte[] bytes(JsonNode embedding, Encoding encoding) throws IOException {
    if (encoding == Encoding.BASE64) {
      return embedding.binaryValue();
    }
    float[] vector = new float[embedding.size()];
    for (int i = 0; i < vector.length; i++) {
      vector[i] = Float.parseFloat(embedding.get(i).asText());
    }
    return Tensor.ofFloats("", new long[] {vector.length}, vector).data();
  }
}
