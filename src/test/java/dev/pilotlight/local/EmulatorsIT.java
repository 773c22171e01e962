package dev.pilotlight.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.redis.RedisServer;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.template.Template;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveStatus;
import software.amazon.awssdk.services.s3.S3Client;

class EmulatorsIT {

  @Test
  void redisKeepsValuesUntilItIsStoppedAndRestartsOnItsPort() {
    try (RedisServer redis = RedisServer.start(0)) {
      try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
        jedis.set("a", "1");
        assertThat(jedis.get("a")).isEqualTo("1");
        redis.flush();
        assertThat(jedis.get("a")).isNull();
      }
      redis.stop();
      assertThat(Ports.answers(redis.port())).isFalse();
      redis.start();
      try (Jedis jedis = new Jedis("127.0.0.1", redis.port())) {
        assertThat(jedis.ping()).isEqualTo("PONG");
      }
    }
  }

  @Test
  void takenPortIsReportedInOneLine() {
    try (RedisServer redis = RedisServer.start(0)) {
      assertThatThrownBy(() -> RedisServer.start(redis.port()))
          .hasMessage(
              "Redis cannot listen on 127.0.0.1:%d: the port is taken".formatted(redis.port()));
      assertThatThrownBy(() -> DynamoLocal.start(redis.port()))
          .hasMessageEndingWith(redis.port() + ": the port is taken");
      assertThatThrownBy(() -> S3Local.start(redis.port()))
          .hasMessageEndingWith(redis.port() + ": the port is taken");
    }
  }

  @Test
  void redisThatRefusesItsSettingsIsReported() {
    assertThatThrownBy(() -> RedisServer.start(0, "--no-such-setting", "1"))
        .hasMessageStartingWith("Redis did not start on port");
  }

  @Test
  void dynamoDbKeepsItemsInATableWithTimeToLive() {
    try (DynamoLocal dynamo = DynamoLocal.start(0);
        DynamoDbClient client = dynamo.client()) {
      dynamo.createTable("results", "pk", "expires_at");
      Map<String, AttributeValue> item = Map.of("pk", AttributeValue.fromS("a"));
      client.putItem(put -> put.tableName("results").item(item));
      assertThat(client.getItem(get -> get.tableName("results").key(item)).item()).isEqualTo(item);
      assertThat(
              client
                  .describeTimeToLive(of -> of.tableName("results"))
                  .timeToLiveDescription()
                  .timeToLiveStatus())
          .isEqualTo(TimeToLiveStatus.ENABLED);
    }
  }

  @Test
  void keptTableHasItsItemsAndItsKeyCannotChange(@TempDir Path directory) {
    Map<String, AttributeValue> item = Map.of("pk", AttributeValue.fromS("a"));
    try (DynamoLocal dynamo = serve(directory, "pk");
        DynamoDbClient client = dynamo.client()) {
      client.putItem(put -> put.tableName("results").item(item));
    }
    try (DynamoLocal dynamo = serve(directory, "pk");
        DynamoDbClient client = dynamo.client()) {
      assertThat(client.getItem(get -> get.tableName("results").key(item)).item()).isEqualTo(item);
    }
    assertThatThrownBy(() -> serve(directory, "id"))
        .hasMessageContaining(
            "the table results is kept with the key pk, and the template has id: empty it with"
                + " -Dpilotlight.reset");
  }

  private static DynamoLocal serve(Path directory, String key) {
    DynamoLocal dynamo = DynamoLocal.listen(0, Optional.of(directory));
    try {
      dynamo.serve(List.of(new Template.Table("results", List.of(key), "expires_at")));
    } catch (RuntimeException e) {
      dynamo.close();
      throw e;
    }
    return dynamo;
  }

  @Test
  void redisInADirectoryKeepsItsKeys(@TempDir Path directory) {
    try (RedisServer redis = RedisServer.start(Optional.of(directory), 0);
        Jedis jedis = redis.jedis()) {
      jedis.set("a", "1");
    }
    try (RedisServer redis = RedisServer.start(Optional.of(directory), 0);
        Jedis jedis = redis.jedis()) {
      assertThat(jedis.get("a")).isEqualTo("1");
    }
  }

  @Test
  void redisWithoutADirectoryLeavesNoFiles() throws IOException {
    String name;
    try (RedisServer redis = RedisServer.start(0)) {
      name = "pilotlight-redis-" + redis.port() + "-";
      assertThat(temporary(name)).hasSize(1);
    }
    assertThat(temporary(name)).isEmpty();
  }

  private static List<Path> temporary(String prefix) throws IOException {
    try (Stream<Path> files = Files.list(Path.of(System.getProperty("java.io.tmpdir")))) {
      return files.filter(file -> file.getFileName().toString().startsWith(prefix)).toList();
    }
  }

  @Test
  void s3KeepsObjects() {
    byte[] body = new byte[400_000];
    Arrays.fill(body, (byte) 7);
    try (S3Local s3 = S3Local.start(0, "large");
        S3Client client = s3.client()) {
      client.putObject(put -> put.bucket("large").key("t/a-b_c"), RequestBody.fromBytes(body));
      assertThat(client.getObjectAsBytes(get -> get.bucket("large").key("t/a-b_c")).asByteArray())
          .isEqualTo(body);
    }
  }
}
