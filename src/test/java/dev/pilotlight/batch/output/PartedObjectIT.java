package dev.pilotlight.batch.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BucketClient;
import dev.pilotlight.batch.s3.OutputBucket;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.suite.OnlyInFaults;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PartedObjectIT extends OutputBucket {
  private static final String TAILS = ".pilotlight/batches/b/out-";

  @ParameterizedTest
  @ValueSource(ints = 1)
  void aKilledWriterIsGoneOnWithByteForByte(int seed) {
    String key = "killed-" + seed;
    byte[] all = noise(seed, 3 * PART + 12_345);
    Upload sealed = writeWithKills(key, all, new Random(seed));
    assertThat(sealed.bytes()).isEqualTo(all.length);

    object(key).complete(sealed);

    assertThat(read(key)).isEqualTo(all);
    // all others were begun by a writer that was killed before it saved their ids
    new Leftovers(bucket()).deleteAll(TAILS);
    assertThat(keys(TAILS)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 3, 4, 5, 6})
  @OnlyInFaults
  void aWriterThatIsKilledElsewhereIsGoneOnWithByteForByte(int seed) {
    aKilledWriterIsGoneOnWithByteForByte(seed);
  }

  @ParameterizedTest
  @ValueSource(ints = {7, 8})
  void spoiledCallsSpoilNothing(int seed) {
    String key = "spoiled-" + seed;
    Random random = new Random(seed);
    between.rule(
        call ->
            switch (random.nextInt(10)) {
              case 0 -> new Fate.Fail(503, "");
              case 1 -> new Fate.Cut();
              default -> new Fate.Pass();
            });
    byte[] all = noise(seed, 2 * PART + 77);
    Upload sealed = writeWithKills(key, all, new Random(seed));
    object(key).complete(sealed);
    object(key).complete(sealed);
    assertThat(read(key)).isEqualTo(all);
    new Leftovers(bucket()).abortUploads(List.of(key), Set.of());
    new Leftovers(bucket()).deleteAll(TAILS);
    assertThat(uploads(key)).isEmpty();
    assertThat(keys(TAILS)).isEmpty();
  }

  /// As the runner does it, but that each step may be the last of its writer.
  private Upload writeWithKills(String key, byte[] all, Random random) {
    Upload kept = Upload.NONE;
    for (long checkpoint = 1; ; ) {
      PartedObject writer = new PartedObject(object(key), TAILS, PART, kept);
      int at = (int) kept.bytes();
      while (at < all.length && random.nextInt(12) > 0) {
        int next = Math.min(all.length, at + random.nextInt(PART / 4));
        writer.append(Arrays.copyOfRange(all, at, next));
        at = next;
        if (writer.hasPart() || random.nextInt(3) == 0) {
          Upload saved = writer.save(checkpoint);
          if (random.nextInt(6) == 0) {
            break; // before it was kept
          }
          kept = saved;
          checkpoint++;
          writer.discardOld();
          assertThat(keys(TAILS)).containsAll(kept.tail().stream().toList());
        }
      }
      if (at == all.length && random.nextInt(3) > 0) {
        return writer.seal();
      }
    }
  }

  @Test
  void aWriterThatIsNotKilledLeavesNoTail() {
    String tails = ".pilotlight/batches/steady/out-";
    PartedObject writer = new PartedObject(object("steady"), tails, PART, Upload.NONE);
    for (int i = 0; i < 5; i++) {
      writer.append(noise(i, 1_000));
      Upload saved = writer.save(i);
      writer.discardOld();
      assertThat(keys(tails)).containsExactlyElementsOf(saved.tail().stream().toList());
      assertThat(writer.save(i + 10)).as("nothing was appended").isEqualTo(saved);
    }
    Upload sealed = writer.seal();
    assertThat(sealed.tail()).isEmpty();
    assertThat(keys(tails)).as("until that is kept").hasSize(1);
    writer.discardOld();
    assertThat(keys(tails)).isEmpty();
    object("steady").complete(sealed);
    assertThat(uploads("steady")).isEmpty();
  }

  @Test
  void aWriterThatWasTakenForDeadDoesNotOverwriteTheTailOfAnother() {
    PartedObject dead = new PartedObject(object("dead"), TAILS, PART, Upload.NONE);
    PartedObject living = new PartedObject(object("dead"), TAILS, PART, Upload.NONE);
    living.append(noise(1, 500));
    Upload kept = living.save(1);
    dead.append(noise(2, 400));
    var _ = dead.save(1);

    assertThat(read(kept.tail().orElseThrow())).isEqualTo(noise(1, 500));
  }

  @Test
  void unsavedObjectsAreDeleted() {
    String tails = ".pilotlight/batches/abandoned/out-";
    PartedObject writer = new PartedObject(object("abandoned"), tails, PART, Upload.NONE);
    writer.append(noise(1, PART));
    writer.append(noise(2, 10));
    var _ = writer.save(1);
    writer.append(noise(3, 10));
    var _ = writer.save(2);
    assertThat(uploads("abandoned")).hasSize(1);
    assertThat(keys(tails)).hasSize(1);

    writer.abandon();

    assertThat(uploads("abandoned")).isEmpty();
    assertThat(keys(tails)).isEmpty();
  }

  @Test
  void savedObjectsStayWhenUnsavedOnesAreDeleted() {
    String tails = ".pilotlight/batches/half/out-";
    byte[] all = noise(4, PART + 20);
    PartedObject writer = new PartedObject(object("half"), tails, PART, Upload.NONE);
    writer.append(Arrays.copyOf(all, PART));
    var _ = writer.save(1);
    writer.append(Arrays.copyOfRange(all, PART, PART + 10));
    Upload kept = writer.save(2);
    writer.discardOld();
    writer.append(Arrays.copyOfRange(all, PART + 10, PART + 20));
    var _ = writer.save(3);

    writer.abandon();

    assertThat(keys(tails)).containsExactlyElementsOf(kept.tail().stream().toList());
    PartedObject next = new PartedObject(object("half"), tails, PART, kept);
    next.append(Arrays.copyOfRange(all, PART + 10, PART + 20));
    object("half").complete(next.seal());
    assertThat(read("half")).isEqualTo(all);
  }

  @Test
  void whereNothingIsAppendedNothingIsUploaded() {
    PartedObject writer = new PartedObject(object("nothing"), TAILS, PART, Upload.NONE);
    assertThat(writer.save(1)).isEqualTo(Upload.NONE);
    assertThat(writer.seal()).isEqualTo(Upload.NONE);
    assertThat(between.calls()).isEmpty();
  }

  @Test
  void anAppendThatIsLargerThanAPartIsOnePart() {
    PartedObject writer = new PartedObject(object("large"), TAILS, PART, Upload.NONE);
    writer.append(noise(1, 10));
    writer.append(noise(2, 2 * PART));
    assertThat(writer.hasPart()).isTrue();
    Upload saved = writer.save(1);
    assertThat(saved.eTags()).hasSize(1);
    assertThat(saved.bytes()).isEqualTo(2 * PART + 10);
    assertThat(writer.hasPart()).isFalse();
  }

  @Test
  void objectHasItsTypeAndVersion() {
    PartedObject writer = new PartedObject(object("marked"), TAILS, PART, Upload.NONE);
    writer.append(noise(1, 10));
    object("marked").complete(writer.seal());

    var head = s3.headObject(h -> h.bucket(NAME).key("marked"));
    assertThat(head.contentType()).isEqualTo("application/jsonl; charset=utf-8");
    assertThat(head.metadata()).containsEntry("pilotlight-version", "v1");
  }

  @Test
  void missingUploadRestarts() {
    PartedObject writer = new PartedObject(object("aborted"), TAILS, PART, Upload.NONE);
    writer.append(noise(1, PART));
    Upload saved = writer.save(1);
    bucket().abort("aborted", saved.uploadId().orElseThrow());
    writer.append(noise(2, PART));
    assertThatThrownBy(() -> writer.save(2)).isInstanceOf(BatchException.Restart.class);
  }

  @Test
  void missingTailRestarts() {
    Upload from = new Upload(Optional.empty(), List.of(), Optional.of(TAILS + "gone"), 10);
    assertThatThrownBy(() -> new PartedObject(object("gone"), TAILS, PART, from))
        .isInstanceOf(BatchException.Restart.class)
        .hasMessageContaining(TAILS + "gone");
  }

  @Test
  void morePartsThanS3TakesAreRefusedWithTheWayOut() {
    Upload full =
        new Upload(
            Optional.of("id"), Collections.nCopies(10_000, "tag"), Optional.empty(), 1L << 35);
    PartedObject writer = new PartedObject(object("full"), TAILS, PART, full);
    writer.append(noise(1, 1));
    assertThatThrownBy(writer::seal)
        .isInstanceOfSatisfying(
            BatchException.Unreadable.class,
            e ->
                assertThat(e.publicReason())
                    .startsWith("an output file would have more than the 10000"))
        .hasMessageContaining("10000 parts")
        .hasMessageContaining("split the object")
        .hasMessageContaining("PILOTLIGHT_BATCH_PART_BYTES");
  }

  @Test
  void aSocketThatTakesNothingHoldsNobodyUp() throws Exception {
    try (ServerSocket deaf = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      URI endpoint = URI.create("http://127.0.0.1:" + deaf.getLocalPort());
      BucketClient bucket = bucket(endpoint, NAME, Duration.ofSeconds(2));
      Upload from = new Upload(Optional.of("id"), List.of(), Optional.empty(), 0);
      PartedObject writer = new PartedObject(output(bucket, "deaf"), TAILS, PART, from);
      writer.append(noise(1, 4 * PART));
      long start = System.nanoTime();
      assertThatThrownBy(() -> writer.save(1)).isInstanceOf(BatchException.Unavailable.class);
      assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
    }
  }

  @Test
  void aBucketThatIsNotThereIsNamed() {
    BucketClient none = bucket(between.endpoint(), "no-such-bucket", Duration.ofSeconds(20));
    PartedObject writer = new PartedObject(output(none, "k"), TAILS, PART, Upload.NONE);
    writer.append(noise(1, 10));
    assertThatThrownBy(() -> writer.save(1))
        .isInstanceOf(BatchException.Misconfigured.class)
        .hasMessage("the bucket no-such-bucket does not exist; s3:PutObject needs it");
  }

  @Test
  void refusedActionIsNamed() {
    between.rule(call -> new Fate.Fail(403, "<Error><Code>AccessDenied</Code></Error>"));
    PartedObject writer = new PartedObject(object("k"), TAILS, PART, Upload.NONE);
    writer.append(noise(1, 10));
    assertThatThrownBy(writer::seal)
        .isInstanceOf(BatchException.Misconfigured.class)
        .hasMessage("S3 refuses this function s3:PutObject on s3://out/k: AccessDenied");
    assertThatThrownBy(object("k")::isOurs)
        .isInstanceOf(BatchException.Misconfigured.class)
        .hasMessageContaining("s3:ListBucket");
  }

  @Test
  void aTimeOutOfS3OnASlowBodyIsRetried() {
    int[] times = {5}; // more than the SDK itself repeats
    between.rule(
        call ->
            times[0]-- > 0
                ? new Fate.Fail(400, "<Error><Code>RequestTimeout</Code></Error>")
                : new Fate.Pass());
    PartedObject writer = new PartedObject(object("slow"), TAILS, PART, Upload.NONE);
    writer.append(noise(1, 10));
    object("slow").complete(writer.seal());
    assertThat(read("slow")).isEqualTo(noise(1, 10));
  }

  private OutputObject object(String key) {
    return output(bucket(), key);
  }

  private static OutputObject output(BucketClient bucket, String key) {
    return new OutputObject(bucket, key, OutputObject.LINES, "v1");
  }
}
