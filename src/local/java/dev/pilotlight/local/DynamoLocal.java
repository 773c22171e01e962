package dev.pilotlight.local;

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
import software.amazon.awssdk.services.dynamodb.model.KeySchemaElement;
import software.amazon.awssdk.services.dynamodb.model.KeyType;
import software.amazon.awssdk.services.dynamodb.model.ScalarAttributeType;
import software.amazon.awssdk.services.dynamodb.model.TimeToLiveDescription;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/// DynamoDB Local on 127.0.0.1, in memory or in a directory. Every region and every credential sees
/// the same tables.
public final class DynamoLocal implements AutoCloseable {
  private static final boolean SHARED_BY_ALL_CREDENTIALS = true;
  private static final boolean SLOW_STATUS_CHANGES = false;

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

  /// Listens, so that callers can connect already; their calls wait for [#serve].
  ///
  /// @param port 0 for a free one
  /// @param directory of the tables; without one they are in memory
  /// @throws IllegalStateException in one clear line if the port is taken
  static DynamoLocal listen(int port, Optional<Path> directory) {
    Ports.requireFree("DynamoDB Local", port);
    // not its own runner, which binds every interface
    Server server = new Server(Ports.address(0));
    ServerConnector door = new ServerConnector(server);
    door.setHost(Ports.HOST);
    door.setPort(port);
    try {
      door.open();
    } catch (IOException e) {
      throw failed(port, e);
    }
    return new DynamoLocal(server, door, directory);
  }

  /// Makes the tables that are not there yet, then answers.
  ///
  /// @throws IllegalStateException in one clear line if it cannot
  void serve(List<Template.Table> wanted) {
    try {
      LocalDynamoDBRequestHandler requests =
          new LocalDynamoDBRequestHandler(
              0,
              directory.isEmpty(),
              directory.map(Path::toString).orElse(null),
              SHARED_BY_ALL_CREDENTIALS,
              SLOW_STATUS_CHANGES);
      handler = requests;
      Handler tables = new ContextHandler(new LocalDynamoDBServerHandler(requests, null));
      server.setHandler(LocalCallers.only(tables, LocalCallers.Shape.JSON));
      server.start();
      prepare(wanted, endpoint(server.getURI().getPort()), requests);
      server.addConnector(door);
      door.start();
    } catch (Exception e) {
      throw failed(port(), e);
    }
  }

  private void prepare(
      List<Template.Table> tables, URI aside, LocalDynamoDBRequestHandler requests) {
    try (DynamoDbClient client = client(aside)) {
      // the first call opens the file
      List<String> kept = client.listTables().tableNames();
      if (directory.isPresent()) {
        TableFile.leaveSyncToTheSystem(requests);
      }
      for (Template.Table table : tables) {
        if (kept.contains(table.name())) {
          requireKey(client, table);
        } else {
          createTable(client, table.name(), table.key());
        }
        expire(client, table.name(), table.timeToLive());
      }
    }
  }

  private static void requireKey(DynamoDbClient client, Template.Table table) {
    String key =
        client
            .describeTable(of -> of.tableName(table.name()))
            .table()
            .keySchema()
            .getFirst()
            .attributeName();
    if (!key.equals(table.key())) {
      throw new IllegalStateException(
          "the table %s is kept with the key %s, and the template has %s: empty it with -D%s"
              .formatted(table.name(), key, table.key(), Option.RESET.optionName()));
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
    return endpoint(port());
  }

  private static URI endpoint(int port) {
    return URI.create("http://" + Ports.HOST + ":" + port);
  }

  /// A client for whoever looks into the tables; the caller closes it.
  public DynamoDbClient client() {
    return client(endpoint());
  }

  private static DynamoDbClient client(URI endpoint) {
    return DynamoDbClient.builder()
        .endpointOverride(endpoint)
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
    try (DynamoDbClient client = client()) {
      createTable(client, name, key);
      expire(client, name, ttl);
    }
  }

  private static void createTable(DynamoDbClient client, String name, String key) {
    client.createTable(
        table ->
            table
                .tableName(name)
                .billingMode(BillingMode.PAY_PER_REQUEST)
                .attributeDefinitions(
                    AttributeDefinition.builder()
                        .attributeName(key)
                        .attributeType(ScalarAttributeType.S)
                        .build())
                .keySchema(
                    KeySchemaElement.builder().attributeName(key).keyType(KeyType.HASH).build()));
  }

  private static void expire(DynamoDbClient client, String table, String attribute) {
    TimeToLiveDescription now =
        client.describeTimeToLive(of -> of.tableName(table)).timeToLiveDescription();
    if (!attribute.equals(now.attributeName())) {
      client.updateTimeToLive(
          change ->
              change
                  .tableName(table)
                  .timeToLiveSpecification(spec -> spec.attributeName(attribute).enabled(true)));
    }
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
