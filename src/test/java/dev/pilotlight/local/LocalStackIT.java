package dev.pilotlight.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.runtime.Echo;
import dev.pilotlight.local.runtime.EchoHandler;
import dev.pilotlight.local.support.Option;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LocalStackIT {
  @Test
  void everythingStartsOnFreePortsAndTheFunctionGetsTheAddresses(@TempDir Path directory)
      throws Exception {
    Options options = options(directory);
    try (LocalStack stack = LocalStack.start(options)) {
      assertThat(invoke(stack, "env PILOTLIGHT_TABLE"))
          .isEqualTo("\"" + stack.tables().getFirst() + "\"");
      assertThat(invoke(stack, "env AWS_ENDPOINT_URL_DYNAMODB"))
          .isEqualTo("\"" + stack.dynamo().endpoint() + "\"");
      String redis = stack.redis().map(RedisServer::url).orElse("off");
      assertThat(invoke(stack, "env PILOTLIGHT_REDIS")).isEqualTo("\"" + redis + "\"");
      try (var client = stack.dynamo().client()) {
        assertThat(client.listTables().tableNames()).isEqualTo(stack.tables());
      }
      try (var client = stack.s3().client()) {
        assertThat(client.listBuckets().buckets().getFirst().name())
            .isEqualTo(stack.buckets().getFirst());
      }
      assertThat(get(stack.gatewayUrl().resolve("/v1/models")))
          .contains("\"routeKey\":\"$default\"", "\"rawPath\":\"/v1/models\"");
      assertThat(stack.logs()).anyMatch(line -> line.contains("GET /v1/models"));
      String before = invoke(stack, "sleep 0");
      stack.restartFunction();
      assertThat(invoke(stack, "sleep 0")).isNotEqualTo(before);
      assertThat(Local.welcome(stack, options, Optional.of("a-model"), 1.5))
          .contains("gateway     " + stack.gatewayUrl())
          .contains("/v2/models/a-model/infer");
    }
  }

  @Test
  void takenPortIsReportedInOneLineWithItsOption(@TempDir Path directory) throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int port = taken.getLocalPort();
      Options options = options(directory).withPort(Option.DYNAMODB_PORT, port);
      assertThatThrownBy(() -> LocalStack.start(options))
          .hasMessage(
              "taken: port %d (choose another with -Dpilotlight.dynamodb.port=)".formatted(port));
    }
  }

  private static Options options(Path directory) throws IOException {
    String template =
        Files.readString(Path.of("template.yaml"))
            .replace("dev.pilotlight.handler.ApiHandler", EchoHandler.class.getName());
    Path file = directory.resolve("template.yaml");
    Files.writeString(file, template);
    return Options.onFreePorts().withTemplate(file).withClassPath(Echo.classPath());
  }

  private static String invoke(LocalStack stack, String order) throws Exception {
    URI uri = stack.invokeUrl().resolve("/2015-03-31/functions/ApiFunction/invocations");
    String event = "{\"do\":\"%s\"}".formatted(order);
    HttpRequest request =
        HttpRequest.newBuilder(uri).POST(HttpRequest.BodyPublishers.ofString(event)).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }

  private static String get(URI uri) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(uri).build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
  }
}
