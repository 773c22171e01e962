package dev.pilotlight.batch.openai;

import dev.pilotlight.support.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.TreeMap;

/// Writes batches as OpenAI's API shows them.
final class ApiBatchJson {
  private ApiBatchJson() {}

  /// The batch object of OpenAI's API.
  static void write(ApiBatch batch, JsonBytes json) {
    json.object()
        .field("id", batch.id())
        .field("object", "batch")
        .field("endpoint", batch.asked().endpoint());
    if (batch.errors().isEmpty()) {
      json.name("errors").literal("null");
    } else {
      json.name("errors").object().field("object", "list").name("data");
      json.raw(batch.errors().getBytes(StandardCharsets.UTF_8)).endObject();
    }
    json.field("input_file_id", batch.asked().inputFile())
        .field("completion_window", NewBatch.WINDOW);
    json.field("status", batch.status().wireName());
    json.field("output_file_id", batch.outputFile().isEmpty() ? null : batch.outputFile());
    json.field("error_file_id", batch.errorFile().isEmpty() ? null : batch.errorFile());
    json.field("created_at", batch.created());
    time(batch, json, BatchStatus.IN_PROGRESS);
    json.field("expires_at", batch.expires());
    time(batch, json, BatchStatus.FINALIZING);
    time(batch, json, BatchStatus.COMPLETED);
    time(batch, json, BatchStatus.FAILED);
    time(batch, json, BatchStatus.EXPIRED);
    time(batch, json, BatchStatus.CANCELLING);
    time(batch, json, BatchStatus.CANCELLED);
    json.name("request_counts").object().field("total", batch.counts().total());
    json.field("completed", batch.counts().completed())
        .field("failed", batch.counts().failed())
        .endObject();
    usage(batch, json);
    if (batch.asked().metadata().isEmpty()) {
      json.name("metadata").literal("null");
    } else {
      json.name("metadata").object();
      new TreeMap<>(batch.asked().metadata()).forEach(json::field);
      json.endObject();
    }
    json.endObject();
  }

  private static void time(ApiBatch batch, JsonBytes json, BatchStatus of) {
    Long at = batch.times().get(of);
    json.name(of.timeName());
    json.literal(at == null ? "null" : Long.toString(at));
  }

  private static void usage(ApiBatch batch, JsonBytes json) {
    if (!batch.status().isFinal()) {
      return;
    }
    json.name("usage").object().field("input_tokens", batch.counts().tokens());
    json.name("input_tokens_details").object().field("cached_tokens", 0).endObject();
    json.field("output_tokens", 0);
    json.name("output_tokens_details").object().field("reasoning_tokens", 0).endObject();
    json.field("total_tokens", batch.counts().tokens()).endObject();
  }
}
