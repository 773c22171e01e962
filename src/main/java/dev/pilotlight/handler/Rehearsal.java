package dev.pilotlight.handler;

import dev.pilotlight.cache.RedisTier;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Task;
import dev.pilotlight.store.ResultStore;
import dev.pilotlight.support.Log;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;

/// Sends requests to the function itself before the first caller does, so that the JIT compiler has
/// compiled the hot methods. It takes half a second, so only provisioned and SnapStart environments
/// rehearse: no caller waits for their start.
///
/// The requests use `no-store`; the caches and the store are primed separately, without keeping
/// anything. A rehearsal ends early when its time is up or when a call fails; then the first
/// request meets the same failure and reports it.
record Rehearsal(Api api, ResultStore store, Optional<RedisTier> redis, Log log) {
  private static final int ROUNDS = 50;
  private static final Duration TIME = Duration.ofSeconds(3);
  private static final String ANSWERED = "{\"statusCode\":200,";

  void run(ModelInfo model) {
    byte[] event = event(model).getBytes(StandardCharsets.UTF_8);
    Deadline end = Deadline.in(TIME);
    try {
      for (int round = 0; round < ROUNDS && !end.passed(); round++) {
        ByteArrayOutputStream answer = new ByteArrayOutputStream();
        Invocation invocation = new Invocation("rehearsal", null, end.remaining(), null);
        api.answer(new ByteArrayInputStream(event), answer, invocation, null);
        if (!answer.toString(StandardCharsets.UTF_8).startsWith(ANSWERED)) {
          return; // the API has logged why
        }
        redis.ifPresent(RedisTier::prime);
        store.rehearse();
      }
    } catch (RuntimeException | Error | IOException e) {
      log.warn("the rehearsal before the first request ended early", e);
    }
  }

  private static String event(ModelInfo model) {
    return model.task() == Task.EMBEDDING
        ? event(
            "/v1/embeddings",
            "{\\\"model\\\":\\\"%s\\\",\\\"input\\\":\\\"pilotlight\\\"}".formatted(model.name()))
        : event(
            "/v2/models/%s/infer".formatted(model.name()),
            """
            {\\"inputs\\":[{\\"name\\":\\"text\\",\\"datatype\\":\\"BYTES\\",\\"shape\\":[1],\
            \\"data\\":[\\"pilotlight\\"]}]}""");
  }

  private static String event(String path, String body) {
    return """
    {"version":"2.0","rawPath":"%s","rawQueryString":"","isBase64Encoded":false,
     "headers":{"content-type":"application/json","cache-control":"no-store"},
     "requestContext":{"requestId":"rehearsal","http":{"method":"POST","path":"%s"}},
     "body":"%s"}"""
        .formatted(path, path, body);
  }
}
