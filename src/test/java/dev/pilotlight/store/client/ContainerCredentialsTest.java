package dev.pilotlight.store.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pilotlight.suite.LoopbackServer;
import java.io.IOException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

final class ContainerCredentialsTest {
  // the SDK's name for the variable AWS_CONTAINER_CREDENTIALS_FULL_URI
  private static final String ADDRESS = "aws.containerCredentialsFullUri";

  private final AtomicInteger asked = new AtomicInteger();
  private HttpServer server;

  @BeforeEach
  void aServerThatGivesOthersEachTime() throws IOException {
    server = LoopbackServer.create();
    server.createContext(
        "/",
        exchange -> {
          byte[] json =
              """
              {"AccessKeyId":"ID%d","SecretAccessKey":"secret","Token":"token",
               "Expiration":"2999-01-01T00:00:00Z"}"""
                  .formatted(asked.incrementAndGet())
                  .getBytes(UTF_8);
          try (exchange) {
            exchange.sendResponseHeaders(200, json.length);
            exchange.getResponseBody().write(json);
          }
        });
    server.start();
    System.setProperty(ADDRESS, "http://127.0.0.1:" + server.getAddress().getPort() + "/");
  }

  @AfterEach
  void stop() {
    System.clearProperty(ADDRESS);
    server.stop(0);
  }

  @Test
  void theyAreAskedForOnceUntilTheyAreForgotten() {
    ContainerCredentials credentials = new ContainerCredentials();
    credentials.forget();
    assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("ID1");
    assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("ID1");
    credentials.forget();
    assertThat(credentials.resolveCredentials().accessKeyId()).isEqualTo("ID2");
    assertThat(asked).hasValue(2);
    credentials.forget();
  }
}
