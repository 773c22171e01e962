package dev.pilotlight.cli.clients;

import dev.pilotlight.cli.aws.Asked;
import dev.pilotlight.cli.aws.Aws;
import dev.pilotlight.cli.aws.AwsCalls;
import dev.pilotlight.cli.aws.AwsCalls.Call;
import dev.pilotlight.cli.aws.Urls;
import dev.pilotlight.cli.aws.XmlRows;
import dev.pilotlight.cli.breaker.Refused;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

/// The tables and buckets of a deployed stack, or of the local runner.
///
/// @param clients the table of clients
/// @param results the table of results
/// @param large the bucket of large results
/// @param in the bucket In
/// @param out the bucket Out
/// @param folders whether the first folder of a batch's key is its tenant
/// @param edge the API keys stored at the CloudFront distribution
public record Place(
    Table clients,
    Table results,
    Bucket large,
    Bucket in,
    Bucket out,
    boolean folders,
    EdgeKeys edge) {
  private static final String LOCAL_REGION = "us-east-1";
  private static final Duration PAUSE = Duration.ofMillis(500);

  /// The local runner's emulators.
  ///
  /// @param folders as in the record; the runner passes false, because its batches belong to the
  ///   stack
  public static Place local(URI dynamo, URI s3, boolean folders) {
    var anybody = StaticCredentialsProvider.create(AwsBasicCredentials.create("local", "local"));
    AwsCalls tables = new AwsCalls(anybody, Optional.of(dynamo), PAUSE);
    AwsCalls buckets = new AwsCalls(anybody, Optional.of(s3), PAUSE);
    return new Place(
        new Table(tables, LOCAL_REGION, "pilotlight-clients"),
        new Table(tables, LOCAL_REGION, "pilotlight-results"),
        new Bucket(buckets, LOCAL_REGION, "pilotlight-large-results"),
        new Bucket(buckets, LOCAL_REGION, "pilotlight-in"),
        new Bucket(buckets, LOCAL_REGION, "pilotlight-out"),
        folders,
        EdgeKeys.none());
  }

  /// A deployed stack with API keys.
  ///
  /// @throws Refused also if the stack has no API keys
  public static Place of(Aws aws, String region, String stack) throws Refused {
    Place place = ofStack(aws, region, stack);
    if (place.clients.name().isEmpty()) {
      throw new Refused(
          "the stack %s has no table of clients; deploy it with Auth=keys".formatted(stack));
    }
    return place;
  }

  /// A deployed stack with or without API keys; without, its table of clients has no name.
  public static Place ofStack(Aws aws, String region, String stack) throws Refused {
    Map<String, String> facts = facts(aws.calls(), region, stack);
    String clients = facts.getOrDefault("ClientsTable", "");
    AwsCalls calls = aws.calls();
    Table table = new Table(calls, region, clients);
    return new Place(
        table,
        new Table(calls, region, facts.getOrDefault("ResultsTable", "")),
        new Bucket(calls, region, facts.getOrDefault("LargeResultsBucket", "")),
        new Bucket(calls, region, facts.getOrDefault("InBucket", "")),
        new Bucket(calls, region, facts.getOrDefault("OutBucket", "")),
        facts.getOrDefault("BatchTenantFrom", "").equals("folder"),
        EdgeKeys.of(calls, facts.getOrDefault("EdgeKeyStore", ""), table));
  }

  private static Map<String, String> facts(AwsCalls calls, String region, String stack)
      throws Refused {
    String name = Urls.encode(stack);
    String body = "Action=DescribeStacks&Version=2010-05-15&StackName=" + name;
    String xml = known(calls.ask(Call.query("cloudformation", region, body)));
    XmlRows answer = known(XmlRows.of(xml));
    Map<String, String> facts = new HashMap<>();
    for (String kind : new String[] {"Parameter", "Output"}) {
      for (Map<String, String> row : answer.members(kind + "s")) {
        facts.put(row.getOrDefault(kind + "Key", ""), row.getOrDefault(kind + "Value", ""));
      }
    }
    return facts;
  }

  private static <T> T known(Asked<T> asked) throws Refused {
    return switch (asked) {
      case Asked.Known<T>(T value) -> value;
      case Asked.Unknown<T>(String reason) -> throw new Refused("cloudformation: " + reason);
    };
  }
}
