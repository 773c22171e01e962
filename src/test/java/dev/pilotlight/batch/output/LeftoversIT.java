package dev.pilotlight.batch.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.OutputBucket;
import dev.pilotlight.local.runtime.Between;
import dev.pilotlight.local.runtime.Between.Fate;
import dev.pilotlight.suite.OnlyInFaults;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class LeftoversIT extends OutputBucket {
  @Test
  @OnlyInFaults
  void moreObjectsThanFitOnAPageAreDeletedAndNoOthers() {
    for (int i = 0; i < 1_003; i++) {
      put("many/a/" + i);
    }
    put("many/ab");
    new Leftovers(bucket()).deleteAll("many/a/");
    assertThat(keys("many/")).containsExactly("many/ab");

    new Leftovers(bucket()).deleteAll("many/a/");
    assertThat(keys("many/")).containsExactly("many/ab");
  }

  @Test
  void anObjectThatWasNotDeletedIsDeletedLater() {
    put("late/1");
    AtomicInteger deletions = new AtomicInteger();
    between.rule(
        call ->
            isDeletion(call) && deletions.incrementAndGet() == 1
                ? new Fate.Fail(200, notDeleted("late/1", "InternalError"))
                : new Fate.Pass());
    new Leftovers(bucket()).deleteAll("late/");
    assertThat(keys("late/")).isEmpty();
    assertThat(deletions).hasValue(2);
  }

  @Test
  void anObjectThatMayNotBeDeletedIsAnError() {
    put("denied/1");
    between.rule(
        call ->
            isDeletion(call)
                ? new Fate.Fail(200, notDeleted("denied/1", "AccessDenied"))
                : new Fate.Pass());
    assertThatThrownBy(() -> new Leftovers(bucket()).deleteAll("denied/"))
        .isInstanceOf(BatchException.Misconfigured.class)
        .hasMessage("S3 refuses this function s3:DeleteObject on s3://out/denied/");
  }

  @Test
  void uploadsOfTheVeryKeysAreAbortedUnlessTheyAreNeeded() {
    String needed = object("u.out.jsonl").begin();
    var _ = object("u.out.jsonl").begin();
    var _ = object("u.errors.jsonl").begin();
    String other = object("u.out.jsonl.out.jsonl").begin();

    Leftovers leftovers = new Leftovers(bucket());
    List<String> keys = List.of("u.out.jsonl", "u.errors.jsonl");
    leftovers.abortUploads(keys, Set.of(needed));

    assertThat(uploads("u.out.jsonl")).containsExactly(needed);
    assertThat(uploads("u.errors.jsonl")).isEmpty();
    leftovers.abortUploads(keys, Set.of());
    assertThat(uploads("u.out.jsonl")).isEmpty();
    assertThat(uploads("u.out.jsonl.out.jsonl")).containsExactly(other);
  }

  @Test
  void uploadsOfKeysWithOnePrefixAreAbortedByOneList() {
    String needed = object("p.out.jsonl").begin();
    var _ = object("p.out.jsonl").begin();
    var _ = object("p.out.parquet").begin();
    String other = object("p.out.jsonl.out.jsonl").begin();
    between.forgetCalls();

    Leftovers leftovers = new Leftovers(bucket());
    leftovers.abortUploads("p.out.", Set.of("p.out.jsonl", "p.out.parquet"), Set.of(needed));

    assertThat(uploads("p.out.jsonl")).containsExactly(needed);
    assertThat(uploads("p.out.parquet")).isEmpty();
    assertThat(uploads("p.out.jsonl.out.jsonl")).containsExactly(other);
    assertThat(between.calls()).filteredOn(call -> call.method().equals("GET")).hasSize(1);
  }

  @Test
  void uploadsOnLaterPagesAreFound() {
    String first = object("page").begin();
    String second = object("page").begin();
    between.rule(
        call -> {
          String query = String.valueOf(call.uri().getQuery());
          if (!call.method().equals("GET") || !query.contains("uploads")) {
            return new Fate.Pass();
          }
          return query.contains("key-marker=page") && query.contains("upload-id-marker=" + first)
              ? new Fate.Fail(200, page(second, false))
              : new Fate.Fail(200, page(first, true));
        });
    new Leftovers(bucket()).abortUploads(List.of("page"), Set.of());
    assertThat(uploads("page")).isEmpty();
  }

  @Test
  void anAbortMayBeRepeated() {
    String id = object("again").begin();
    bucket().abort("again", id);
    bucket().abort("again", id);
    assertThat(uploads("again")).isEmpty();
  }

  @Test
  void aContinuationIsUnderThePrefixOfItsBatch() {
    PrivateKeys keys = new PrivateKeys("b64");
    new Leftovers(bucket()).putContinuation(keys.continuation(7));
    assertThat(read(".pilotlight/continue/b64/7.continue")).asString().isEqualTo("{}");
    new Leftovers(bucket()).deleteAll(keys.continuations());
    assertThat(keys(keys.continuations())).isEmpty();
  }

  @Test
  void tailsOfAnswersAndErrorsAreUnderThePrefixOfTheirBatch() {
    PrivateKeys keys = new PrivateKeys("b64");
    assertThat(keys.tails()).isEqualTo(".pilotlight/batches/b64/");
    assertThat(List.of(keys.outTails(), keys.errorsTails()))
        .doesNotHaveDuplicates()
        .allMatch(key -> key.startsWith(keys.tails()));
  }

  private OutputObject object(String key) {
    return new OutputObject(bucket(), key, OutputObject.LINES, "v1");
  }

  private void put(String key) {
    byte[] bytes = key.getBytes(StandardCharsets.UTF_8);
    bucket().put(key, OutputObject.JSON, bytes, bytes.length, put -> {});
  }

  private static boolean isDeletion(Between.Call call) {
    return call.method().equals("POST") && "delete".equals(call.uri().getQuery());
  }

  private static String notDeleted(String key, String code) {
    return "<DeleteResult><Error><Key>%s</Key><Code>%s</Code></Error></DeleteResult>"
        .formatted(key, code);
  }

  private static String page(String id, boolean more) {
    return """
        <ListMultipartUploadsResult><IsTruncated>%s</IsTruncated>
        <NextKeyMarker>page</NextKeyMarker><NextUploadIdMarker>%s</NextUploadIdMarker>
        <Upload><Key>page</Key><UploadId>%s</UploadId></Upload></ListMultipartUploadsResult>
        """
        .formatted(more, id, id);
  }
}
