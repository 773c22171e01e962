package dev.pilotlight.handler.batch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.handler.batch.BatchFunction.Event;
import dev.pilotlight.local.runtime.Between.Fate;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;

/// Objects and records that fail, and what is left in the bucket of outputs for the person who put
/// them.
final class BatchFailureIT extends ClassifierBatches {
  private static final Fate REFUSE =
      new Fate.Fail(403, "<Error><Code>AccessDenied</Code><Message>no</Message></Error>");

  @Test
  void unknownSuffixIsAFailureWithANote() {
    Event event = function.put("report.docx", LINE);
    fails(event, BatchException.Unreadable.class);
    JsonNode note = function.json("report.docx.failed.json");
    assertThat(note.path("object").asText()).isEqualTo("batch.failure");
    assertThat(note.at("/input/key").asText()).isEqualTo("report.docx");
    assertThat(note.at("/input/version_id").asText()).isEqualTo(event.fields().get("versionId"));
    assertThat(note.path("reason").asText()).contains("report.docx", ".jsonl", ".tsv", ".gz");
    assertThat(note.path("final").asBoolean()).isTrue();
    assertThat(note.path("attempts").asInt()).isEqualTo(1);
    assertThat(note.at("/look/log_group").asText()).isEqualTo("/aws/lambda/batch");
    assertThat(note.at("/look/log_stream").asText()).isEqualTo("2026/11/29/[1]abc");
    assertThat(note.at("/look/request_id").asText()).isEqualTo("request-1");
    assertThat(note.path("next").asText()).contains("put it again");
    fails(event, BatchException.Unreadable.class);
    assertThat(function.json("report.docx.failed.json").path("attempts").asInt()).isEqualTo(2);
    assertThat(function.output("report.docx.out.jsonl")).isEmpty();
  }

  @Test
  void laterVersionThatSucceedsDeletesTheNote() throws IOException {
    fails(function.put("fixed.jsonl.gz", LINE), BatchException.Unreadable.class);
    assertThat(function.json("fixed.jsonl.gz.failed.json").path("reason").asText())
        .contains("not gzip");
    Event fixed = function.put("fixed.jsonl.gz", gzip(LINE), Map.of());
    assertThat(function.send(fixed)).containsExactly("done");
    assertThat(function.output("fixed.jsonl.gz.failed.json")).isEmpty();
    assertThat(function.output("fixed.jsonl.gz.summary.json")).isPresent();
  }

  @Test
  void metadataThatCannotBeMetFailsWithANote() {
    Event event = function.put("meta.txt", bytes("hello\n"), Map.of("truncate", "yes"));
    fails(event, BatchException.Unreadable.class);
    assertThat(function.json("meta.txt.failed.json").path("reason").asText())
        .contains("truncate yes; accepted: true, false");
  }

  @Test
  void failureThatPassesIsNotFinalAndItsTimeCounts() {
    Event event = function.put("later.jsonl", LINE.repeat(40));
    refuse("later.jsonl.summary.json", 700);
    fails(event, BatchException.Misconfigured.class);
    JsonNode note = function.json("later.jsonl.failed.json");
    assertThat(note.path("final").asBoolean()).isFalse();
    assertThat(note.path("lines").asInt()).isEqualTo(40);
    assertThat(note.path("reason").asText()).contains("s3:PutObject", "AccessDenied");
    assertThat(note.path("next").asText()).contains("twice more", "BatchFailures");
    function.passAll();
    assertThat(function.send(event)).containsExactly("done");
    assertThat(function.output("later.jsonl.failed.json")).isEmpty();
    JsonNode summary = function.json("later.jsonl.summary.json");
    assertThat(summary.path("invocations").asInt()).isEqualTo(2);
    assertThat(summary.path("milliseconds").asInt()).isGreaterThanOrEqualTo(700);
    double second = 2.0 * 0.0000166667; // of 2 GB
    assertThat(summary.path("estimated_cost_usd").asDouble()).isGreaterThan(0.7 * second);
  }

  @Test
  void attemptThatWasKilledIsCounted() {
    Event event = function.put("killed.jsonl", LINE);
    refuse("killed.jsonl.summary.json", 0);
    fails(event, BatchException.Misconfigured.class);
    function.kill("killed.jsonl");
    fails(event, BatchException.Misconfigured.class);
    assertThat(function.json("killed.jsonl.failed.json").path("attempts").asInt()).isEqualTo(3);
    function.passAll();
    function.kill("killed.jsonl");
    assertThat(function.send(event)).containsExactly("done");
    assertThat(function.output("killed.jsonl.failed.json")).isEmpty();
  }

  @Test
  void duplicateEventOfADoneBatchLeavesNoNote() {
    Event event = function.put("done.jsonl", LINE);
    assertThat(function.send(event)).containsExactly("done");
    refuseInput();
    fails(event, BatchException.Misconfigured.class);
    fails(event.without("sequencer"), BatchException.Misconfigured.class);
    fails(event.without("sequencer").without("versionId"), BatchException.Misconfigured.class);
    assertThat(function.output("done.jsonl.failed.json")).isEmpty();

    Event second = function.put("done.jsonl", LINE + LINE);
    fails(second, BatchException.Misconfigured.class);
    assertThat(function.output("done.jsonl.failed.json")).isPresent();
  }

  @Test
  void attemptsAreCountedWithoutASequencerTooAndEndWithTheNote() {
    Event event = function.put("again.jsonl", LINE).without("sequencer").without("versionId");
    refuseInput();
    fails(event, BatchException.Misconfigured.class);
    refuse("again.jsonl.summary.json", 0);
    fails(event, BatchException.Misconfigured.class);
    assertThat(function.json("again.jsonl.failed.json").path("attempts").asInt()).isEqualTo(2);
    function.passAll();
    assertThat(function.send(event)).containsExactly("done");
    assertThat(function.output("again.jsonl.failed.json")).isEmpty();
  }

  @Test
  void objectThatMayNotBeReadFailsWithANote() {
    Event event = function.put("secret.jsonl", LINE);
    refuseInput();
    fails(event, BatchException.Misconfigured.class);
    assertThat(function.json("secret.jsonl.failed.json").path("reason").asText())
        .contains("may not be read");
    function.passAll();
    assertThat(function.send(event)).containsExactly("done");
    assertThat(function.output("secret.jsonl.failed.json")).isEmpty();
  }

  @Test
  void folderOfTheConsoleIsNotABatch() {
    assertThat(function.send(function.put("folder/", ""))).containsExactly("ignored");
    assertThat(function.output("folder/.failed.json")).isEmpty();
  }

  @Test
  void malformedRecordFailsAlone() {
    Event first = function.put("first.jsonl", LINE);
    Event last = function.put("last.jsonl", LINE + LINE);
    String bad = "{\"eventSource\":\"aws:s3\",\"s3\":{\"object\":{\"key\":7}}}";
    assertThatThrownBy(
            () ->
                function.sendJson(
                    "{\"Records\":[%s,%s,%s]}".formatted(first.json(), bad, last.json())))
        .isInstanceOf(BatchException.Malformed.class)
        .hasMessageContaining("Records[1] of the event is malformed: s3.object.key is a number");
    assertThat(function.output("first.jsonl.summary.json")).isPresent();
    assertThat(function.output("last.jsonl.summary.json")).isPresent();
  }

  @Test
  void unknownMetadataAreInTheSummaryWithTheNameThatIsNear() {
    Event event =
        function.put(
            "hints.txt",
            bytes("hello\n"),
            Map.of("truncat", "true", "mtime", "5", "text-column", "x"));
    assertThat(function.send(event)).containsExactly("done");
    assertThat(function.json("hints.txt.summary.json").path("ignored_metadata").toString())
        .isEqualTo(
            "[{\"name\":\"mtime\",\"near\":null},{\"name\":\"text-column\",\"near\":"
                + "\"text-column\"},{\"name\":\"truncat\",\"near\":\"truncate\"}]");
  }

  @Test
  void allSuffixesAreTakenInAnyCase() throws IOException {
    for (String suffix : new String[] {"JSONL", "ndjson", "TXT", "tsv", "Csv"}) {
      boolean columns = suffix.equals("tsv") || suffix.equals("Csv");
      String content = columns ? "text\nhello\n" : suffix.equals("TXT") ? "hello\n" : LINE;
      String key = "X." + suffix;
      assertThat(function.send(function.put(key, content))).containsExactly("done");
      Event packed = function.put(key + ".GZ", gzip(content), Map.of());
      assertThat(function.send(packed)).containsExactly("done");
      assertThat(function.output(key + ".GZ.out.jsonl"))
          .isEqualTo(function.output(key + ".out.jsonl"))
          .get()
          .asString()
          .contains("\"label\"");
    }
  }

  private void refuseInput() {
    function
        .between()
        .rule(
            call ->
                call.uri().getPath().contains("/" + BatchFunction.IN + "/")
                    ? REFUSE
                    : new Fate.Pass());
  }

  private void refuse(String key, int afterMillis) {
    function
        .between()
        .rule(
            call -> {
              if (!call.method().equals("PUT") || !call.uri().getPath().endsWith("/" + key)) {
                return new Fate.Pass();
              }
              pause(afterMillis);
              return REFUSE;
            });
  }

  private static void pause(int millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void fails(Event event, Class<? extends Exception> failure) {
    assertThatThrownBy(() -> function.send(event)).isInstanceOf(failure);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(java.nio.charset.StandardCharsets.UTF_8);
  }

  private static byte[] gzip(String plain) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
      gzip.write(bytes(plain));
    }
    return out.toByteArray();
  }
}
