package dev.pilotlight.batch.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.ObjectVersion;
import dev.pilotlight.batch.s3.OutputBucket;
import dev.pilotlight.local.runtime.Between.Fate;
import java.net.URI;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class PublicationIT extends OutputBucket {
  private static final byte[] OUT = noise(1, PART + 100);
  private static final byte[] ERRORS = noise(2, 300);
  private static final byte[] SUMMARY = noise(3, 50);

  @Test
  void answersErrorsAndSummaryAppear() {
    Version version = new Version("all", "v1");
    version.write(OUT, ERRORS);
    version.publish(SUMMARY);
    version.assertIsThere(OUT, ERRORS, SUMMARY);
    assertThat(s3.headObject(h -> h.bucket(NAME).key(version.keys.summary())).contentType())
        .isEqualTo("application/json");
  }

  @Test
  void whereThereAreNoErrorsThereIsNoObjectOfThem() {
    Version version = new Version("good", "v1");
    version.write(OUT, new byte[0]);
    version.publish(SUMMARY);
    version.assertIsThere(OUT, null, SUMMARY);
  }

  @Test
  void anObjectOfNoLinesHasAnEmptyOutput() {
    Version version = new Version("empty", "v1");
    version.write(new byte[0], new byte[0]);
    version.publish(SUMMARY);
    version.assertIsThere(new byte[0], null, SUMMARY);
    assertThat(s3.headObject(h -> h.bucket(NAME).key(version.keys.out())).metadata())
        .containsEntry("pilotlight-version", "v1");
  }

  @Test
  void itMayBeRepeatedAfterEveryCallThatFailed() {
    new Version("calls", "v0").writeAndPublish(noise(8, 10), noise(9, 10), noise(10, 10));
    Version version = new Version("calls", "v1");
    version.write(OUT, ERRORS);
    int failures = 0;
    for (boolean done = false; !done; ) {
      done = publishUntilCall(version, failures + 1);
      failures += done ? 0 : 1;
    }
    assertThat(failures).isGreaterThan(4);
    version.assertIsThere(OUT, ERRORS, SUMMARY);
  }

  @Test
  void itMayBeRepeatedAfterEveryAnswerThatWasLost() {
    Version version = new Version("answers", "v1");
    version.write(OUT, ERRORS);
    Set<URI> seen = ConcurrentHashMap.newKeySet();
    between.rule(call -> seen.add(call.uri()) ? new Fate.Cut() : new Fate.Pass());
    version.publish(SUMMARY);
    version.assertIsThere(OUT, ERRORS, SUMMARY);
  }

  /// @return whether it was not reached
  private boolean publishUntilCall(Version version, int number) {
    AtomicInteger calls = new AtomicInteger();
    between.rule(
        call ->
            calls.incrementAndGet() >= number
                ? new Fate.Fail(403, "<Error><Code>AccessDenied</Code></Error>")
                : new Fate.Pass());
    try {
      version.publish(SUMMARY);
      return true;
    } catch (BatchException.Misconfigured e) {
      return false;
    }
  }

  @Test
  void whenAllIsDoneNothingIsWrittenOrDeleted() {
    Version version = new Version("twice", "v1");
    version.writeAndPublish(OUT, ERRORS, SUMMARY);
    int before = between.calls().size();
    version.publish(noise(4, 60));
    assertThat(between.calls().subList(before, between.calls().size()))
        .isNotEmpty()
        .allMatch(call -> call.method().equals("HEAD"));
    version.assertIsThere(OUT, ERRORS, SUMMARY);
  }

  @Test
  void anOutputThatSomebodyDeletedIsNotTakenForDone() {
    Version version = new Version("deleted", "v1");
    version.writeAndPublish(OUT, ERRORS, SUMMARY);
    s3.deleteObject(d -> d.bucket(NAME).key(version.keys.out()));
    assertThatThrownBy(() -> version.publish(SUMMARY)).isInstanceOf(BatchException.Restart.class);
    assertThat(keys(version.keys.summary())).as("it would promise an output").isEmpty();
  }

  @Test
  void aNewerVersionTakesThePlaceOfAnOlderOne() {
    new Version("newer", "v1").writeAndPublish(noise(5, 20), ERRORS, noise(6, 20));
    Version newer = new Version("newer", "v2");
    newer.writeAndPublish(OUT, new byte[0], SUMMARY);
    newer.assertIsThere(OUT, null, SUMMARY);
  }

  @Test
  void theSummaryOfAnOlderVersionGoesBeforeAnyOfTheOthersChanges() {
    new Version("first", "v1").writeAndPublish(noise(5, 20), ERRORS, noise(6, 20));
    Version newer = new Version("first", "v2");
    newer.write(OUT, ERRORS);
    between.rule(
        call ->
            call.method().equals("POST")
                ? new Fate.Fail(403, "<Error><Code>AccessDenied</Code></Error>")
                : new Fate.Pass());
    assertThatThrownBy(() -> newer.publish(SUMMARY))
        .isInstanceOf(BatchException.Misconfigured.class);
    assertThat(keys(newer.keys.summary())).isEmpty();
    assertThat(read(newer.keys.out())).isEqualTo(noise(5, 20));
  }

  @Test
  void anObjectOfAnotherSizeThanWasCountedIsNotPublished() {
    Version version = new Version("size", "v1");
    version.write(OUT, new byte[0]);
    Upload counted = version.out;
    version.out =
        new Upload(counted.uploadId(), counted.eTags(), counted.tail(), counted.bytes() + 1);
    assertThatThrownBy(() -> version.publish(SUMMARY)).isInstanceOf(BatchException.Restart.class);
    assertThat(keys(version.keys.summary())).isEmpty();
  }

  @Test
  void olderVersionWithAbortedUploadsChangesNoAnswers() {
    Version older = new Version("conflict", "v1");
    older.write(noise(5, OUT.length), new byte[0]);
    Version newer = new Version("conflict", "v2");
    newer.write(OUT, ERRORS);
    new Leftovers(bucket())
        .abortUploads(
            List.of(newer.keys.out(), newer.keys.errors()),
            Set.of(newer.out.uploadId().orElseThrow(), newer.errors.uploadId().orElseThrow()));
    newer.publish(SUMMARY);

    assertThatThrownBy(() -> older.publish(noise(7, 20)))
        .as("of the same size, but of another version")
        .isInstanceOf(BatchException.Restart.class);
    assertThat(read(newer.keys.out())).isEqualTo(OUT);
    assertThat(uploads(newer.keys.out())).isEmpty();
  }

  @Test
  void partThatAnotherWriterReplacedRestartsAndLeavesNoUpload() {
    Version version = new Version("replaced", "v1");
    version.write(OUT, new byte[0]);
    String id = version.out.uploadId().orElseThrow();
    var _ = version.publication.out().part(id, 1, noise(7, PART), PART);

    assertThatThrownBy(() -> version.publish(SUMMARY)).isInstanceOf(BatchException.Restart.class);
    assertThat(uploads(version.keys.out())).isEmpty();
    assertThatCode(() -> version.writeAndPublish(OUT, new byte[0], SUMMARY))
        .doesNotThrowAnyException();
    version.assertIsThere(OUT, null, SUMMARY);
  }

  /// One version of an input, and its output.
  private final class Version {
    final OutputKeys keys;
    final Publication publication;
    Upload out = Upload.NONE;
    Upload errors = Upload.NONE;

    Version(String key, String identity) {
      keys = OutputKeys.of(new ObjectVersion("in", key, "", "", 1, identity));
      publication = Publication.of(bucket(), keys, identity, () -> {});
    }

    void write(byte[] outBytes, byte[] errorBytes) {
      out = upload(publication.out(), outBytes);
      errors = upload(publication.errors(), errorBytes);
    }

    void publish(byte[] summary) {
      publication.publish(out, errors, summary);
    }

    void writeAndPublish(byte[] outBytes, byte[] errorBytes, byte[] summary) {
      write(outBytes, errorBytes);
      publish(summary);
    }

    void assertIsThere(byte[] outBytes, byte @Nullable [] errorBytes, byte[] summary) {
      assertThat(read(keys.out())).isEqualTo(outBytes);
      if (errorBytes == null) {
        assertThat(keys(keys.errors())).isEmpty();
      } else {
        assertThat(read(keys.errors())).isEqualTo(errorBytes);
      }
      assertThat(read(keys.summary())).isEqualTo(summary);
      assertThat(uploads(keys.out())).isEmpty();
      assertThat(uploads(keys.errors())).isEmpty();
    }

    private Upload upload(OutputObject object, byte[] bytes) {
      PartedObject writer = new PartedObject(object, ".pilotlight/batches/p/", PART, Upload.NONE);
      int first = Math.min(PART, bytes.length);
      writer.append(Arrays.copyOf(bytes, first));
      if (writer.hasPart()) {
        var _ = writer.save(1);
      }
      writer.append(Arrays.copyOfRange(bytes, first, bytes.length));
      return writer.seal();
    }
  }
}
