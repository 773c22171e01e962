package dev.pilotlight.local;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.Await;
import dev.pilotlight.local.support.Option;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.Optional;
import java.util.Properties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// Models in the local S3.
class ModelPlaceIT {
  private static final String PLACE = "s3://models/m";
  private static final String TENSOR =
      "{\"inputs\":[{\"name\":\"x\",\"datatype\":\"FP32\",\"shape\":[2],\"data\":[1,2]}]}";

  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void firstModelIsTheFirstThatHasAVersion() {
    try (S3Local s3 = S3Local.start(0, "models");
        S3Client client = s3.client()) {
      assertThat(ModelPlace.firstModel(PLACE, s3)).isEmpty();
      put(client, "m/model.onnx");
      put(client, "m/a-name/model.onnx");
      put(client, "m/b-name/1/tokenizer.json");
      put(client, "other/1/model.onnx");
      assertThat(ModelPlace.firstModel(PLACE, s3)).isEmpty();
      put(client, "m/d-name/1/model.onnx");
      put(client, "m/c-name/2/model.onnx");
      assertThat(ModelPlace.firstModel(PLACE, s3)).contains("c-name");
      assertThat(ModelPlace.firstModel("s3://models/m/", s3)).contains("c-name");
      assertThat(ModelPlace.firstModel("s3://models", s3)).contains("m");
    }
  }

  @Test
  void functionAnswersForAModelThatIsUploadedLater(@TempDir Path disk) {
    Properties given = new Properties();
    given.setProperty(Option.MODELS.optionName(), PLACE);
    given.setProperty(Option.PACKAGE.optionName(), Option.PACKAGE.in(System.getProperties()));
    Options options =
        Options.onFreePortsUnlessIn(given)
            .withVariable("PILOTLIGHT_MODEL_CACHE_DIR", disk.toString())
            .withVariable("PILOTLIGHT_MODEL_SETTLE_MS", "0")
            .withVariable("PILOTLIGHT_MODEL_RELIST_MS", "200");
    try (LocalStack stack = LocalStack.start(options)) {
      Optional<String> none = ModelPlace.firstModel(options.models(), stack.s3());
      assertThat(Local.welcome(stack, options, none, 1))
          .contains("There is no model in s3://models/m yet.")
          .contains("aws s3 cp --recursive models s3://models/m --endpoint-url");
      assertThat(infer(stack).statusCode()).isEqualTo(404);

      TwoModels.putInto(stack.s3());
      assertThat(ModelPlace.firstModel(options.models(), stack.s3())).contains("a-small");
      Await.until(() -> infer(stack).statusCode() == 200);
      assertThat(infer(stack).body()).contains("\"data\":[1.0,2.0]");
    }
  }

  private HttpResponse<String> infer(LocalStack stack) {
    URI url = stack.gatewayUrl().resolve("/v2/models/a-small/infer");
    HttpRequest request =
        HttpRequest.newBuilder(url)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(TENSOR))
            .build();
    try {
      return http.send(request, BodyHandlers.ofString());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  private static void put(S3Client client, String key) {
    client.putObject(to -> to.bucket("models").key(key), RequestBody.fromString("x"));
  }
}
