package dev.pilotlight.cli.clients;

import static org.assertj.core.api.Assertions.assertThat;
import static software.amazon.awssdk.services.dynamodb.model.AttributeValue.fromS;

import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.cli.breaker.Refused;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.files.DayIndex;
import dev.pilotlight.files.FileIds;
import dev.pilotlight.files.FileSettings;
import dev.pilotlight.files.FileStore;
import dev.pilotlight.files.Files;
import dev.pilotlight.files.Files.Order;
import dev.pilotlight.files.NewFile;
import dev.pilotlight.files.StoredFile;
import dev.pilotlight.local.dynamo.DynamoLocal;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.client.EmulatedClients;
import dev.pilotlight.store.packed.PackKeys;
import dev.pilotlight.support.Settings;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

/// The deletion of a tenant that has files, uploads and batches of OpenAI's API.
@Timeout(120)
final class ErasureIT implements AutoCloseable {
  private static final String LARGE = "pilotlight-large-results";
  private static final String IN = "pilotlight-in";
  private static final String OUT = "pilotlight-out";
  private static final String CLIENTS = "pilotlight-clients";
  private static final String RESULTS = "pilotlight-results";
  private static final Duration DAYS = Duration.ofDays(30);

  private final DynamoLocal dynamo = DynamoLocal.start(0);
  private final S3Local s3 = S3Local.start(0, LARGE, IN, OUT);
  private final Clients aws =
      EmulatedClients.of(
          StoreSettings.from(new Settings(Map.of())),
          Map.of("DYNAMODB", dynamo.endpoint(), "S3", s3.endpoint()));

  ErasureIT() {
    dynamo.createTable(CLIENTS, List.of("pk", "sk"), "expires_at");
    dynamo.createTable(RESULTS, "pk", "expires_at");
    s3.keepVersions(OUT);
  }

  @AfterEach
  @Override
  public void close() {
    aws.close();
    dynamo.close();
    s3.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void filesUploadsAndBatchesOfTheApiAreErasedInAllGenerations(boolean folders) throws Exception {
    create();
    erasure(folders).delete("ada");
    create(); // the second generation
    FileStore files = new FileStore(new FileSettings(OUT, 1_000, 0, DAYS), RESULTS, aws);
    for (String owner : List.of("key:ada", "key:ada#1", "key:adaline", "stack:ada")) {
      apiBatch(owner, file(files, owner).id(), folders && owner.startsWith("key:ada#"));
    }
    Erasure.Report report = erasure(folders).delete("ada");

    assertThat(report.results())
        .as("file, its day, upload, batch, its day")
        .isEqualTo(folders ? 11 : 10);
    for (String each : List.of("key:ada", "key:ada#1")) {
      assertThat(files.files().list(each, null, null, 10, Order.ASC, Deadline.in(DAYS)))
          .hasValue(new Files.Page(List.of(), false));
    }
    assertThat(rows()).as("6 rows of each other one, and a cancellation").hasSize(14);
    assertThat(rows())
        .noneMatch(item -> item.toString().contains("key:ada)"))
        .noneMatch(item -> item.toString().contains("key:ada#"))
        .noneMatch(item -> item.toString().contains(FileIds.folder("key:ada")))
        .noneMatch(item -> item.toString().contains(FileIds.folder("key:ada#1")));
    assertThat(objects(IN)).hasSize(2).allMatch(key -> key.startsWith("openai/"));
    assertThat(objects(OUT)).as("file, part, summary, tail, shard of each").hasSize(10);
    assertThat(versions(OUT)).as("nothing is kept as an old version").isEqualTo(10);
    assertThat(objects(LARGE))
        .containsExactlyInAnyOrder(
            PackKeys.ofOwner("key:adaline") + "p", PackKeys.ofOwner("stack:ada") + "p");
  }

  private void create() throws Refused {
    Place place = Place.local(dynamo.endpoint(), s3.endpoint(), true);
    new TenantRows(place.clients()).create("ada", "", List.of(), Instant.now());
  }

  private Erasure erasure(boolean folders) {
    Place place = Place.local(dynamo.endpoint(), s3.endpoint(), folders);
    return new Erasure(place, Instant::now, _ -> {}, _ -> {});
  }

  private static StoredFile file(FileStore files, String owner) {
    Deadline end = Deadline.in(Duration.ofSeconds(20));
    NewFile asked = new NewFile("a.jsonl", null, "expires_after");
    String upload = files.uploads().begin(owner, asked, 4, end).id();
    files.uploads().add(owner, upload, new byte[2], end);
    return files.add(owner, asked, new byte[2], end);
  }

  /// The rows and objects of a batch that runs, as the function writes them.
  private void apiBatch(String owner, String file, boolean inFolder) {
    String id = FileIds.random("batch_");
    String key = (inFolder ? "ada/" : "") + "openai/" + id + ".jsonl";
    object(IN, key);
    object(OUT, key + ".summary.json");
    String job = new ObjectVersion(IN, key, "", "", -1, "").batchId();
    object(OUT, ".pilotlight/batches/" + job + "/out-1");
    object(OUT, ".pilotlight/shards/" + job + "/1/out");
    object(LARGE, PackKeys.ofOwner(owner) + "p");
    Map<String, AttributeValue> row = new HashMap<>();
    row.put("pk", fromS("openai-batch#" + id));
    row.put("owner", fromS(owner));
    row.put("input_file", fromS(file));
    row.put("bucket", fromS(IN));
    row.put("key", fromS(key));
    put(row);
    var days = new DayIndex(aws::dynamo, RESULTS, "batches", 32, InstantSource.system());
    days.add(owner, Instant.now(), id, Deadline.in(Duration.ofSeconds(20)));
    row.put("pk", fromS("batch#" + job));
    row.put("owner", fromS("of the lease"));
    put(row);
    put(Map.of("pk", fromS("cancel#" + job)));
  }

  private int versions(String bucket) {
    var list = aws.s3().listObjectVersions(versions -> versions.bucket(bucket));
    return list.versions().size() + list.deleteMarkers().size();
  }

  private void object(String bucket, String key) {
    aws.s3().putObject(put -> put.bucket(bucket).key(key), RequestBody.fromString("x"));
  }

  private List<String> objects(String bucket) {
    return aws.s3().listObjectsV2(list -> list.bucket(bucket)).contents().stream()
        .map(object -> object.key())
        .toList();
  }

  private void put(Map<String, AttributeValue> item) {
    aws.dynamo().putItem(put -> put.tableName(RESULTS).item(item));
  }

  private List<Map<String, AttributeValue>> rows() {
    return aws.dynamo().scan(scan -> scan.tableName(RESULTS)).items();
  }
}
