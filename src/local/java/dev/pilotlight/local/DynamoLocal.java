package dev.pilotlight.local;

import java.io.IOException;
import java.net.URI;
import java.util.List;
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
import software.amazon.dynamodb.services.local.server.LocalDynamoDBRequestHandler;
import software.amazon.dynamodb.services.local.server.LocalDynamoDBServerHandler;

/// DynamoDB Local in memory on 127.0.0.1. Every region and every credential sees the same tables.
public final class DynamoLocal implements AutoCloseable {
  private static final boolean IN_MEMORY = true;
  private static final boolean SHARED_BY_ALL_CREDENTIALS = true;
  private static final boolean SLOW_STATUS_CHANGES = false;

  private final Server server;
  private final ServerConnector door;
  private volatile @Nullable LocalDynamoDBRequestHandler handler;

  private DynamoLocal(Server server, ServerConnector door) {
    this.server = server;
    this.door = door;
  }

  /// Starts one without tables.
  ///
  /// @param port 0 for a free one
  /// @throws IllegalStateException in one clear line if the port is taken
  public static DynamoLocal start(int port) {
    DynamoLocal dynamo = listen(port);
    dynamo.serve(List.of());
    return dynamo;
  }

  /// Listens, so that callers can connect already; their calls wait for [#serve].
  ///
  /// @param port 0 for a free one
  /// @throws IllegalStateException in one clear line if the port is taken
  static DynamoLocal listen(int port) {
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
    return new DynamoLocal(server, door);
  }

  /// Makes the tables, then answers.
  ///
  /// @throws IllegalStateException in one clear line if it cannot
  void serve(List<Template.Table> tables) {
    try {
      LocalDynamoDBRequestHandler requests =
          new LocalDynamoDBRequestHandler(
              0, IN_MEMORY, null, SHARED_BY_ALL_CREDENTIALS, SLOW_STATUS_CHANGES);
      handler = requests;
      server.setHandler(new ContextHandler(new LocalDynamoDBServerHandler(requests, null)));
      server.start();
      URI aside = endpoint(server.getURI().getPort());
      tables.forEach(table -> createTable(aside, table.name(), table.key(), table.timeToLive()));
      server.addConnector(door);
      door.start();
    } catch (Exception e) {
      throw failed(port(), e);
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
    createTable(endpoint(), name, key, ttl);
  }

  private static void createTable(URI endpoint, String name, String key, String ttl) {
    try (DynamoDbClient client = client(endpoint)) {
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
      client.updateTimeToLive(
          change ->
              change
                  .tableName(name)
                  .timeToLiveSpecification(spec -> spec.attributeName(ttl).enabled(true)));
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
