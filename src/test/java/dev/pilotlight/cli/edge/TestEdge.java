package dev.pilotlight.cli.edge;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.access.ApiKey;
import dev.pilotlight.cli.TestAws;
import dev.pilotlight.cli.TestRun;
import dev.pilotlight.cli.TestStack;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/// A stack with API keys, a tenant `ada` and a distribution.
public final class TestEdge implements AutoCloseable {
  /// The entry of a key with all rights.
  static final String ADA = "{\"state\":\"live\",\"tenant\":\"ada\",\"generation\":2}";

  static final String DENIED = "cloudfront-keyvaluestore: AccessDeniedException: not allowed\n";
  private static final AwsCredentials SOMEBODY =
      AwsBasicCredentials.create(TestEdgeStore.ID, TestEdgeStore.SECRET);

  private final TestAws aws = new TestAws();
  private final TestStack stack = new TestStack(aws);
  private final TestEdgeStore store = new TestEdgeStore(aws);

  public TestEdge() throws IOException {
    aws.put("TransactWriteItems", 200, "{}");
    aws.put("GetItem", 200, item(""));
    describe(output("ClientsTable", "c1") + output("EdgeKeyStore", TestEdgeStore.ARN));
  }

  TestAws aws() {
    return aws;
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

  /// The stack has no distribution.
  void withoutDistribution() {
    describe(output("ClientsTable", "c1"));
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

  /// The digest of the key that a run printed.
  static String digest(TestRun run) {
    return Objects.requireNonNull(ApiKey.parse(run.out().strip())).digest();
  }

  /// The table has these keys of the tenant.
  public void clients(String... listed) {
    aws.put("Scan", 200, "{\"Items\":[%s]}".formatted(row("")));
    aws.put("Query", 200, "{\"Items\":[%s]}".formatted(String.join(",", listed)));
  }

  /// A row of the tenant's list of keys; its id and digest repeat the character.
  ///
  /// @param more attributes, each with a comma
  public static String listed(String character, String more) {
    return ("{\"pk\":{\"S\":\"tenant#ada\"},\"sk\":{\"S\":\"key#%s\"},%s"
            + "\"state\":{\"S\":\"live\"},\"digest\":{\"S\":\"%s\"}}")
        .formatted(character.repeat(8), more, character.repeat(43));
  }

  /// The attribute of so many models.
  static String models(int count) {
    String model = "\"%s\"".formatted("m".repeat(100));
    return "\"models\":{\"SS\":[%s]},"
        .formatted(String.join(",", Collections.nCopies(count, model)));
  }

  /// The answer of a look-up.
  static String item(String more) {
    return "{\"Item\":%s}".formatted(row(more));
  }

  /// The tenant's row.
  static String row(String more) {
    return ("{\"pk\":{\"S\":\"tenant#ada\"},\"sk\":{\"S\":\"tenant\"},%s"
            + "\"state\":{\"S\":\"live\"},\"generation\":{\"N\":\"2\"}}")
        .formatted(more);
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
  }
}
