package dev.pilotlight.access;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.call.Doors;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.e2e.JavaScriptClientsIT;
import dev.pilotlight.local.template.Yaml;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Requests;
import dev.pilotlight.protocol.http.Router;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
    JSON.writeValue(given.toFile(), Map.of("resources", resources(), "refusals", refusals()));
    File output = folder.resolve("output").toFile();
    ProcessBuilder node = new ProcessBuilder("node", "--test", "src/test/edge/");
    node.environment().put("EDGE_GIVEN", given.toString());
    node.environment().put("EDGE_SEQUENCES", "10000");
    Process process = node.redirectErrorStream(true).redirectOutput(output).start();
    try {
      assertThat(process.waitFor(SECONDS_MAX, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly();
    }
    assertThat(process.exitValue()).as(Files.readString(output.toPath())).isZero();
  }

  /// The resources of the distribution, as they are written.
  private static Map<String, Object> resources() throws IOException {
    Object template = Yaml.read(Files.readString(Path.of("template.yaml")));
    Map<String, Object> found = new LinkedHashMap<>();
    ((Map<?, ?>) Objects.requireNonNull(((Map<?, ?>) template).get("Resources")))
        .forEach(
            (name, resource) -> {
              if (((String) name).startsWith("Edge")) {
                found.put((String) name, resource);
              }
            });
    return found;
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
