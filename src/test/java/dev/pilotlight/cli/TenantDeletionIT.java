package dev.pilotlight.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromN;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.access.ApiKey;
import dev.pilotlight.cli.clients.Erasure;
import dev.pilotlight.cli.clients.Place;
import dev.pilotlight.template.TemplateDays;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The deletion of a tenant on real tables and buckets.
@Timeout(120)
final class TenantDeletionIT extends TestClients {
  private static final String LARGE = "pilotlight-large-results";

  private final List<Instant> pauses = new ArrayList<>();
  private final List<String> steps = new ArrayList<>();

  @Test
  void erasesWhatTheTenantHasAndNothingElse() throws Exception {
    ApiKey key = keyOf("ada");
    keyOf("ad");
    result("r1", "key:ada", "");
    result("r2", "key:ada#3", "");
    result("idempotency#x", "key:ada", "results/idempotency/x/1");
    result("r3", "key:ada", "results/r3/1");
    object(LARGE, "results/r3/1");
    object(LARGE, "results/r3/2"); // of a writer that was second
    object(LARGE, "results/idempotency/x/1");
    object(LARGE, "results/r30/1");
    batch("b1", "ada/a b+ü.jsonl");
    object("pilotlight-in", "ada/a b+ü.jsonl");
    object("pilotlight-out", "ada/a b+ü.jsonl.out.jsonl");
    usage("ada");
    // of others
    result("o1", "key:ad", "");
    result("o2", "key:adaline", "");
    result("o3", "stack:ada", "");
    batch("b2", "adaline/x.jsonl");
    object("pilotlight-in", "adaline/x.jsonl");
    usage("ad");
    Instant begun = Instant.now();

    Erasure.Report report = erasure().delete("ada");

    assertThat(report).isEqualTo(new Erasure.Report(5, 5, 2, 1));
    assertThat(all(RESULTS))
        .extracting(item -> attribute(item, "pk").s())
        .containsExactlyInAnyOrder("o1", "o2", "o3", "batch#b2");
    assertThat(objects(LARGE)).containsExactly("results/r30/1");
    assertThat(objects("pilotlight-in")).containsExactly("adaline/x.jsonl");
    assertThat(objects("pilotlight-out")).isEmpty();
    assertThat(item(CLIENTS, "key#" + key.digest(), "key")).isEmpty();
    assertThat(all(CLIENTS))
        .filteredOn(item -> attribute(item, "pk").s().equals("tenant#ada"))
        .hasSize(1);
    var tenant = item(CLIENTS, "tenant#ada", "tenant");
    assertThat(attribute(tenant, "state").s()).isEqualTo("deleted");
    assertThat(attribute(tenant, "generation").n()).isEqualTo("1");
    assertThat(all(CLIENTS)).noneMatch(item -> attribute(item, "pk").s().equals("counts#ada"));
    assertThat(all(CLIENTS)).noneMatch(item -> attribute(item, "pk").s().equals("batches#ada"));
    assertThat(item(CLIENTS, "batches#", "ada")).isEmpty();
    assertThat(item(CLIENTS, "batches#", "ad")).isNotEmpty();
    assertThat(item(CLIENTS, "usage#2026-11", "ada")).isEmpty();
    assertThat(item(CLIENTS, "usage#2026-11", "ad")).isNotEmpty();
    assertThat(json(run("tenants", "show", "ad", "--json")).get("keys").asInt()).isOne();
    assertThat(pauses).hasSize(1);
    assertThat(Duration.between(begun, pauses.getFirst()))
        .isBetween(Duration.ofSeconds(133), Duration.ofSeconds(137));
  }

  @Test
  void itemThatNamesAnObjectOutsideOfItsFolderErasesNothing() {
    keyOf("ada");
    result("r1", "key:ada", "results");
    object(LARGE, "results/r2/1");
    assertThatThrownBy(() -> erasure().delete("ada"))
        .hasMessageContaining("the item r1 names the object results, which is not in results/r1/");
    assertThat(objects(LARGE)).contains("results/r2/1");
    assertThat(item(CLIENTS, "tenant#ada", "erasure")).as("it goes on later").isNotEmpty();
    aws.s3().deleteObject(delete -> delete.bucket(LARGE).key("results/r2/1"));
  }

  @Test
  void keysStopBeforeTheWait() {
    ApiKey key = keyOf("ada");
    Erasure killed = new Erasure(place(), Instant::now, _ -> throwKilled(), steps::add);
    assertThatThrownBy(() -> killed.delete("ada")).hasMessage("killed");

    assertThat(attribute(item(CLIENTS, "key#" + key.digest(), "key"), "state").s())
        .isEqualTo("revoked");
    assertThat(attribute(item(CLIENTS, "tenant#ada", "tenant"), "state").s()).isEqualTo("deleted");
    assertThat(attribute(item(CLIENTS, "tenant#ada", "tenant"), "generation").n()).isEqualTo("1");
    assertThat(run("keys", "create", "ada").err()).contains("there is no live tenant ada");
    assertThat(run("tenants", "create", "ada").err()).contains("is not erased yet");
  }

  @Test
  void stoppedDeletionRevokesAndErasesTheKeysThatItHadNot() throws Exception {
    ApiKey key = keyOf("ada");
    Erasure killed = new Erasure(place(), Instant::now, _ -> throwKilled(), steps::add);
    assertThatThrownBy(() -> killed.delete("ada")).hasMessage("killed");
    Map<String, AttributeValue> live = new HashMap<>(item(CLIENTS, "key#" + key.digest(), "key"));
    live.put("state", fromS("live"));
    put(CLIENTS, live);
    Map<String, AttributeValue> listed =
        new HashMap<>(item(CLIENTS, "tenant#ada", "key#" + key.id()));
    listed.put("state", fromS("live"));
    put(CLIENTS, listed); // as if the command had stopped before it revoked the key
    Map<String, AttributeValue> half = new HashMap<>(listed);
    half.put("sk", fromS("key#00000000"));
    half.put("digest", fromS("erased"));
    put(CLIENTS, half); // as if it had stopped before it erased the list

    assertThatThrownBy(() -> killed.delete("ada")).hasMessage("killed");
    assertThat(attribute(item(CLIENTS, "key#" + key.digest(), "key"), "state").s())
        .isEqualTo("revoked");
    assertThat(erasure().delete("ada").keys()).isEqualTo(2);
    assertThat(item(CLIENTS, "key#" + key.digest(), "key")).isEmpty();
  }

  @Test
  void stoppedDeletionGoesOnFromItsLastPage() throws Exception {
    keyOf("ada");
    for (int i = 0; i < 60; i++) {
      result("r" + i, "key:ada", "");
    }
    Erasure killed =
        new Erasure(
            place(),
            Instant::now,
            pauses::add,
            step -> {
              if (step.startsWith("erased")) {
                throw new IllegalStateException("killed");
              }
            });
    assertThatThrownBy(() -> killed.delete("ada")).hasMessage("killed");
    int left = all(RESULTS).size();
    assertThat(left).isBetween(1, 59);
    assertThat(attribute(item(CLIENTS, "tenant#ada", "erasure"), "results").n())
        .isEqualTo(Integer.toString(60 - left));

    Erasure.Report report = erasure().delete("ada");

    assertThat(report.results()).isEqualTo(60);
    assertThat(all(RESULTS)).isEmpty();
    assertThat(attribute(item(CLIENTS, "tenant#ada", "tenant"), "generation").n()).isEqualTo("1");
    assertThat(item(CLIENTS, "tenant#ada", "erasure")).isEmpty();
  }

  @Test
  void secondDeletionErasesWhatABatchHasStoredMeanwhile() throws Exception {
    keyOf("ada");
    erasure().delete("ada");
    result("late", "key:ada", "");
    object("pilotlight-out", "ada/late.out.jsonl");
    pauses.clear();

    assertThat(erasure().delete("ada")).isEqualTo(new Erasure.Report(1, 1, 0, 0));

    assertThat(pauses).allMatch(until -> until.isBefore(Instant.now()));
    assertThat(all(RESULTS)).isEmpty();
    assertThat(attribute(item(CLIENTS, "tenant#ada", "tenant"), "generation").n()).isEqualTo("1");
  }

  @Test
  void tenantOfTheSameNameHasTheNextGeneration() throws Exception {
    keyOf("ada");
    erasure().delete("ada");
    assertThat(run("tenants", "create", "ada", "--plan", "free").exitCode()).isZero();
    assertThat(attribute(item(CLIENTS, "tenant#ada", "tenant"), "generation").n()).isEqualTo("1");
    ApiKey key = keyOf("ada");
    assertThat(attribute(item(CLIENTS, "key#" + key.digest(), "key"), "generation").n())
        .isEqualTo("1");
    erasure().delete("ada");
    assertThat(attribute(item(CLIENTS, "tenant#ada", "tenant"), "generation").n()).isEqualTo("2");
  }

  @Test
  void reportListsWhatIsLeftAndUntilWhen() throws Exception {
    keyOf("ada");
    erasure().delete("ada"); // so that the command need not wait

    TestRun run = run("tenants", "delete", "ada", "--yes");

    assertThat(run.exitCode()).as(run.toString()).isZero();
    int results = TemplateDays.of("LargeResults", "results/");
    int kept = TemplateDays.of("LargeResults", "results/idempotency/");
    int files = TemplateDays.of("Out", ".pilotlight/files/");
    int parts = TemplateDays.of("Out", ".pilotlight/uploads/");
    assertThat(run.out())
        .startsWith("erased 0 results, 0 versions of objects, 0 rows of usage and 0 keys of ada\n")
        .contains("left:\n", "Redis", "large answers", "backups", "log lines", "generation")
        .contains(
            "request finds them: %d days, those kept for an idempotency-key %d days"
                .formatted(results, kept),
            "after an hour, or %d days; parts of files that were being joined: %d days"
                .formatted(files, parts),
            "backups of both tables: 35 days",
            "log lines with the tenant's name: until the retention of the log groups ends");
    assertThat(run.out()).contains("packed ones %d days".formatted(results));
    assertThat(Files.readString(Path.of("docs/cli.md")).replaceAll("\\s+", " "))
        .contains(
            "(%d days; those kept for an `Idempotency-Key` %d days)".formatted(results, kept),
            "packed results for %d days".formatted(results),
            "stay for %d days; delete the tenant again".formatted(files),
            "being completed stay for %d days.".formatted(parts));
    assertThat(Files.readString(Path.of("template.yaml")))
        .as("backups have DynamoDB's default of 35 days")
        .doesNotContain("RecoveryPeriodInDays");
    assertThat(json(run("tenants", "delete", "ada", "--yes", "--json")).get("left"))
        .hasSizeGreaterThan(4);
    assertThat(run("tenants", "delete", "eve", "--yes").err())
        .isEqualTo("pilotlight: there is no tenant eve\n");
  }

  private Erasure erasure() {
    return new Erasure(place(), Instant::now, pauses::add, steps::add);
  }

  private static Place place() {
    return Place.local(dynamo.endpoint(), s3.endpoint(), true);
  }

  private static void throwKilled() {
    throw new IllegalStateException("killed");
  }

  private static ApiKey keyOf(String tenant) {
    run("tenants", "create", tenant);
    return Objects.requireNonNull(
        ApiKey.parse(json(run("keys", "create", tenant, "--json")).get("key").asText()));
  }

  private static void result(String id, String owner, String object) {
    Map<String, AttributeValue> item = new HashMap<>();
    item.put("pk", fromS(id));
    item.put("tenant", fromS(owner));
    item.put("model", fromS("x".repeat(30_000))); // a scan has pages of a megabyte
    if (!object.isEmpty()) {
      item.put("s3_key", fromS(object));
    }
    put(RESULTS, item);
  }

  private static void batch(String id, String key) {
    put(RESULTS, Map.of("pk", fromS("batch#" + id), "key", fromS(key)));
  }

  private static void usage(String tenant) {
    String pk = "counts#" + tenant;
    put(CLIENTS, Map.of("pk", fromS(pk), "sk", fromS("usage#2026-11-01#k#m"), "items", fromN("1")));
    put(CLIENTS, Map.of("pk", fromS(pk), "sk", fromS("month#2026-11"), "items", fromN("1")));
    put(CLIENTS, Map.of("pk", fromS("usage#2026-11"), "sk", fromS(tenant)));
    put(CLIENTS, Map.of("pk", fromS("batches#" + tenant), "sk", fromS("slot#0")));
    put(CLIENTS, Map.of("pk", fromS("batches#" + tenant), "sk", fromS("wait#1#a")));
    put(CLIENTS, Map.of("pk", fromS("batches#"), "sk", fromS(tenant)));
  }

  private static void object(String bucket, String key) {
    aws.s3().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString("x"));
  }

  private static List<String> objects(String bucket) {
    return aws.s3().listObjectsV2(list -> list.bucket(bucket)).contents().stream()
        .map(object -> object.key())
        .toList();
  }
}
