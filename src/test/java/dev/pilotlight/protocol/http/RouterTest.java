package dev.pilotlight.protocol.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.ResultKey;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class RouterTest {
  private static final String KEY = "A_-4567890123456789012345678901234567890123";
  private static final Optional<String> LATEST = Optional.empty();
  private static final Optional<String> THIRD = Optional.of("3");

  static Stream<Arguments> known() {
    return Stream.of(
        arguments("GET", "/", new Route.Root()),
        arguments("GET", "/v2", new Route.Server()),
        arguments("GET", "/v2/health/live", new Route.Live()),
        arguments("GET", "/v2/health/ready", new Route.Ready()),
        arguments("GET", "/v2/models", new Route.Models()),
        arguments("GET", "/v2/models/m", new Route.Model("m", LATEST)),
        arguments("GET", "/v2/models/m/versions/3", new Route.Model("m", THIRD)),
        arguments("GET", "/v2/models/m/ready", new Route.ModelReady("m", LATEST)),
        arguments("GET", "/v2/models/m/versions/3/ready", new Route.ModelReady("m", THIRD)),
        arguments("POST", "/v2/models/m/infer", new Route.Infer("m", LATEST)),
        arguments("POST", "/v2/models/m/versions/3/infer", new Route.Infer("m", THIRD)),
        arguments("GET", "/v2/models/stats", new Route.Statistics(LATEST, LATEST)),
        arguments("GET", "/v2/models/m/stats", new Route.Statistics(Optional.of("m"), LATEST)),
        arguments(
            "GET", "/v2/models/m/versions/3/stats", new Route.Statistics(Optional.of("m"), THIRD)),
        arguments("GET", "/v2/models/m/config", new Route.Configuration("m", LATEST)),
        arguments("GET", "/v2/models/m/versions/3/config", new Route.Configuration("m", THIRD)),
        arguments("GET", "/v1/usage", new Route.OwnUsage()),
        arguments("GET", "/v1/organization/usage/embeddings", new Route.OrganizationUsage()),
        arguments("POST", "/v2/repository/index", new Route.RepositoryIndex()),
        arguments("POST", "/v2/repository/models/m/load", new Route.Load("m")),
        arguments("POST", "/v2/repository/models/m/unload", new Route.Unload("m")),
        arguments("POST", "/v1/embeddings", new Route.Embeddings()),
        arguments("GET", "/v1/embeddings", new Route.Queried(new Route.Embeddings())),
        arguments(
            "GET",
            "/predict",
            new Route.Queried(new Route.AtDoor(Door.PREDICT, "", Optional.empty()))),
        arguments("GET", "/v1/models", new Route.OpenAiModelList()),
        arguments("GET", "/v1/models/a.b-C_1", new Route.OpenAiModel("a.b-C_1")),
        arguments("GET", "/v1/results/" + KEY, new Route.StoredResult(new ResultKey(KEY))),
        arguments("POST", "/v1/files", new Route.CreateFile()),
        arguments("GET", "/v1/files", new Route.FileList()),
        arguments("GET", "/v1/files/f", new Route.FileOf("f")),
        arguments("GET", "/v1/files/f/content", new Route.FileContent("f")),
        arguments("DELETE", "/v1/files/f", new Route.DeleteFile("f")),
        arguments("POST", "/v1/uploads", new Route.CreateUpload()),
        arguments("POST", "/v1/uploads/u/parts", new Route.UploadPart("u")),
        arguments("POST", "/v1/uploads/u/complete", new Route.CompleteUpload("u")),
        arguments("POST", "/v1/uploads/u/cancel", new Route.CancelUpload("u")),
        arguments("POST", "/v1/batches", new Route.CreateBatch()),
        arguments("GET", "/v1/batches", new Route.BatchList()),
        arguments("GET", "/v1/batches/b", new Route.BatchOf("b")),
        arguments("POST", "/v1/batches/b/cancel", new Route.CancelBatch("b")));
  }

  @ParameterizedTest
  @MethodSource("known")
  void everyRouteIsFound(String method, String path, Route route) {
    assertThat(Router.route(Requests.of(method, path))).isEqualTo(route);
    if (method.equals("GET")) {
      assertThat(Router.route(Requests.of("HEAD", path))).isEqualTo(route);
    }
  }

  @ParameterizedTest
  @MethodSource("known")
  void aPathMayEndInSlashes(String method, String path, Route route) {
    assertThat(Router.route(Requests.of(method, path + "/"))).isEqualTo(route);
    assertThat(Router.route(Requests.of(method, path + "//"))).isEqualTo(route);
    Refusal refusal = refused("PATCH", path + "/");
    assertThat(refusal.reason()).isEqualTo(Reason.METHOD_NOT_ALLOWED);
  }

  /// Below a stage with a name, the stage alone is a path without anything.
  @Test
  void noPathIsTheRoot() {
    assertThat(Router.route(Requests.of("GET", ""))).isEqualTo(new Route.Root());
  }

  @Test
  void everyRouteIsListedOnce() {
    assertThat(Router.routes())
        .doesNotHaveDuplicates()
        .hasSize((int) known().count() + Door.values().length);
    assertThat(Router.routes())
        .contains(new Router.Template("POST", "/v2/models/{model}/versions/{version}/infer"));
  }

  @ParameterizedTest
  @CsvSource({
    "/openai/deployments/m/embeddings, AZURE_EMBEDDINGS, m",
    "/rerank, RERANK, ''",
    "/v1/rerank/, RERANK_V1, ''",
    "/v2/rerank, RERANK_V2, ''",
    "/v1/reranking, RERANKING, ''",
    "/score, SCORE, ''",
    "/v1/score, SCORE_V1, ''",
    "/predict, PREDICT, ''",
    "/similarity, SIMILARITY, ''",
    "/vertex, VERTEX, ''",
    "/v1/models/m:predict, KSERVE_PREDICT, m",
    "/v1/models/m:predict/, KSERVE_PREDICT, m",
    "/v1/models/owner/m:predict, KSERVE_PREDICT, owner/m",
    "/v1/models/owner%2Fm:predict, KSERVE_PREDICT, owner/m",
    "/v1/models/a:predict:predict, KSERVE_PREDICT, a:predict",
  })
  void everyDoorIsFound(String path, Door door, String model) {
    assertThat(Router.route(Requests.of("POST", path)))
        .isEqualTo(new Route.AtDoor(door, model, Optional.empty()));
    assertThat(Router.form(path)).isEqualTo(door.form());
    assertThat(Router.allowed(path)).contains("POST");
  }

  /// The end of a route follows a name, and is all of the segment's end.
  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v1/models/:predict",
        "/v1/models/predict",
        "/v1/models/owner/:predict",
        "/v1/models/m:predict2",
        "/v1/models/m:Predict",
        "/v1/models/m:predict/x",
      })
  void anotherEndOfThePathIsRefused(String path) {
    assertThat(refused("POST", path).reason()).isEqualTo(Reason.METHOD_NOT_ALLOWED);
  }

  private static Refusal refused(String method, String path) {
    return Requests.refusal(() -> Router.route(Requests.of(method, path)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/v3",
        "//v2",
        "/V2",
        "v2",
        "/v2/health",
        "/v2/models//ready",
        "/v2/models/m/versions",
        "/v2/models/m/versions/",
        "/v2/models/m/versions/1/2",
        "/v2/models/a/b/c/d/e",
        "/v1",
        "/v1/chat/completions",
        "/v1/results/",
        "/v2?x=1",
        "/v2/repository",
        "/v2/repository/models",
        "/v2/repository/models/load",
        "/v2/repository/models//load",
        "/v2/repository/models/m",
        "/v2/repository/other/index",
        "/v2/repository/other/models/m/load",
      })
  void unknownPathsAreNotFound(String path) {
    assertThat(refused("GET", path).reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(refused("DELETE", path).reason()).isEqualTo(Reason.NOT_FOUND);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..",
        ".",
        ".hidden",
        "-x",
        "%2e%2e",
        "%2E%2E%2Fetc",
        "a%2F%2Fb",
        "a%2F..%2Fb",
        "a/../b",
        "a/b/c/d%2Fe",
        "a%zz",
        "a%00",
        "a\u0000",
        "a b",
        "ä",
        "a\\b",
        "~",
        "a\n",
      })
  void aNameThatCannotBeIsNotFound(String name) {
    for (String rest : new String[] {"", "/ready", "/versions/1"}) {
      Refusal refusal = refused("GET", "/v2/models/" + name + rest);
      assertThat(refusal.reason()).isEqualTo(Reason.NOT_FOUND);
      assertThat(refusal.field()).hasValue("model");
    }
    assertThat(refused("POST", "/v2/models/" + name + "/infer").reason())
        .isEqualTo(Reason.NOT_FOUND);
    assertThat(refused("GET", "/v1/models/" + name).reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(refused("GET", "/v1/results/" + name).reason()).isEqualTo(Reason.NOT_FOUND);
  }

  @ParameterizedTest
  @CsvSource({
    "sentence-transformers/all-MiniLM-L6-v2, sentence-transformers/all-MiniLM-L6-v2",
    "sentence-transformers%2Fall-MiniLM-L6-v2, sentence-transformers/all-MiniLM-L6-v2",
    "nomic-embed-text:latest, nomic-embed-text:latest",
    "a%3Ab, a:b",
    "a+b, a+b",
    "a/b/c%2fd, a/b/c/d",
    "models/m, models/m",
  })
  void aNameMayHaveSlashesAsTheyAreOrEncoded(String path, String name) {
    assertThat(Router.route(Requests.of("GET", "/v2/models/" + path)))
        .isEqualTo(new Route.Model(name, LATEST));
    assertThat(Router.route(Requests.of("GET", "/v2/models/" + path + "/versions/3/ready")))
        .isEqualTo(new Route.ModelReady(name, THIRD));
    assertThat(Router.route(Requests.of("POST", "/v2/models/" + path + "/infer")))
        .isEqualTo(new Route.Infer(name, LATEST));
    assertThat(Router.route(Requests.of("GET", "/v1/models/" + path)))
        .isEqualTo(new Route.OpenAiModel(name));
    assertThat(Router.route(Requests.of("GET", "/v2/models/" + path + "/stats")))
        .isEqualTo(new Route.Statistics(Optional.of(name), LATEST));
    assertThat(Router.route(Requests.of("GET", "/v2/models/" + path + "/versions/3/config")))
        .isEqualTo(new Route.Configuration(name, THIRD));
    assertThat(Router.route(Requests.of("POST", "/v2/repository/models/" + path + "/load")))
        .isEqualTo(new Route.Load(name));
  }

  /// As in Triton, the statistics of all models go first.
  @Test
  void modelNamedStatsIsReachedByItsVersion() {
    assertThat(Router.route(Requests.of("GET", "/v2/models/stats/versions/1")))
        .isEqualTo(new Route.Model("stats", Optional.of("1")));
    assertThat(Router.route(Requests.of("GET", "/v2/models/stats/stats")))
        .isEqualTo(new Route.Statistics(Optional.of("stats"), LATEST));
    assertThat(Router.route(Requests.of("POST", "/v2/models/stats/infer")))
        .isEqualTo(new Route.Infer("stats", LATEST));
  }

  @Test
  void theLatestVersionMayBeNamed() {
    assertThat(Router.route(Requests.of("POST", "/v2/models/a/b/versions/latest/infer")))
        .isEqualTo(new Route.Infer("a/b", LATEST));
    assertThat(Router.route(Requests.of("GET", "/v2/models/m/versions/latest")))
        .isEqualTo(new Route.Model("m", LATEST));
  }

  @Test
  void namesHaveALengthAndLongOnesAreShortenedInMessages() {
    String longest = "m".repeat(128);
    assertThat(Router.route(Requests.of("GET", "/v1/models/" + longest)))
        .isEqualTo(new Route.OpenAiModel(longest));
    assertThat(refused("GET", "/v1/models/" + longest + "m").reason()).isEqualTo(Reason.NOT_FOUND);
    assertThat(refused("GET", "/v1/models/" + "m".repeat(9000)).message()).hasSizeLessThan(300);
    assertThat(refused("GET", "/x".repeat(9000)).message()).hasSizeLessThan(200);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"0", "01", "-1", "+1", "1.0", "Latest", "%31", "..", "1234567890123456789", "１"})
  void aVersionIsAWholeNumber(String version) {
    Refusal refusal = refused("GET", "/v2/models/m/versions/" + version);
    assertThat(refusal.reason()).isEqualTo(Reason.INVALID);
    assertThat(refusal.field()).hasValue("version");
    assertThat(refusal.message()).contains(version, "accepted: a whole number");
  }
}
