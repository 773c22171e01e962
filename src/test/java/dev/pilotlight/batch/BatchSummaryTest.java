package dev.pilotlight.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.claim.Progress;
import dev.pilotlight.batch.claim.Progress.Counts;
import dev.pilotlight.batch.claim.Progress.Phase;
import dev.pilotlight.batch.claim.Progress.Upload;
import dev.pilotlight.batch.output.OutputKeys;
import dev.pilotlight.batch.s3.BatchStore;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.math.BigDecimal;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class BatchSummaryTest {
  private static final Counts COUNTS = new Counts(12, 2, 30, 456, 20, 10, 0, 0);

  @Test
  void allFieldsAreWritten() {
    ObjectVersion input = new ObjectVersion("in", "a b/ü.jsonl", "v7", "e\"tag", 1000, "00FF");
    Map<String, String> models = Map.of("n/2", "def", "m/1", "abc/p1");
    Progress progress =
        new Progress(Phase.PUBLISHING, 1000, COUNTS, upload(900), upload(90), models);
    assertThat(json(input, progress, List.of("mtime", "truncat"), "0.00001230"))
        .isEqualTo(
            """
            {"object":"batch.summary",\
            "input":{"bucket":"in","key":"a b/ü.jsonl","version_id":"v7","etag":"e\\"tag",\
            "bytes":1000,"sequencer":"00FF"},\
            "output":{"bucket":"out","key":"a b/ü.jsonl.out.jsonl","bytes":900},\
            "errors":{"bucket":"out","key":"a b/ü.jsonl.errors.jsonl","bytes":90},\
            "lines":12,"succeeded":10,"failed":2,"items":30,"hits":20,"runs":10,\
            "hit_ratio":0.6667,"tokens":456,"milliseconds":789,"invocations":3,"store":"packed",\
            "models":[{"name":"m","version":"1","digest":"abc","plan":"p1"},\
            {"name":"n","version":"2","digest":"def"}],\
            "ignored_metadata":[{"name":"mtime","near":null},\
            {"name":"truncat","near":"truncate"}],\
            "estimated_cost_usd":0.00001230,"pilotlight_version":"0.1.0"}
            """);
  }

  @Test
  void unknownValuesAreNull() {
    ObjectVersion input = new ObjectVersion("in", "k.jsonl", "", "", -1, "");
    assertThat(json(input, Progress.NONE, List.of(), "1E-7"))
        .contains("\"version_id\":null,\"etag\":null,\"bytes\":null,\"sequencer\":null}")
        .contains("\"errors\":null,")
        .contains("\"hit_ratio\":0,")
        .contains("\"models\":[],\"ignored_metadata\":[],\"estimated_cost_usd\":0.0000001,");
  }

  @Test
  void cancelledBatchIsMarked() {
    Progress progress =
        new Progress(Phase.CANCELLED, 9, COUNTS, upload(900), Upload.NONE, Map.of());
    ObjectVersion input = new ObjectVersion("in", "k.jsonl", "", "", 1000, "");
    assertThat(json(input, progress, List.of(), "1")).contains(",\"cancelled\":true,");
  }

  @ParameterizedTest
  @CsvSource({
    "k.jsonl, 4194304, 4294967296, false",
    "k.jsonl, 4194305, 1,          true",
    "k.jsonl, 1,       4294967297, true",
    "k.txt,   4194305, 4294967297, false",
  })
  void limitsOfComparedCustomIdsAreWrittenWhereTheyWereReached(
      String key, long lines, long bytes, boolean written) {
    Counts counts = new Counts(lines, 0, 0, 0, 0, 0, 0, 0);
    Progress progress =
        new Progress(Phase.PUBLISHING, bytes, counts, Upload.NONE, Upload.NONE, Map.of());
    String json = json(new ObjectVersion("in", key, "", "", bytes, ""), progress, List.of(), "0.1");
    String limits =
        ",\"custom_ids_compared\":{\"first_lines\":4194304,\"first_bytes\":4294967296},";
    assertThat(json.contains(limits)).isEqualTo(written);
    assertThat(json.contains("custom_ids")).isEqualTo(written);
  }

  private static Upload upload(long bytes) {
    return new Upload(Optional.of("id"), List.of("etag"), Optional.empty(), bytes);
  }

  private static String json(
      ObjectVersion input, Progress progress, List<String> ignoredMetadata, String usd) {
    BatchSummary summary =
        new BatchSummary(
            input,
            "out",
            OutputKeys.of(input),
            progress,
            789,
            3,
            BatchStore.PACKED,
            ignoredMetadata,
            new BigDecimal(usd),
            "0.1.0",
            0);
    return new String(summary.json(), UTF_8);
  }
}
