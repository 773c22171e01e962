package dev.pilotlight.cli.edge;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.access.ApiKey;
import dev.pilotlight.cli.TestAws;
import dev.pilotlight.cli.TestRun;
import dev.pilotlight.cli.TestStack;
import dev.pilotlight.local.dynamo.DynamoLocal;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.services.dynamodb.DynamoDbClient;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// A stack with a distribution, and its table of clients in DynamoDB Local with a tenant `ada`.
public final class TestEdge implements AutoCloseable {
  /// The entry of a key with all rights.
  static final String ADA = "{\"state\":\"live\",\"tenant\":\"ada\",\"generation\":0}";

  static final String DENIED = "cloudfront-keyvaluestore: AccessDeniedException: not allowed\n";
  private static final AtomicInteger TABLES = new AtomicInteger();
  private static final AwsCredentials SOMEBODY =
      AwsBasicCredentials.create(TestEdgeStore.ID, TestEdgeStore.SECRET);

  private final String table = "clients-" + TABLES.incrementAndGet();
  private final DynamoDbClient client;
  private final TestAws aws = new TestAws();
  private final TestStack stack = new TestStack(aws);
  private final TestEdgeStore store = new TestEdgeStore(aws);

  /// @param dynamo which the caller closes; the table is this stack's
  public TestEdge(DynamoLocal dynamo) throws IOException {
    client = dynamo.client();
    dynamo.createTable(table, List.of("pk", "sk"), "expires_at");
    aws.forwardDynamoDb(dynamo.endpoint());
    withDistribution();
    assertThat(run("tenants", "create", "ada").exitCode()).isZero();
  }

  TestEdgeStore store() {
    return store;
  }

  /// The environment of a process that calls this stack.
  public Map<String, String> environment() {
    return Map.of(
        "AWS_ENDPOINT_URL",
        aws.endpoint().toString(),
        "AWS_REGION",
        "eu-west-1",
        "AWS_ACCESS_KEY_ID",
        TestEdgeStore.ID,
        "AWS_SECRET_ACCESS_KEY",
        TestEdgeStore.SECRET);
  }

  /// The stack has a distribution.
  void withDistribution() {
    describe(output("ClientsTable", table) + output("EdgeKeyStore", TestEdgeStore.ARN));
  }

  /// The stack has no distribution.
  void withoutDistribution() {
    describe(output("ClientsTable", table));
  }

  /// Requires success.
  TestRun keys(String... arguments) {
    TestRun run = run("keys", arguments);
    assertThat(run.exitCode()).as(run.toString()).isZero();
    return run;
  }

  TestRun run(String command, String... arguments) {
    return run(SOMEBODY, command, arguments);
  }

  TestRun run(AwsCredentials credentials, String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--stack", "ours"));
    return stack.run(
        StaticCredentialsProvider.create(credentials), "eu-west-1", all.toArray(new String[0]));
  }

  /// A key that the stack had before its distribution.
  public ApiKey oldKey(String... arguments) {
    ApiKey key = newKey(arguments);
    store.entries().remove(key.digest());
    return key;
  }

  /// A key that is also at the distribution.
  ApiKey newKey(String... arguments) {
    List<String> all = new ArrayList<>(List.of("create", "ada"));
    all.addAll(List.of(arguments));
    return key(keys(all.toArray(new String[0])));
  }

  /// The key that a run printed.
  static ApiKey key(TestRun run) {
    return Objects.requireNonNull(ApiKey.parse(run.out().strip()));
  }

  /// The item that the function reads.
  Map<String, AttributeValue> item(ApiKey key) {
    return get("key#" + key.digest(), "key");
  }

  Map<String, AttributeValue> get(String pk, String sk) {
    return client
        .getItem(get -> get.tableName(table).key(Map.of("pk", fromS(pk), "sk", fromS(sk))))
        .item();
  }

  /// Changes an attribute without the command.
  void set(String pk, String sk, String name, AttributeValue value) {
    Map<String, AttributeValue> item = new HashMap<>(get(pk, sk));
    item.putAll(Map.of("pk", fromS(pk), "sk", fromS(sk), name, value));
    client.putItem(put -> put.tableName(table).item(item));
  }

  /// The tenant's deletion has begun, so long ago that it waits for nothing.
  void beginDeletion() {
    set("tenant#ada", "tenant", "state", fromS("deleted"));
    set("tenant#ada", "tenant", "generation", fromN("1"));
    set("tenant#ada", "erasure", "begun", fromN("1"));
  }

  private static String output(String name, String value) {
    return "<member><OutputKey>%s</OutputKey><OutputValue>%s</OutputValue></member>"
        .formatted(name, value);
  }

  private void describe(String outputs) {
    aws.put(
        "DescribeStacks",
        200,
        """
        <DescribeStacksResponse><DescribeStacksResult><Stacks><member><Parameters/>
        <Outputs>%s</Outputs></member></Stacks></DescribeStacksResult></DescribeStacksResponse>
        """
            .formatted(outputs));
  }

  @Override
  public void close() {
    aws.close();
    client.close();
  }
}
