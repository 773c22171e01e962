package dev.pilotlight.batch;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.batch.BatchSummary.Counts;
import dev.pilotlight.batch.BatchSummary.IgnoredMetadata;
import dev.pilotlight.batch.BatchSummary.Input;
import dev.pilotlight.batch.BatchSummary.ModelUsed;
import dev.pilotlight.batch.BatchSummary.Output;
import java.math.BigDecimal;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class BatchSummaryWriterTest {
  private static final Output OUT = new Output("out", "a b/ü.jsonl.out.jsonl", 900);

  @Test
  void everythingIsTold() {
    BatchSummary summary =
        new BatchSummary(
            new Input("in", "a b/ü.jsonl", "v7", "e\"tag", 1000, "00FF"),
            OUT,
            Optional.of(new Output("out", "a b/ü.jsonl.errors.jsonl", 90)),
            new Counts(12, 2, 30, 20, 10, 456, 789, 3),
            List.of(new ModelUsed("m", "1", "abc"), new ModelUsed("n", "2", "def")),
            List.of(
                new IgnoredMetadata("mtime", Optional.empty()),
                new IgnoredMetadata("truncat", Optional.of("truncate"))),
            false,
            new BigDecimal("0.00001230"),
            "0.1.0");
    assertThat(BatchSummaryWriter.write(summary))
        .asString(UTF_8)
        .isEqualTo(
            """
            {"object":"batch.summary",\
            "input":{"bucket":"in","key":"a b/ü.jsonl","version_id":"v7","etag":"e\\"tag",\
            "bytes":1000,"sequencer":"00FF"},\
            "output":{"bucket":"out","key":"a b/ü.jsonl.out.jsonl","bytes":900},\
            "errors":{"bucket":"out","key":"a b/ü.jsonl.errors.jsonl","bytes":90},\
            "lines":12,"succeeded":10,"failed":2,"items":30,"hits":20,"runs":10,\
            "hit_ratio":0.6667,"tokens":456,"milliseconds":789,"invocations":3,\
            "models":[{"name":"m","version":"1","digest":"abc"},\
            {"name":"n","version":"2","digest":"def"}],\
            "ignored_metadata":[{"name":"mtime","near":null},\
            {"name":"truncat","near":"truncate"}],\
            "custom_ids_compared":{"first_lines":4194304,"first_bytes":4294967296},\
            "estimated_cost_usd":0.00001230,"pilotlight_version":"0.1.0"}
            """);
  }

  @Test
  void whatIsUnknownOrNotThereIsNull() {
    BatchSummary summary =
        new BatchSummary(
            new Input("in", "k", "", "", -1, ""),
            OUT,
            Optional.empty(),
            new Counts(0, 0, 0, 0, 0, 0, 0, 1),
            List.of(),
            List.of(),
            true,
            new BigDecimal("1E-7"),
            "0.1.0");
    assertThat(BatchSummaryWriter.write(summary))
        .asString(UTF_8)
        .contains("\"version_id\":null,\"etag\":null,\"bytes\":null,\"sequencer\":null}")
        .contains("\"errors\":null,")
        .contains("\"hit_ratio\":0,")
        .contains("\"models\":[],\"ignored_metadata\":[],\"estimated_cost_usd\":0.0000001,");
  }
}
