package dev.pilotlight.local.dynamo;

import dev.pilotlight.local.support.LocalCallers;
import dev.pilotlight.local.support.Option;
import dev.pilotlight.local.support.Ports;
import dev.pilotlight.local.template.LocalAccount;
import dev.pilotlight.local.template.Template;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.handler.ContextHandler;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeDefinition;
import software.amazon.awssdk.services.dynamodb.model.BillingMode;
import software.amazon.awssdk.services.dynamodb.model.CreateTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTableRequest;
import software.amazon.awssdk.services.dynamodb.model.DescribeTimeToLiveRequest;
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ListTablesRequest;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.UpdateTimeToLiveRequest;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/// DynamoDB Local on 127.0.0.1, in memory or in a directory. All regions and credentials share the
/// tables.
public final class DynamoLocal implements AutoCloseable {
  private static final boolean SHARED_BY_ALL_CREDENTIALS = true;
  private static final boolean SLOW_STATUS_CHANGES = false;

  // without effect, because all credentials share the tables
  private static final String ANYBODY = "local";

  private final Server server;
  private final ServerConnector door;
  private final Optional<Path> directory;
  private volatile @Nullable LocalDynamoDBRequestHandler handler;

  private DynamoLocal(Server server, ServerConnector door, Optional<Path> directory) {
    this.server = server;
    this.door = door;
    this.directory = directory;
  }

  /// Starts one in memory, without tables.
  ///
  /// @param port 0 for a free one
  /// @throws IllegalStateException in one clear line if the port is taken
  public static DynamoLocal start(int port) {
    DynamoLocal dynamo = listen(port, Optional.empty());
    dynamo.serve(List.of());
    return dynamo;
  }

  /// Listens. Callers can connect already; their calls wait for [#serve].
  ///
  /// @param port 0 for a free one
  /// @param directory of the tables; without one they are in memory
  /// @throws IllegalStateException in one clear line if the port is taken
  public static DynamoLocal listen(int port, Optional<Path> directory) {
    Ports.requireFree("DynamoDB Local", port);
    // not DynamoDB Local's own runner, which binds every interface
    Server server = new Server(Ports.address(0));
    ServerConnector door = new ServerConnector(server);
    door.setHost(Ports.HOST);
    door.setPort(port);
    try {
      Ports.bindPatiently(port, door::open);
    } catch (IOException e) {
      throw failed(port, e);
    }
    return new DynamoLocal(server, door, directory);
  }

  /// Makes the missing tables, then answers calls.
  ///
  /// @throws IllegalStateException in one clear line if it cannot
  public void serve(List<Template.Table> wanted) {
    try {
      LocalDynamoDBRequestHandler requests =
          new LocalDynamoDBRequestHandler(
              0,
              directory.isEmpty(),
              directory.map(Path::toString).orElse(null),
              SHARED_BY_ALL_CREDENTIALS,
              SLOW_STATUS_CHANGES);
      handler = requests;
      prepare(wanted, requests);
      Handler tables = new ContextHandler(new LocalDynamoDBServerHandler(requests, null));
      server.setHandler(LocalCallers.only(tables, LocalCallers.Shape.JSON));
      server.start();
      server.addConnector(door);
      door.start();
    } catch (Exception e) {
      throw failed(port(), e);
    }
  }

  /// Without a client, which takes longer to load than the tables to make.
  private void prepare(List<Template.Table> tables, LocalDynamoDBRequestHandler requests) {
    // the first call opens the file
    List<String> kept =
        requests
            .listTables(ANYBODY, LocalAccount.REGION, ListTablesRequest.builder().build())
            .tableNames();
    if (directory.isPresent()) {
      TableFile.leaveSyncToTheSystem(requests);
    }
    for (Template.Table table : tables) {
      if (kept.contains(table.name())) {
        requireKey(requests, table);
      } else {
        requests.createTable(ANYBODY, LocalAccount.REGION, creation(table.name(), table.keys()));
      }
      expire(requests, table);
    }
  }

  private static void requireKey(LocalDynamoDBRequestHandler requests, Template.Table table) {
    DescribeTableRequest of = DescribeTableRequest.builder().tableName(table.name()).build();
    List<String> keys =
        requests.describeTable(ANYBODY, LocalAccount.REGION, of).table().keySchema().stream()
            .map(KeySchemaElement::attributeName)
            .toList();
    if (!keys.equals(table.keys())) {
      throw new IllegalStateException(
          "the table %s is kept with the key %s, and the template has %s: empty it with -D%s"
              .formatted(
                  table.name(),
                  String.join(", ", keys),
                  String.join(", ", table.keys()),
                  Option.RESET.optionName()));
    }
  }

  private static void expire(LocalDynamoDBRequestHandler requests, Template.Table table) {
    DescribeTimeToLiveRequest of =
        DescribeTimeToLiveRequest.builder().tableName(table.name()).build();
    String now =
        requests
            .describeTimeToLive(ANYBODY, LocalAccount.REGION, of)
            .timeToLiveDescription()
            .attributeName();
    if (!table.timeToLive().equals(now)) {
      requests.updateTimeToLive(
          ANYBODY, LocalAccount.REGION, expiry(table.name(), table.timeToLive()));
    }
  }

  private static IllegalStateException failed(int port, Exception cause) {
    return new IllegalStateException(
        "DynamoDB Local did not start on port " + port + ": " + cause.getMessage(), cause);
  }

  public int port() {
    return door.getLocalPort();
  }

  public URI endpoint() {
    return URI.create("http://" + Ports.HOST + ":" + port());
  }

  /// A client that reads and changes the tables directly; the caller closes it.
  public DynamoDbClient client() {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint())
        .region(Region.US_EAST_1)
        .credentialsProvider(
            StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local")))
        .httpClient(UrlConnectionHttpClient.create())
        .build();
  }

  /// Makes an on-demand table with a string key.
  ///
  /// @param ttl the attribute that holds the second at which an item expires
  public void createTable(String name, String key, String ttl) {
    createTable(name, List.of(key), ttl);
  }

  /// Makes an on-demand table with string keys.
  ///
  /// @param key the partition key, and the sort key if there is one
  /// @param ttl as for the other method of this name
  public void createTable(String name, List<String> key, String ttl) {
    try (DynamoDbClient client = client()) {
      client.createTable(creation(name, key));
      client.updateTimeToLive(expiry(name, ttl));
    }
  }

  private static CreateTableRequest creation(String name, List<String> key) {
    return CreateTableRequest.builder()
        .tableName(name)
        .billingMode(BillingMode.PAY_PER_REQUEST)
        .attributeDefinitions(key.stream().map(DynamoLocal::attribute).toList())
        .keySchema(
            key.stream()
                .map(one -> element(one, one.equals(key.getFirst()) ? KeyType.HASH : KeyType.RANGE))
                .toList())
        .build();
  }

  private static AttributeDefinition attribute(String name) {
    return AttributeDefinition.builder()
        .attributeName(name)
        .attributeType(ScalarAttributeType.S)
        .build();
  }

  private static KeySchemaElement element(String name, KeyType type) {
    return KeySchemaElement.builder().attributeName(name).keyType(type).build();
  }

  private static UpdateTimeToLiveRequest expiry(String table, String attribute) {
    return UpdateTimeToLiveRequest.builder()
        .tableName(table)
        .timeToLiveSpecification(spec -> spec.attributeName(attribute).enabled(true))
        .build();
  }

  @Override
  public void close() {
    try {
      door.close();
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("DynamoDB Local did not stop", e);
    } finally {
      LocalDynamoDBRequestHandler requests = handler;
      if (requests != null) {
        requests.shutdown();
      }
    }
  }
}
