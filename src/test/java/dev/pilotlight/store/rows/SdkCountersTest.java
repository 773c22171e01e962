package dev.pilotlight.store.rows;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.store.StoreException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// Which failures show that nothing was added.
final class SdkCountersTest {
  private static final AwsCredentialsProvider KEYS =
      StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
  private static final AwsCredentialsProvider NONE =
      () -> {
        throw SdkClientException.create("no credentials");
      };

  /// It accepts connections and never answers.
  private final ServerSocket silent;

  SdkCountersTest() throws IOException {
    silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  }

  @Test
  void aCallThatWasSentAndHasNoAnswerIsUncertain() throws IOException {
    try (silent) {
      assertThatThrownBy(() -> add(KEYS, 500)).isInstanceOf(UncertainWrite.class);
    }
  }

  @Test
  void aCallWithoutCredentialsAddsNothing() throws IOException {
    try (silent) {
      assertThatThrownBy(() -> add(NONE, 500)).isInstanceOf(StoreException.class);
    }
  }

  @Test
  void aCallWithoutAConnectionAddsNothing() throws IOException {
    silent.close();
    assertThatThrownBy(() -> add(KEYS, 500)).isInstanceOf(StoreException.class);
  }

  @Test
  void aCallWithoutTimeIsNotMade() throws IOException {
    try (silent) {
      assertThatThrownBy(() -> add(KEYS, 0)).isInstanceOf(StoreException.class);
    }
  }

  private void add(AwsCredentialsProvider credentials, int millis) {
    URI endpoint = URI.create("http://127.0.0.1:" + silent.getLocalPort());
    try (DynamoDbClient client =
        DynamoDbClient.builder()
            .endpointOverride(endpoint)
            .region(Region.EU_WEST_1)
            .credentialsProvider(credentials)
            .httpClient(UrlConnectionHttpClient.create())
            .build()) {
      Deadline end = Deadline.in(Duration.ofMillis(millis));
      var _ =
          new SdkCounters(() -> client, "t")
              .add(new RowKey("p", "s"), Map.of("n", 1L), "mark", 1, end);
    }
  }
}
