package dev.pilotlight.handler.keys;

import static dev.pilotlight.handler.models.TestModels.SAMPLE;
import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromSs;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.access.ApiKey;
import dev.pilotlight.access.ClientRows;
import dev.pilotlight.access.RouteFamily;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.Metrics;
import dev.pilotlight.handler.TestRequest;
import dev.pilotlight.handler.keys.RouteRow.About;
import dev.pilotlight.handler.models.TestModels;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.suite.leaks.Planted;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// Each route with a key in each state, in both forms of events: one function with keys, and one
/// without, which has the answer that a valid key gets.
final class PermissionMatrixIT {
  private static final int BACKEND = 424;
  private static final List<Function<TestRequest, byte[]>> FORMS =
      List.of(TestRequest::event, TestRequest::restEvent);

  @TempDir private static Path root;

  private static final Metrics METRICS = new Metrics();
  private static final List<String> SECRETS = new ArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @SuppressWarnings("NullAway.Init")
  private static ClientRows rows;

  @SuppressWarnings("NullAway.Init")
  private static Harness function;

  @SuppressWarnings("NullAway.Init")
  private static Harness open;

  @BeforeAll
  static void start() {
    new TestModels(root).withSample().with("other", OnnxModels.identity(Datatype.FP32, "n"));
    dynamo = DynamoLocal.start(0);
    dynamo.createTable("pilotlight-results", "pk", "expires_at");
    rows = new ClientRows(dynamo);
    rows.tenant("ada", 0);
    rows.tenant("bob", 0);
    Map<String, String> settings = new HashMap<>();
    settings.put("PILOTLIGHT_MODELS", root.toString());
    settings.put("PILOTLIGHT_DEFAULT_MODEL", SAMPLE);
    settings.put("PILOTLIGHT_STORE", "required");
    settings.put("AWS_ENDPOINT_URL_DYNAMODB", dynamo.endpoint().toString());
    settings.put("AWS_REGION", "eu-west-1");
    settings.put("AWS_ACCESS_KEY_ID", "local");
    settings.put("AWS_SECRET_ACCESS_KEY", Planted.PASSWORD);
    // a line for each request, so that a key would be in one
    settings.put("PILOTLIGHT_LOG_SLOW_MS", "0");
    settings.put("PILOTLIGHT_LOG_LEVEL", "debug");
    settings.put("PILOTLIGHT_METRICS", "each");
    open = new Harness(METRICS, settings);
    function =
        new Harness(
            METRICS,
            settings,
            "PILOTLIGHT_AUTH",
            "keys",
            "PILOTLIGHT_TENANT_FROM",
            "key",
            "PILOTLIGHT_CLIENTS_TABLE",
            ClientRows.TABLE,
            "PILOTLIGHT_KEYS_UNKNOWN_PER_SECOND",
            "10000");
  }

  @AfterAll
  static void stop() {
    function.close();
    open.close();
    rows.close();
    dynamo.close();
  }

  @Test
  void theMatrixHasEveryRoute() {
    assertThat(RouteRow.ALL.stream().map(RouteRow::template).toList())
        .containsExactlyInAnyOrderElementsOf(Router.routes());
  }

  @Test
  void everyCellIsAsDocumented() {
    String valid = key("ada", Map.of());
    Keys keys = Keys.make(valid);
    String openId = id(open.send(embed().event()));
    String id = id(function.send(with(embed(), valid).event()));
    List<String> wrong = new ArrayList<>();
    for (RouteRow row : RouteRow.ALL) {
      for (Function<TestRequest, byte[]> form : FORMS) {
        Harness as = row.isOfKeys() ? function : open;
        Reply expected = as.send(form.apply(with(row.request(openId), valid)));
        for (Cell cell : keys.cells(row)) {
          Reply reply = function.send(form.apply(cell.on(row.request(id))));
          String problem = cell.problem(row, reply, expected);
          if (!problem.isEmpty()) {
            wrong.add(row + ", " + cell.name() + ": " + problem);
          }
          SECRETS.forEach(secret -> assertThat(reply.text()).doesNotContain(secret));
        }
      }
    }
    assertThat(wrong).isEmpty();
    String log = String.join("\n", METRICS.lines());
    assertThat(log).as("each request has a line").contains("\"route\":\"POST /v1/embeddings\"");
    SECRETS.forEach(secret -> assertThat(log).doesNotContain(secret));
  }

  /// The keys of the matrix, by their state.
  private record Keys(
      String valid,
      String others,
      String revoked,
      String expired,
      String wrongModel,
      Map<String, String> only,
      Map<String, String> allBut) {
    static Keys make(String valid) {
      String revoked = key("ada", Map.of());
      rows.revoke(revoked);
      List<String> families =
          Arrays.stream(RouteFamily.values()).map(RouteFamily::wireName).toList();
      Map<String, String> only = new HashMap<>();
      Map<String, String> allBut = new HashMap<>();
      for (String family : families) {
        only.put(family, key("ada", Map.of("routes", fromSs(List.of(family)))));
        List<String> rest = families.stream().filter(other -> !other.equals(family)).toList();
        allBut.put(family, key("ada", Map.of("routes", fromSs(rest))));
      }
      return new Keys(
          valid,
          key("bob", Map.of()),
          revoked,
          key("ada", Map.of("expires", fromN("1700000000"))),
          key("ada", Map.of("models", fromSs(List.of("other")))),
          only,
          allBut);
    }

    List<Cell> cells(RouteRow row) {
      List<Cell> cells = new ArrayList<>();
      cells.add(new Cell("valid", bearer(valid), Want.AS_OPEN));
      cells.add(new Cell("x-api-key", Map.of("x-api-key", valid), Want.AS_OPEN));
      cells.add(new Cell("api-key", Map.of("api-key", valid), Want.AS_OPEN));
      cells.add(new Cell("the same twice", plus(bearer(valid), "api-key", valid), Want.AS_OPEN));
      cells.add(
          new Cell(
              "another tenant's",
              bearer(others),
              row.about() == About.RESULT ? Want.NOT_FOUND : Want.AS_OPEN));
      cells.add(new Cell("wrong model", bearer(wrongModel), wrongModel(row)));
      String key = only.getOrDefault(row.family(), "");
      if (row.needsKey()) {
        String rest = allBut.getOrDefault(row.family(), "");
        cells.add(new Cell("right route", bearer(key), Want.AS_OPEN));
        cells.add(new Cell("wrong route", bearer(rest), Want.FORBIDDEN));
      }
      Want refused = row.needsKey() ? Want.UNAUTHENTICATED : Want.AS_OPEN;
      cells.add(new Cell("revoked", bearer(revoked), refused));
      cells.add(new Cell("expired", bearer(expired), refused));
      cells.add(
          new Cell("unknown", bearer(secret(ApiKey.create("ada", Planted.random()))), refused));
      cells.add(new Cell("none", Map.of(), refused));
      cells.add(new Cell("malformed", bearer(valid.substring(1)), refused));
      cells.add(new Cell("another scheme", Map.of("authorization", "Basic YTpi"), refused));
      cells.add(
          new Cell(
              "two keys",
              plus(bearer(valid), "x-api-key", others),
              row.needsKey() ? Want.INVALID : Want.AS_OPEN));
      return cells;
    }

    private static Want wrongModel(RouteRow row) {
      return switch (row.about()) {
        case MODEL, RESULT -> Want.FORBIDDEN;
        case LIST -> Want.WITHOUT_MODEL;
        case NONE -> Want.AS_OPEN;
      };
    }

    private static Map<String, String> bearer(String key) {
      return Map.of("authorization", "Bearer " + key);
    }

    private static Map<String, String> plus(Map<String, String> one, String name, String value) {
      Map<String, String> both = new HashMap<>(one);
      both.put(name, value);
      return both;
    }
  }

  private enum Want {
    AS_OPEN,
    WITHOUT_MODEL,
    UNAUTHENTICATED,
    FORBIDDEN,
    NOT_FOUND,
    INVALID
  }

  /// A cell: the headers with a key in some state, and the answer that must come.
  private record Cell(String name, Map<String, String> headers, Want want) {
    TestRequest on(TestRequest request) {
      TestRequest with = request;
      for (Map.Entry<String, String> header : headers.entrySet()) {
        with = with.with(header.getKey(), header.getValue());
      }
      return with;
    }

    /// Describes the mistake of a reply; empty if there is none.
    String problem(RouteRow row, Reply reply, Reply asOpen) {
      int status =
          switch (want) {
            case AS_OPEN, WITHOUT_MODEL -> asOpen.status();
            case UNAUTHENTICATED -> 401;
            case FORBIDDEN -> refusesAnyway(reply, asOpen) ? asOpen.status() : 403;
            case NOT_FOUND -> 404;
            case INVALID -> row.isTei() ? 422 : 400;
          };
      if (reply.status() != status) {
        return "status " + reply.status() + " in place of " + status + ": " + reply.text();
      }
      String scheme = reply.header("www-authenticate");
      if (!scheme.equals(want == Want.UNAUTHENTICATED ? "Bearer" : "")) {
        return "www-authenticate is '" + scheme + "'";
      }
      if (want == Want.WITHOUT_MODEL) {
        return reply.text().contains(SAMPLE) ? "lists the model: " + reply.text() : "";
      }
      if (want == Want.AS_OPEN) {
        return "";
      }
      JsonNode error = row.hasNestedError() ? reply.json().path("error") : reply.json();
      for (String member : row.errorMembers()) {
        if (!error.has(member)) {
          return "no " + member + " in " + reply.text();
        }
      }
      return reply.text().contains(SAMPLE) && want != Want.NOT_FOUND ? "names the model" : "";
    }

    /// A route that no model here can answer may refuse a request before it looks for the model.
    private boolean refusesAnyway(Reply reply, Reply asOpen) {
      return name.equals("wrong model")
          && asOpen.status() == BACKEND
          && reply.text().equals(asOpen.text());
    }
  }

  private static TestRequest embed() {
    return RouteRow.ALL.getFirst().request("");
  }

  private static TestRequest with(TestRequest request, String key) {
    return request.with("authorization", "Bearer " + key);
  }

  private static String id(Reply reply) {
    return reply.json().at("/data/0/id").asText();
  }

  private static String key(String tenant, Map<String, AttributeValue> more) {
    return secret(rows.key(tenant, more));
  }

  /// Remembers the secret of a key.
  private static String secret(String key) {
    SECRETS.add(key.substring(key.length() - 49));
    return key;
  }
}
