package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.access.ApiKey;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
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
            "CloudFront refuses the new key until you run these commands:\n"
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
            "CloudFront still serves cached answers to this key; run these commands to stop it:\n"
                + delete(DIGEST));
    assertThat(aws.calls()).filteredOn(call -> call.startsWith("GetItem")).hasSize(1);
  }

  @Test
  void theEntriesOfADeletedTenantsKeysAreDeleted() {
    aws.put("GetItem", 200, item(""));
    aws.put("Query", 200, "{\"Items\":[%s,%s]}".formatted(listed("a"), listed("b")));
    TestRun run = run("tenants", "delete", "ada", "--yes");
    assertThat(run.err())
        .as("also if nothing else is erased yet")
        .startsWith(
            "CloudFront still serves cached answers to the tenant's keys; run these commands to"
                + " stop it:\n"
                + delete("a".repeat(43))
                + delete("b".repeat(43)));
    assertThat(run.exitCode()).isOne();
  }

  @Test
  void bothEntriesOfARotationAreWritten() {
    aws.put(
        "GetItem",
        200,
        item("\"digest\":{\"S\":\"%s\"},\"expires\":{\"N\":\"4000000000\"},".formatted(DIGEST)));
    long end = Instant.now().plus(Duration.ofHours(24)).getEpochSecond();
    String lines = keys("rotate", "ada", "dddddddd").err();
    assertThat(lines.split("put-key", -1)).hasSize(3);
    assertThat(lines)
        .contains("CloudFront refuses the new key until", "\"expires\":4000000000}")
        .contains("CloudFront still has the old expiry; run these commands to update it:\n");
    String entry = lines.substring(lines.indexOf(put(DIGEST)) + put(DIGEST).length());
    assertThat(entry)
        .matches("'\\{\"state\":\"live\",\"tenant\":\"ada\",\"generation\":2,\"expires\":\\d+}'\n");
    assertThat(Long.parseLong(entry.replaceAll(".*:(\\d+)}'\n", "$1"))).isBetween(end, end + 60);
  }

  @Test
  void aKeyThatExpiresWithinTheOverlapKeepsItsEntry() {
    long end = Instant.now().plus(Duration.ofHours(1)).getEpochSecond();
    aws.put(
        "GetItem",
        200,
        item("\"digest\":{\"S\":\"%s\"},\"expires\":{\"N\":\"%d\"},".formatted(DIGEST, end)));
    String lines = keys("rotate", "ada", "dddddddd").err();
    assertThat(lines)
        .contains("CloudFront refuses the new key until", "the key dddddddd expires at ")
        .doesNotContain("old expiry", put(DIGEST));
  }

  @Test
  void aKeyWhoseEntryIsTooLongIsNotMade() {
    tenant();
    String[] create = new String[22];
    Arrays.fill(create, "--model");
    create[0] = "create";
    create[1] = "ada";
    for (int i = 3; i < create.length; i += 2) {
      create[i] = "m".repeat(100);
    }
    TestRun run = run("keys", create);
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .contains("the key's entry at the distribution would have 1108 characters with an expiry")
        .contains("accepted: up to 1024; list fewer models");
    assertThat(aws.calls()).noneMatch(call -> call.startsWith("TransactWriteItems"));
  }

  @Test
  void aKeyOfManyModelsIsReplacedByOneWithFewer() {
    String model = "\"%s\"".formatted("m".repeat(100));
    String models = String.join(",", Collections.nCopies(10, model));
    aws.put(
        "GetItem",
        200,
        item("\"digest\":{\"S\":\"d\"},\"models\":{\"SS\":[%s]},".formatted(models)));
    TestRun run = run("keys", "rotate", "ada", "dddddddd");
    assertThat(run.exitCode()).isOne();
    assertThat(run.err())
        .contains("make a key with fewer models by keys create, and revoke this one");
    assertThat(aws.calls()).noneMatch(call -> call.startsWith("TransactWriteItems"));
  }

  @Test
  void withoutADistributionNothingIsPrinted() {
    describe(output("ClientsTable", "c1"));
    tenant();
    assertThat(keys("create", "ada").err()).doesNotContain("CloudFront");
  }

  private static String put(String digest) {
    return "aws cloudfront-keyvaluestore put-key --kvs-arn='"
        + STORE
        + "' --if-match=\"$etag\" --key="
        + digest
        + " --value=";
  }

  private static String delete(String digest) {
    return ETAG
        + "aws cloudfront-keyvaluestore delete-key --kvs-arn='"
        + STORE
        + "' --if-match=\"$etag\" --key="
        + digest
        + "\n";
  }

  private static String listed(String character) {
    return ("{\"pk\":{\"S\":\"tenant#ada\"},\"sk\":{\"S\":\"key#%s\"},"
            + "\"state\":{\"S\":\"live\"},\"digest\":{\"S\":\"%s\"}}")
        .formatted(character.repeat(8), character.repeat(43));
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
    TestRun run = run("keys", arguments);
    assertThat(run.exitCode()).as(run.toString()).isZero();
    return run;
  }

  private TestRun run(String command, String... arguments) {
    List<String> all = new ArrayList<>(List.of(command));
    all.addAll(List.of(arguments));
    all.addAll(List.of("--stack", "ours"));
    return stack.run(TestProject.SOMEBODY, "eu-west-1", all.toArray(new String[0]));
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
