package dev.pilotlight.store.packed;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.domain.StoredResult;
import dev.pilotlight.domain.packed.PackedId;
import dev.pilotlight.local.s3.S3Local;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/// Results in packs are found by their ids alone, with three requests to S3.
final class PacksIT {
  private static final String BUCKET = "large";
  private static final String PLACE = PackKeys.place("a version");
  private static final Instant CREATED = Instant.parse("2026-11-30T01:00:00Z");
  private static final S3Local SERVER = S3Local.start(0, BUCKET);
  private static final S3Client S3 = SERVER.client();

  @AfterAll
  static void stop() {
    S3.close();
    SERVER.close();
  }

  @Test
  void eachLineLeadsToItsPackAndItsBytes() {
    String tenant = "key:ada";
    for (int first = 1; first <= 2_001; first += 500) {
      PackBuilder pack = new PackBuilder(tenant, PLACE);
      for (int line = first; line < first + 500; line++) {
        pack.add(line, result(tenant, line, Duration.ofDays(1)));
      }
      put(pack.take());
    }
    for (int line : new int[] {1, 2, 499, 500, 501, 1_000, 1_001, 2_500}) {
      Meter meter = new Meter();
      PackedId id = new PackedId(key(line), PLACE, line);
      StoredResult found = reader(CREATED).find(id, tenant, meter).orElseThrow();
      assertThat(meter.gets()).as("an index and a value").isEqualTo(2);
      StoredResult wanted = result(tenant, line, Duration.ofDays(1));
      assertThat(found.value()).isEqualTo(wanted.value());
      assertThat(found.model()).isEqualTo("model-%d".formatted(line % 3));
      assertThat(found.version()).isEqualTo("1");
      assertThat(found.created()).isEqualTo(CREATED);
      assertThat(found.timeToLive()).isEqualTo(Duration.ofDays(1));
    }
    assertThat(find(tenant, 2_501, CREATED)).as("after the last line").isEmpty();
    assertThat(reader(CREATED).find(new PackedId(key(7), PLACE, 8), tenant, new Meter()))
        .as("a key of another line's result is in the same pack")
        .isPresent();
    assertThat(reader(CREATED).find(new PackedId(key(7), PLACE, 501), tenant, new Meter()))
        .isEmpty();
  }

  @Test
  void packIsItsTenantsAloneAndOfItsGeneration() {
    PackBuilder pack = new PackBuilder("key:bob", PLACE);
    pack.add(1, result("key:bob", 1, Duration.ofDays(1)));
    put(pack.take());
    assertThat(find("key:bob", 1, CREATED)).isPresent();
    for (String other : new String[] {"key:bob#1", "key:bo", "key:ada#9", ""}) {
      Meter meter = new Meter();
      assertThat(reader(CREATED).find(new PackedId(key(1), PLACE, 1), other, meter)).isEmpty();
      assertThat(meter.gets()).as("nothing of another's is fetched").isZero();
    }
  }

  @Test
  void packThatAFormerOwnerLeftHidesNothing() {
    String tenant = "key:gil";
    PackBuilder left = new PackBuilder(tenant, PLACE);
    left.add(1, result(tenant, 901, Duration.ofDays(1)));
    left.add(150, result(tenant, 902, Duration.ofDays(1)));
    put(left.take());
    PackBuilder own = new PackBuilder(tenant, PLACE);
    own.add(150, result(tenant, 150, Duration.ofDays(1)));
    own.add(200, result(tenant, 200, Duration.ofDays(1)));
    put(own.take());
    assertThat(find(tenant, 150, CREATED).orElseThrow().value())
        .isEqualTo(result(tenant, 150, Duration.ofDays(1)).value());
    assertThat(find(tenant, 149, CREATED)).isEmpty();
  }

  @Test
  void expiredResultIsAbsent() {
    PackBuilder pack = new PackBuilder("key:eve", PLACE);
    pack.add(1, result("key:eve", 1, Duration.ofMinutes(5)));
    put(pack.take());
    assertThat(find("key:eve", 1, CREATED.plusSeconds(299))).isPresent();
    assertThat(find("key:eve", 1, CREATED.plusSeconds(300))).isEmpty();
  }

  @Test
  void damagedIndexHoldsNothing() {
    PackBuilder pack = new PackBuilder("key:dan", PLACE);
    pack.add(1, result("key:dan", 1, Duration.ofDays(1)));
    PackBuilder.Ready ready = pack.take();
    ready.pack().bytes()[20] ^= 1;
    put(ready);
    assertThat(find("key:dan", 1, CREATED)).isEmpty();
  }

  @Test
  void foreignObjectUnderThePrefixIsIgnored() {
    String key = PackKeys.ofBatch("key:fay", PLACE) + "0000000000009";
    S3.putObject(put -> put.bucket(BUCKET).key(key), RequestBody.fromString("x"));
    assertThat(find("key:fay", 9, CREATED)).isEmpty();
  }

  private static Optional<StoredResult> find(String tenant, long line, Instant now) {
    return reader(now).find(new PackedId(key(line), PLACE, line), tenant, new Meter());
  }

  private static PackReader reader(Instant now) {
    return new PackReader(S3, BUCKET, Duration.ofSeconds(20), InstantSource.fixed(now));
  }

  private static ResultKey key(long line) {
    return new ResultKey("k".repeat(36) + "%07d".formatted(line));
  }

  private static StoredResult result(String tenant, long line, Duration timeToLive) {
    byte[] value = new byte[100 + (int) (line % 7)];
    Arrays.fill(value, (byte) line);
    String model = "model-%d".formatted(line % 3);
    return new StoredResult(key(line), tenant, model, "1", value, CREATED, timeToLive);
  }

  private static void put(PackBuilder.Ready ready) {
    S3.putObject(
        put -> put.bucket(BUCKET).key(ready.key()), RequestBody.fromBytes(ready.pack().bytes()));
  }
}
