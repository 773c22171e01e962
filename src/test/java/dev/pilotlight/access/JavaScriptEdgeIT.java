package dev.pilotlight.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.call.Doors;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.e2e.JavaScriptClientsIT;
import dev.pilotlight.protocol.form.QueryBody;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Requests;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.tenant.Caller;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/// The code of the distribution's function under Node.js, with the policies of `template.yaml` and
/// the refusals of the API.
@Timeout(300)
@EnabledIfSystemProperty(named = JavaScriptClientsIT.SCRIPTS, matches = ".+")
class JavaScriptEdgeIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int SECONDS_MAX = 240;

  @Test
  void theScriptsPass(@TempDir Path folder) throws IOException, InterruptedException {
    Path given = folder.resolve("given.json");
    Map<String, Object> all =
        Map.of(
            "resources", TemplateEdge.resources(),
            "refusals", refusals(),
            "parameters", parameters(),
            "owners", owners());
    JSON.writeValue(given.toFile(), all);
    File output = folder.resolve("output").toFile();
    ProcessBuilder node = new ProcessBuilder("node", "--test", "src/test/edge/");
    node.environment().put("EDGE_GIVEN", given.toString());
    Process process = node.redirectErrorStream(true).redirectOutput(output).start();
    boolean ended;
    try {
      ended = process.waitFor(SECONDS_MAX, TimeUnit.SECONDS);
    } finally {
      process.destroyForcibly();
    }
    String said = Files.readString(output.toPath());
    assertThat(ended).as("not done in %d s:\n%s", SECONDS_MAX, said).isTrue();
    assertThat(process.exitValue()).as("%s", said).isZero();
  }

  /// The parameters of the routes that take texts by `GET`.
  private static Map<String, List<String>> parameters() {
    Map<String, List<String>> all = new LinkedHashMap<>();
    for (String path : List.of("/v1/embeddings", "/predict")) {
      Route.Queried route = (Route.Queried) Router.route(Requests.of("GET", path));
      all.put(path, QueryBody.names(route.target()));
    }
    return all;
  }

  /// The owners of keys with lists, as the API computes them.
  private static List<Map<String, Object>> owners() {
    List<Map<String, Object>> all = new ArrayList<>();
    for (List<Set<String>> lists :
        List.of(
            List.of(Set.<String>of(), Set.<String>of()),
            List.of(Set.of("b", "a/c", "a-b"), Set.<String>of()),
            List.of(Set.<String>of(), Set.of("results", "embeddings")),
            List.of(Set.of("m"), Set.of("models")))) {
      Set<String> models = lists.getFirst().isEmpty() ? null : lists.getFirst();
      Set<String> routes = lists.getLast().isEmpty() ? null : lists.getLast();
      Caller caller = new Caller("key:ada", "id", "", 3, models, routes);
      KnownKey key = new KnownKey(caller, models, Long.MAX_VALUE, Moment.Clocks.SYSTEM.now());
      Map<String, Object> entry = new LinkedHashMap<>();
      entry.put("state", "live");
      entry.put("tenant", "ada");
      entry.put("generation", 3);
      if (models != null) {
        entry.put("models", models);
      }
      if (routes != null) {
        entry.put("routes", routes);
      }
      all.add(Map.of("entry", entry, "owner", EdgeOwner.of(key)));
    }
    return all;
  }

  /// The answer of the API to a request without a key, for each route.
  private static List<Map<String, Object>> refusals() throws IOException {
    List<Map<String, Object>> all = new ArrayList<>();
    for (Router.Template route : Router.routes()) {
      String path = route.path().replaceAll("\\{[a-z_]+}", "x");
      HttpRequest request = Requests.of(route.method(), path);
      if (RouteFamily.of(Router.route(known(request))) == null) {
        continue;
      }
      Refusal refusal = Requests.refusal(() -> KeyHeaders.read(request));
      HttpResponse response = Doors.failed(refusal, request);
      all.add(
          Map.of(
              "method", route.method(),
              "path", path,
              "status", response.status(),
              "body", JSON.readTree(response.body())));
    }
    return all;
  }

  /// With an id and a version that are well-formed.
  private static HttpRequest known(HttpRequest request) {
    String path = request.path().replace("/results/x", "/results/" + "0".repeat(43));
    return Requests.of(request.method(), path.replace("/versions/x", "/versions/1"));
  }
}
