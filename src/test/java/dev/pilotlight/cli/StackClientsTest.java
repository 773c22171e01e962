package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.cli.aws.AwsCalls;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.cli.clients.Bucket;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Tenants, keys and usage of a deployed stack, against a server that answers as AWS does.
final class StackClientsTest {
  private static final String LIST =
      "GET /large?encoding-type=url&max-keys=1000&prefix=results%2Fr1%2F&versions=";

  private static final String DELETE = "POST /large?delete=";

  @SuppressWarnings("NullAway.Init")
  private TestAws aws;

  @BeforeEach
  void start() throws IOException {
    aws = new TestAws();
  }

  @AfterEach
  void stop() {
    aws.close();
  }

  private TestRun run(String... arguments) {
    return new TestStack(aws).run(TestProject.SOMEBODY, "eu-west-1", arguments);
  }

  @Test
  void tablesAreThoseOfTheStack() {
    TestStack stack = new TestStack(aws);
    describe("<member><OutputKey>ClientsTable</OutputKey><OutputValue>c1</OutputValue></member>");
    aws.put(
        "Scan",
        200,
        "{\"Items\":[{\"pk\":{\"S\":\"tenant#ada\"},\"sk\":{\"S\":\"tenant\"},"
            + "\"state\":{\"S\":\"live\"},\"created\":{\"N\":\"1800000000\"}}]}");
    StringBuilder body = new StringBuilder();
    aws.on("Scan", body::append);

    TestRun run =
        stack.run(TestProject.SOMEBODY, "eu-west-1", "tenants", "list", "--stack", "ours");

    assertThat(run.exitCode()).as(run.toString()).isZero();
    assertThat(run.out()).startsWith("ada ").endsWith("no plan  created 2027-01-15T08:00:00Z\n");
    assertThat(body.toString()).contains("\"TableName\":\"c1\"");
    assertThat(aws.calls())
        .containsExactly("DescribeStacks eu-west-1/cloudformation", "Scan eu-west-1/dynamodb");
  }

  @Test
  void stackWithoutKeysIsRefused() {
    assertThat(run("tenants", "list", "--stack", "ours"))
        .isEqualTo(
            new TestRun(
                1,
                "",
                "pilotlight: the stack ours has no table of clients; deploy it with Auth=keys\n"));
  }

  @Test
  void optionsOfTheOtherPlaceAreRefused() {
    TestRun dynamo = run("tenants", "list", "--stack", "ours", "--dynamodb", "http://localhost:1");
    assertThat(dynamo.exitCode()).isEqualTo(2);
    assertThat(dynamo.err()).contains("--dynamodb and --s3 need --local");
    TestRun s3 = run("keys", "list", "ada", "--stack", "ours", "--s3", "http://localhost:1");
    assertThat(s3.exitCode()).isEqualTo(2);
    TestRun region = run("usage", "--local", "--region", "eu-west-1");
    assertThat(region.exitCode()).isEqualTo(2);
    assertThat(region.err()).contains("--region needs --stack");
    assertThat(aws.calls()).isEmpty();
  }

  @Test
  void refusalsOfDynamoDbNameTheCall() {
    TestStack stack = new TestStack(aws);
    describe("<member><OutputKey>ClientsTable</OutputKey><OutputValue>c1</OutputValue></member>");
    aws.put("Scan", 400, "{\"__type\":\"x#AccessDeniedException\",\"message\":\"not you\"}");
    assertThat(
            stack
                .run(TestProject.SOMEBODY, "eu-west-1", "tenants", "list", "--stack", "ours")
                .err())
        .isEqualTo("pilotlight: dynamodb: AccessDeniedException: not you (Scan in c1)\n");
  }

  @Test
  void allVersionsOfAnObjectAndItsMarkersAreDeleted() throws Refused {
    aws.put(
        LIST,
        200,
        """
        <ListVersionsResult>
          <DeleteMarker><Key>results/r1/a+b%C3%BC%20c</Key><VersionId>v/2</VersionId></DeleteMarker>
          <Version><Key>results/r1/a+b%C3%BC%20c</Key><VersionId>null</VersionId></Version>
        </ListVersionsResult>
        """);
    StringBuilder body = new StringBuilder();
    aws.put(DELETE, 200, "<DeleteResult/>");
    aws.on(
        DELETE,
        sent -> {
          body.append(sent);
          aws.put(LIST, 200, "<ListVersionsResult/>");
        });

    assertThat(bucket().deleteAll("results/r1/")).isEqualTo(2);
    assertThat(body.toString())
        .isEqualTo(
            "<Delete><Quiet>true</Quiet>"
                + "<Object><Key>results/r1/a b\u00fc c</Key><VersionId>null</VersionId></Object>"
                + "<Object><Key>results/r1/a b\u00fc c</Key><VersionId>v/2</VersionId></Object>"
                + "</Delete>");
    assertThat(aws.calls()).as("one call for all").hasSize(3);
  }

  @Test
  void keysThatXmlCannotWriteAreDeletedOneByOne() throws Refused {
    aws.put(
        LIST,
        200,
        "<ListVersionsResult><Version><Key>results/r1/%01%26</Key><VersionId>v</VersionId>"
            + "</Version></ListVersionsResult>");
    String path = "DELETE /large/results/r1/%01%26?versionId=v";
    aws.put(path, 204, "");
    aws.on(path, _ -> aws.put(LIST, 200, "<ListVersionsResult/>"));

    assertThat(bucket().deleteAll("results/r1/")).isOne();
    assertThat(aws.changes()).containsExactly(path);
  }

  @Test
  void versionThatS3DoesNotDeleteIsNamed() {
    aws.put(
        LIST,
        200,
        "<ListVersionsResult><Version><Key>results/r1/a</Key><VersionId>v</VersionId></Version>"
            + "</ListVersionsResult>");
    aws.put(
        DELETE,
        200,
        "<DeleteResult><Error><Key>results/r1/a</Key><Code>AccessDenied</Code>"
            + "<Message>not you</Message></Error></DeleteResult>");
    assertThatThrownBy(() -> bucket().deleteAll("results/r1/"))
        .isInstanceOf(Refused.class)
        .hasMessage("s3: AccessDenied: not you (results/r1/a in large)");
  }

  @Test
  void listWithAnotherKeyDeletesNothing() {
    aws.put(
        LIST,
        200,
        "<ListVersionsResult><Version><Key>results/r10/a</Key><VersionId>v</VersionId></Version>"
            + "</ListVersionsResult>");
    assertThatThrownBy(() -> bucket().deleteAll("results/r1/"))
        .isInstanceOf(Refused.class)
        .hasMessageContaining("outside of results/r1/");
    assertThat(aws.changes()).isEmpty();
  }

  private Bucket bucket() {
    AwsCalls calls = new AwsCalls(TestProject.SOMEBODY, Optional.of(aws.endpoint()), Duration.ZERO);
    return new Bucket(calls, "eu-west-1", "large");
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
