package dev.pilotlight.handler;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.suite.leaks.Planted;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Settings;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;

/// The start of an environment, before the first request.
final class StartIT {
  private static final String TABLE = "pilotlight-results";
  private static final String HELLO = "{\"model\":\"all-minilm-l6-v2\",\"input\":\"hello\"}";
  // no server listens there
  private static final String NOWHERE = "http://127.0.0.1:1";

  @SuppressWarnings("NullAway.Init")
  private static DynamoLocal dynamo;

  @BeforeAll
  static void start() {
    dynamo = DynamoLocal.start(0);
    dynamo.createTable(TABLE, "pk", "expires_at");
  }

  @AfterAll
  static void stop() {
    dynamo.close();
  }

  @Test
  void aProvisionedEnvironmentRehearsesAndLeavesNothingInTheTable() {
    try (Harness function = function(dynamo.endpoint().toString(), "provisioned-concurrency")) {
      assertThat(items()).isZero();
      // what was rehearsed is not remembered either
      String rehearsed = HELLO.replace("hello", "pilotlight");
      assertThat(function.post("/v1/embeddings", rehearsed).header("cache-status"))
          .contains("fwd=miss");
      assertThat(items()).isEqualTo(1);
    }
  }

  @Test
  void startsWithoutStoreAndReportsItWithTheFirstRequest() {
    Instant begun = Instant.now();
    try (Harness function = function(NOWHERE, "provisioned-concurrency")) {
      assertThat(Duration.between(begun, Instant.now())).isLessThan(Duration.ofSeconds(10));
      assertThat(function.post("/v1/embeddings", HELLO).status()).isEqualTo(503);
    }
  }

  @Test
  void anEnvironmentWithoutAModelStartsAndRehearsesNothing() {
    try (Harness function =
        new Harness(
            "PILOTLIGHT_DEFAULT_MODEL", "no-such",
            "AWS_LAMBDA_INITIALIZATION_TYPE", "provisioned-concurrency")) {
      assertThat(function.post("/v1/embeddings", HELLO).status()).isEqualTo(200);
    }
  }

  @Test
  void anEndpointThatIsNotAUriStopsTheStart() {
    assertThatThrownBy(() -> function("http://not a uri", "on-demand"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static Harness function(String endpoint, String initialization) {
    return new Harness(
        "PILOTLIGHT_STORE",
        "required",
        "AWS_ENDPOINT_URL_DYNAMODB",
        endpoint,
        "AWS_REGION",
        "eu-west-1",
        "AWS_ACCESS_KEY_ID",
        "local",
        "AWS_SECRET_ACCESS_KEY",
        Planted.PASSWORD,
        "AWS_LAMBDA_INITIALIZATION_TYPE",
        initialization);
  }

  private static int items() {
    Map<String, String> environment =
        Map.of(
            "AWS_ENDPOINT_URL_DYNAMODB",
            dynamo.endpoint().toString(),
            "AWS_REGION",
            "eu-west-1",
            "AWS_ACCESS_KEY_ID",
            "local",
            "AWS_SECRET_ACCESS_KEY",
            Planted.PASSWORD);
    StoreSettings settings = StoreSettings.from(new Settings(Map.of()));
    Log log = new Log(System.out, Log.Level.ERROR);
    try (Clients clients = new Clients(environment, settings, log)) {
      DynamoDbClient client = clients.dynamo();
      return client.scan(scan -> scan.tableName(TABLE)).count();
    }
  }
}
