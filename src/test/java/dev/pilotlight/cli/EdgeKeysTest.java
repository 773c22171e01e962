package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.access.ApiKey;
import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// `pilotlight keys` on a stack with a distribution prints the calls that change its store.
final class EdgeKeysTest {
  private static final String STORE = "arn:aws:cloudfront::1:key-value-store/s1";
  private static final String ETAG =
      "etag=$(aws cloudfront-keyvaluestore describe-key-value-store --kvs-arn='"
          + STORE
          + "' --query=ETag --output=text)\n";

  private static final String DIGEST = "-" + "d".repeat(42);

  @SuppressWarnings("NullAway.Init")
  private TestAws aws;

  @SuppressWarnings("NullAway.Init")
  private TestStack stack;

  @BeforeEach
  void start() throws IOException {
    aws = new TestAws();
    stack = new TestStack(aws);
    aws.put("TransactWriteItems", 200, "{}");
    describe(output("ClientsTable", "c1") + output("EdgeKeyStore", STORE));
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  @Test
  void aNewKeysEntryHasItsRights() {
    tenant();
    TestRun run = keys("create", "ada", "--model", "m", "--model", "it's", "--route", "results");
    ApiKey key = Objects.requireNonNull(ApiKey.parse(run.out().strip()));
    assertThat(run.err())
        .endsWith(
            "the distribution refuses the key until these lines are run:\n"
                + ETAG
                + put(key.digest())
                + "'{\"state\":\"live\",\"tenant\":\"ada\",\"generation\":2,"
                + "\"models\":[\"m\",\"it'\\''s\"],\"routes\":[\"results\"]}'\n")
        .doesNotContain(run.out().strip());
  }

  @Test
  void aKeyWithAllRightsHasNoLists() {
    tenant();
    assertThat(keys("create", "ada").err())
        .endsWith("'{\"state\":\"live\",\"tenant\":\"ada\",\"generation\":2}'\n");
  }

  @Test
  void aRevokedKeysEntryIsDeleted() {
    aws.put("GetItem", 200, item("\"digest\":{\"S\":\"" + DIGEST + "\"},"));
    assertThat(keys("revoke", "ada", "dddddddd").err())
        .isEqualTo(
            "the distribution still answers the key from its cache until these lines are run:\n"
                + ETAG
                + "aws cloudfront-keyvaluestore delete-key --kvs-arn='"
                + STORE
                + "' --if-match=\"$etag\" --key="
                + DIGEST
                + "\n");
  }

  @Test
  void bothEntriesOfARotationAreWritten() {
    aws.put(
        "GetItem",
        200,
        item("\"digest\":{\"S\":\"%s\"},\"expires\":{\"N\":\"4000000000\"},".formatted(DIGEST)));
    String lines = keys("rotate", "ada", "dddddddd").err();
    assertThat(lines.split("put-key", -1)).hasSize(3);
    assertThat(lines)
        .contains("the distribution refuses the key until", "--key=" + DIGEST)
        .endsWith(
            put(DIGEST)
                + "'{\"state\":\"live\",\"tenant\":\"ada\",\"generation\":2,"
                + "\"expires\":4000000000}'\n");
  }

  @Test
  void withoutADistributionNothingIsPrinted() {
    describe(output("ClientsTable", "c1"));
    tenant();
    assertThat(keys("create", "ada").err()).doesNotContain("distribution");
  }

  private static String put(String digest) {
    return "aws cloudfront-keyvaluestore put-key --kvs-arn='"
        + STORE
        + "' --if-match=\"$etag\" --key="
        + digest
        + " --value=";
  }

  private void tenant() {
    aws.put("GetItem", 200, item(""));
  }

  private static String item(String more) {
    return ("{\"Item\":{\"pk\":{\"S\":\"tenant#ada\"},\"sk\":{\"S\":\"tenant\"},%s"
            + "\"state\":{\"S\":\"live\"},\"generation\":{\"N\":\"2\"}}}")
        .formatted(more);
  }

  private TestRun keys(String... arguments) {
    String[] all = new String[arguments.length + 3];
    all[0] = "keys";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    all[arguments.length + 1] = "--stack";
    all[arguments.length + 2] = "ours";
    TestRun run = stack.run(TestProject.SOMEBODY, "eu-west-1", all);
    assertThat(run.exitCode()).as(run.toString()).isZero();
    return run;
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
}
