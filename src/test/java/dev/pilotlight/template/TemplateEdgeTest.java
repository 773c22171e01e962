package dev.pilotlight.template;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.access.TemplateEdge;
import dev.pilotlight.protocol.form.QueryBody;
import dev.pilotlight.protocol.http.Requests;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/// The template has the code of the distribution's function. With Node.js, `JavaScriptEdgeIT` runs
/// it.
class TemplateEdgeTest {
  /// CloudFront's limit.
  private static final int BYTES_MAX = 10 * 1024;

  private static final Path CODE = Path.of("src/edge/viewer-request.js");

  @Test
  void theTemplateHasTheCodeWithoutComments() throws IOException {
    String code = Files.readString(CODE).replaceAll("(?m)^\\s*(//.*)?\n", "");
    assertThat(TemplateEdge.code().strip()).isEqualTo(code.strip());
  }

  @Test
  void theCodeFitsCloudFront() throws IOException {
    assertThat(TemplateEdge.code().getBytes(StandardCharsets.UTF_8))
        .hasSizeLessThanOrEqualTo(BYTES_MAX);
  }

  @Test
  void theParametersAreTheApis() throws IOException {
    for (String path : List.of("/v1/embeddings", "/predict")) {
      Matcher list = Pattern.compile("'" + path + "': \\[(.*)],").matcher(Files.readString(CODE));
      assertThat(list.find()).as(path).isTrue();
      List<String> names = List.of(list.group(1).replace("'", "").split(", ", -1));
      Route.Queried route = (Route.Queried) Router.route(Requests.of("GET", path));
      assertThat(names).isEqualTo(QueryBody.names(route.target()));
    }
  }
}
