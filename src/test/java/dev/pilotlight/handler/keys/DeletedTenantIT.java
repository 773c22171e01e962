package dev.pilotlight.handler.keys;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.Metrics;
import dev.pilotlight.local.runtime.Between;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/// A tenant that is deleted and made again, and a table that is away, as callers see them.
final class DeletedTenantIT extends FunctionWithKeys {
  @Test
  void theNextTenantOfTheNameFindsNothing() {
    rows.tenant("acme", 0);
    String before = rows.key("acme");
    String id;
    try (Harness function = function()) {
      Reply first = infer(function, before);
      assertThat(first.status()).as(first.text()).isEqualTo(200);
      assertThat(infer(function, before).header("cache-status")).contains("hit");
      id = first.json().at("/parameters/result_ids").asText();
      assertThat(result(function, id, before).status()).isEqualTo(200);
    }
    rows.delete("acme", 1);
    try (Harness function = function()) {
      assertThat(infer(function, before).status()).isEqualTo(401);
      rows.tenant("acme", 1);
      String after = rows.key("acme");
      assertThat(result(function, id, after).status()).isEqualTo(404);
      Reply again = infer(function, after);
      assertThat(again.header("cache-status")).contains("fwd=miss");
      assertThat(again.json().at("/parameters/result_ids").asText()).isNotEqualTo(id);
    }
  }

  @Test
  void withoutTheTableRequestsAreRefusedForNowInEachProtocolsForm() {
    rows.tenant("ada", 0);
    String key = rows.key("ada");
    try (Harness function = function()) {
      assertThat(infer(function, key).status()).isEqualTo(200);
      between.rule(
          call ->
              call.body().contains("\"clients\"")
                  ? new Between.Fate.Fail(500, "{}")
                  : new Between.Fate.Pass());
      assertThat(infer(function, key).status()).as("known").isEqualTo(200);
      for (String path : List.of("/v1/embeddings", "/v2/models/identity/infer", "/rerank")) {
        Reply reply = function.send("POST", path, bearer(rows.key("ada")), BODY);
        assertThat(reply.status()).as(path).isEqualTo(503);
        assertThat(reply.header("retry-after")).isEqualTo("1");
        assertThat(reply.json().has("error")).isTrue();
      }
      assertThat(function.send("GET", "/v2/health/live", Map.of(), new byte[0]).status())
          .isEqualTo(200);
    } finally {
      between.rule(_ -> new Between.Fate.Pass());
    }
  }

  @Test
  void aProvisionedEnvironmentRehearsesAndReadsTheTableOnceBefore() {
    between.forgetCalls();
    Metrics metrics = new Metrics();
    try (Harness _ =
        function(metrics, "AWS_LAMBDA_INITIALIZATION_TYPE", "provisioned-concurrency")) {
      assertThat(
              between.calls().stream().filter(call -> call.body().contains("\"clients\"")).count())
          .isEqualTo(1);
      assertThat(metrics.lines()).noneMatch(line -> line.contains("rehearsal before"));
    }
  }

  private Harness function() {
    return function(new Metrics());
  }

  private static Reply infer(Harness function, String key) {
    return infer(function, key, Map.of());
  }

  private static Reply result(Harness function, String id, String key) {
    return function.send("GET", "/v1/results/" + id, bearer(key), new byte[0]);
  }
}
