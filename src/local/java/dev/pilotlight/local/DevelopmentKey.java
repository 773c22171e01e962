package dev.pilotlight.local;

import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.access.ApiKey;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.support.DataDirectory;
import dev.pilotlight.local.template.Intrinsics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;
import software.amazon.awssdk.services.dynamodb.model.ConditionalCheckFailedException;

/// The tenant `local` and its API key, with which the local runner is tried. The key stays the same
/// as long as the data; what has been changed in the table since stays as it is.
public final class DevelopmentKey {
  private static final String TENANT = "local";
  private static final String TABLE = Intrinsics.localName("Clients");
  private static final String GENERATION = "generation";
  private static final String OWNER_ONLY = "rw-------";

  private DevelopmentKey() {}

  /// Makes tenant and key where they are missing.
  ///
  /// @param data keeps the key between runs; empty to keep none
  /// @return the key; empty if requests need none
  static Optional<String> of(Options options, DynamoLocal dynamo, Optional<DataDirectory> data) {
    return options.checksKeys()
        ? Optional.of(in(dynamo, data.map(DataDirectory::developmentKey)))
        : Optional.empty();
  }

  /// Makes the tenant, if it is missing, and a new key.
  public static String in(DynamoLocal dynamo) {
    return in(dynamo, Optional.empty());
  }

  private static String in(DynamoLocal dynamo, Optional<Path> file) {
    String text = file.map(DevelopmentKey::kept).orElseGet(DevelopmentKey::create);
    ApiKey key = ApiKey.parse(text);
    if (key == null) {
      throw new IllegalStateException(file.orElseThrow() + " holds no API key: delete it");
    }
    try (DynamoDbClient client = dynamo.client()) {
      Map<String, AttributeValue> tenant = item("tenant#" + TENANT, "tenant");
      tenant.put(GENERATION, fromN("0"));
      putIfAbsent(client, tenant);
      Map<String, AttributeValue> live = item("key#" + key.digest(), "key");
      live.put("tenant", fromS(TENANT));
      live.put(GENERATION, generation(client));
      live.put("id", fromS(key.id()));
      live.put("name", fromS("development"));
      putIfAbsent(client, live);
      Map<String, AttributeValue> listed = item("tenant#" + TENANT, "key#" + key.id());
      listed.put("digest", fromS(key.digest()));
      listed.put("name", fromS("development"));
      putIfAbsent(client, listed);
    }
    return text;
  }

  /// The generation of the tenant as it is: a command may have deleted it and made it again.
  private static AttributeValue generation(DynamoDbClient client) {
    Map<String, AttributeValue> key =
        Map.of("pk", fromS("tenant#" + TENANT), "sk", fromS("tenant"));
    return client
        .getItem(get -> get.tableName(TABLE).key(key).consistentRead(true))
        .item()
        .getOrDefault(GENERATION, fromN("0"));
  }

  private static String create() {
    return ApiKey.create(TENANT, new SecureRandom());
  }

  private static String kept(Path file) {
    try {
      if (!Files.exists(file)) {
        var _ = Files.createFile(file);
        restrict(file);
        Files.writeString(file, create(), StandardOpenOption.WRITE);
      }
      return Files.readString(file).strip();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// On Windows, the directory's own permissions count.
  private static void restrict(Path file) throws IOException {
    if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      var _ = Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(OWNER_ONLY));
    }
  }

  private static Map<String, AttributeValue> item(String pk, String sk) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("pk", fromS(pk));
    item.put("sk", fromS(sk));
    item.put("state", fromS("live"));
    item.put("created", fromN(Long.toString(Instant.now().getEpochSecond())));
    return item;
  }

  private static void putIfAbsent(DynamoDbClient client, Map<String, AttributeValue> item) {
    try {
      var _ =
          client.putItem(
              put ->
                  put.tableName(TABLE).item(item).conditionExpression("attribute_not_exists(pk)"));
    } catch (ConditionalCheckFailedException e) {
      // it is there
    }
  }
}
