package dev.pilotlight.protocol.size;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Fact;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.ModelPolicy;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.Task;
import dev.pilotlight.domain.Tier;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.http.Bodies;
import dev.pilotlight.protocol.http.Errors;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.LambdaEvents;
import dev.pilotlight.protocol.http.LambdaEvents.Format;
import dev.pilotlight.protocol.http.LambdaEvents.Incoming;
import dev.pilotlight.protocol.http.ProtocolSettings;
import dev.pilotlight.protocol.http.Requests;
import dev.pilotlight.protocol.http.UnknownFields;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Request;
import dev.pilotlight.protocol.openinference.InferCall;
import dev.pilotlight.protocol.openinference.InferModels;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Whether a response fits is known before anything is run, and so is how many items would.
final class ResponseSizeTest {
  private static final int LIMIT = Requests.SETTINGS.responseBytesMax();
  private static final Pattern FIT = Pattern.compile("which (\\d+) items fit");
  private static final HttpRequest PLAIN = Requests.of("POST", "/v1/embeddings");

  private static HttpRequest http(boolean gzip) {
    return gzip ? Requests.withHeader("accept-encoding", "gzip") : PLAIN;
  }

  private static ModelInfo model(int dimensions) {
    return new ModelInfo(
        "m",
        "1",
        Task.EMBEDDING,
        "0",
        "r",
        256,
        dimensions,
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        Optional.empty(),
        List.of(new Fact("normalised", "true", "modules.json")),
        List.of(),
        "",
        ModelPolicy.DEFAULT);
  }

  private static Request embeddings(int items, Encoding encoding) {
    return new Request(
        "m",
        Collections.nCopies(items, new Item.Text("a", false)),
        true,
        encoding,
        OptionalInt.empty(),
        Optional.empty(),
        List.of());
  }

  private static Optional<Refusal> check(
      int items, int dimensions, Encoding encoding, boolean gzip) {
    try {
      ResponseSize.requireFits(
          embeddings(items, encoding), model(dimensions), http(gzip), Requests.SETTINGS);
      return Optional.empty();
    } catch (Refusal refusal) {
      assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE);
      return Optional.of(refusal);
    }
  }

  private static int fit(Refusal refusal) {
    Matcher matcher = FIT.matcher(refusal.message());
    assertThat(matcher.find()).as(refusal.message()).isTrue();
    return Integer.parseInt(matcher.group(1));
  }

  /// The smallest number of items that is refused.
  private static int firstRefused(int dimensions, Encoding encoding, boolean gzip) {
    int low = 1;
    int high = 1 << 20;
    while (low < high) {
      int middle = (low + high) / 2;
      if (check(middle, dimensions, encoding, gzip).isEmpty()) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  @ParameterizedTest
  @CsvSource({
    "384,  BASE64, false, 2908",
    "384,  BASE64, true,  2908",
    "1024, BASE64, true,  1128",
    "384,  FLOAT,  false, 1334",
    "1024, FLOAT,  false, 508",
    "384,  FLOAT,  true,  3985",
    "1024, FLOAT,  true,  1520",
  })
  void theLimitFollowsFromItemsAndDimensions(
      int dimensions, Encoding encoding, boolean gzip, int first) {
    assertThat(firstRefused(dimensions, encoding, gzip)).isEqualTo(first);
  }

  @Test
  void atMost3067VectorsOf384FloatsFitInBase64() {
    assertThat(LIMIT / (ResponseSize.ItemBytes.base64(384).least() - 2 + ",".length()))
        .isEqualTo(3067);
    assertThat(firstRefused(384, Encoding.BASE64, true)).isLessThanOrEqualTo(3068);
  }

  /// Real responses of computed vectors.
  @ParameterizedTest
  @CsvSource({
    "384,  BASE64, false",
    "384,  BASE64, true",
    "384,  FLOAT,  false",
    "384,  FLOAT,  true",
    "1536, BASE64, false",
    "1536, FLOAT,  true",
  })
  void asManyAsTheMessageNamesDoFit(int dimensions, Encoding encoding, boolean gzip)
      throws IOException {
    int first = firstRefused(dimensions, encoding, gzip);
    int fit = fit(check(first, dimensions, encoding, gzip).orElseThrow());
    assertThat(fit).isBetween(first / 3, first - 1);
    assertThat(size(fit, dimensions, encoding, gzip)).isLessThanOrEqualTo(LIMIT);
    if (encoding == Encoding.BASE64 && !gzip) {
      assertThat(size(first, dimensions, encoding, false)).isGreaterThan(LIMIT);
      assertThat(first - fit).isLessThanOrEqualTo(6);
    }
  }

  /// The size of the event, or 0 if it was too large.
  private static int size(int items, int dimensions, Encoding encoding, boolean gzip)
      throws IOException {
    Random random = new Random(items);
    SecureRandom ids = new SecureRandom();
    List<Answer> answers = new ArrayList<>();
    for (int i = 0; i < items; i++) {
      byte[] id = new byte[32];
      ids.nextBytes(id);
      ResultKey key = new ResultKey(Base64.getUrlEncoder().withoutPadding().encodeToString(id));
      Tensor vector =
          Tensor.ofFloats("embedding", new long[] {dimensions}, unit(random, dimensions));
      answers.add(new Answer(key, new Result(List.of(vector), 3), Tier.RUN));
    }
    HttpResponse response =
        OpenAiEmbeddings.write(embeddings(items, encoding), model(dimensions), answers);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    Incoming in = new Incoming(Format.HTTP_API_V2, http(gzip), "", false, Optional.empty());
    HttpResponse finished = new Bodies(Requests.SETTINGS).finish(response, http(gzip));
    int status = new LambdaEvents(Requests.SETTINGS).encode(finished, in, out, Errors::response);
    return status == 200 ? out.size() : Integer.MAX_VALUE;
  }

  private static float[] unit(Random random, int dimensions) {
    float[] vector = new float[dimensions];
    double squares = 0;
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) random.nextGaussian();
      squares += vector[i] * (double) vector[i];
    }
    for (int i = 0; i < dimensions; i++) {
      vector[i] = (float) (vector[i] / Math.sqrt(squares));
    }
    return vector;
  }

  @Test
  void aBodyTooSmallToBeCompressedCountsAsItIs() {
    ProtocolSettings small = new ProtocolSettings(1 << 20, 20_000, 1 << 16, UnknownFields.IGNORE);
    Refusal refusal =
        Requests.refusal(
            () ->
                ResponseSize.requireFits(
                    embeddings(5, Encoding.FLOAT), model(384), http(true), small));
    assertThat(refusal.message()).contains("which 3 items fit");
  }

  @Test
  void notEvenOneMayFit() {
    ProtocolSettings small = new ProtocolSettings(1 << 20, 16_384, 1, UnknownFields.IGNORE);
    for (Encoding encoding : Encoding.values()) {
      Refusal refusal =
          Requests.refusal(
              () ->
                  ResponseSize.requireFits(
                      embeddings(1, encoding), model(Integer.MAX_VALUE), PLAIN, small));
      assertThat(refusal.message()).contains("which 0 items fit", "batch");
    }
  }

  @Test
  void inferenceIsMeasuredByTheSameRule() {
    assertThat(infer(1300, false, PLAIN)).isEmpty();
    Refusal plain = infer(1400, false, PLAIN).orElseThrow();
    assertThat(plain.message()).contains("binary_data_output", "gzip", "batch");
    assertThat(fit(plain)).isEqualTo(1248);
    assertThat(infer(3000, false, http(true))).isEmpty();
    assertThat(infer(4000, false, http(true))).isPresent();

    assertThat(infer(2980, true, PLAIN)).isEmpty();
    for (HttpRequest http : List.of(PLAIN, http(true))) {
      assertThat(fit(infer(3000, true, http).orElseThrow())).isEqualTo(2984);
    }
  }

  private static Optional<Refusal> infer(int items, boolean binary, HttpRequest http) {
    List<Item> texts = Collections.nCopies(items, new Item.Text("a", false));
    InferCall call =
        new InferCall(
            Optional.empty(),
            model(384),
            texts,
            List.of(new WantedOutput(ModelInfo.EMBEDDING_OUTPUT, binary)));
    try {
      ResponseSize.requireFits(call, http, Requests.SETTINGS);
      return Optional.empty();
    } catch (Refusal refusal) {
      return Optional.of(refusal);
    }
  }

  @Test
  void labelsAndScoresAreSmall() {
    InferCall call =
        new InferCall(
            Optional.empty(),
            InferModels.classifier(),
            Collections.nCopies(2048, new Item.Text("a", false)),
            List.of(new WantedOutput("label", false), new WantedOutput("score", true)));
    assertThatCode(() -> ResponseSize.requireFits(call, PLAIN, Requests.SETTINGS))
        .doesNotThrowAnyException();
  }

  @Test
  void onlyDeclaredSizesOfTensorsCount() {
    assertThatCode(() -> tensors(spec(-1, 1L << 40, 1L << 40), true)).doesNotThrowAnyException();
    assertThatCode(() -> tensors(spec(1 << 20), false)).doesNotThrowAnyException();
    for (TensorSpec spec : List.of(spec(1L << 40, 1L << 40), spec(1 << 22))) {
      Refusal refusal = Requests.refusal(() -> tensors(spec, true));
      assertThat(refusal.reason()).isEqualTo(Refusal.Reason.TOO_LARGE);
      assertThat(refusal.message()).contains("binary_data_output", "batch");
    }
  }

  private static TensorSpec spec(long... shape) {
    return new TensorSpec("y", Datatype.FP64, LongStream.of(shape).boxed().toList());
  }

  private static void tensors(TensorSpec spec, boolean binary) {
    ResponseSize.requireFits(
        new InferCall(
            Optional.empty(),
            InferModels.withOutputs(spec),
            List.of(new Item.Tensors(List.of(), List.of("y"))),
            List.of(new WantedOutput("y", binary))),
        PLAIN,
        Requests.SETTINGS);
  }
}
