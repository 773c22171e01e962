package dev.pilotlight.local;

import java.net.URI;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.handler.ContextHandler;
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
  private final LocalDynamoDBRequestHandler handler;
  private final int port;

  private DynamoLocal(Server server, LocalDynamoDBRequestHandler handler, int port) {
    this.server = server;
    this.handler = handler;
    this.port = port;
  }

  /// Starts one without tables.
  ///
  /// @param port 0 for a free one
  /// @throws IllegalStateException in one clear line if the port is taken
  public static DynamoLocal start(int port) {
    Ports.requireFree("DynamoDB Local", port);
    // not its own runner, which binds every interface
    Server server = new Server(Ports.address(port));
    try {
      LocalDynamoDBRequestHandler handler =
          new LocalDynamoDBRequestHandler(
              0, IN_MEMORY, null, SHARED_BY_ALL_CREDENTIALS, SLOW_STATUS_CHANGES);
      server.setHandler(new ContextHandler(new LocalDynamoDBServerHandler(handler, null)));
      server.start();
      return new DynamoLocal(server, handler, server.getURI().getPort());
    } catch (Exception e) {
      throw new IllegalStateException(
          "DynamoDB Local did not start on port " + port + ": " + e.getMessage(), e);
    }
  }

  public int port() {
    return port;
  }

  public URI endpoint() {
    return URI.create("http://" + Ports.HOST + ":" + port);
  }

  /// A client for whoever looks into the tables; the caller closes it.
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
    try (DynamoDbClient client = client()) {
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
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("DynamoDB Local did not stop", e);
    } finally {
      handler.shutdown();
    }
  }
}
