package dev.pilotlight.idempotency;

import dev.pilotlight.domain.CacheUse;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Meter;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Timing;
import dev.pilotlight.domain.Timing.Stage;
import dev.pilotlight.protocol.http.CacheControl;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings;
import dev.pilotlight.store.ResultStore;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import dev.pilotlight.store.mark.Marks;
import dev.pilotlight.support.Log;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers inference requests that have an `Idempotency-Key`. Made with the first of them.
/// Thread-safe.
public final class Idempotency implements AutoCloseable {
  private static final int SUCCESS_MAX = 299;
  private static final String CACHE_STATUS = "pilotlight; hit; detail=\"idempotency-key\"";

  private final @Nullable Ledger ledger;
  private final Log log;

  public Idempotency(StoreSettings settings, Clients clients, ResultStore store, Log log) {
    this.log = log;
    this.ledger =
        store.policy() == ResultStore.Policy.OFF
            ? null
            : new Ledger(
                new Marks(settings, clients.marks(settings.table()), clients::s3, store), log);
  }

  /// Runs the request, or answers as the first one with its key was answered. Only an answer of
  /// success is kept: a request that failed or was refused may be sent again, also corrected.
  ///
  /// @throws Refusal INVALID for a header that cannot be honoured; those of [Ledger#claim] and
  ///   [Claim#keep]; and those of the inference
  /// @param owner of the results: the tenant and its generation
  public HttpResponse answer(
      HttpRequest request,
      String owner,
      Deadline deadline,
      Meter meter,
      Supplier<HttpResponse> inference) {
    Ledger open = usable(request);
    String key = IdempotencyKey.of(request.headers().getOrDefault(IdempotencyKey.HEADER, ""));
    Ledger.Request asked = new Ledger.Request(owner, key, fingerprint(request));
    Claim claim = timed(meter, () -> open.claim(asked, deadline, meter));
    byte[] kept = claim.kept();
    if (kept != null) {
      return repeated(kept);
    }
    HttpResponse response = run(claim, inference);
    if (response.status() > SUCCESS_MAX) {
      claim.release();
      return response;
    }
    byte[] mine = saved(response).encode();
    byte[] first = timed(meter, () -> keep(claim, mine));
    return Arrays.equals(first, mine) ? response : repeated(first);
  }

  /// The idempotency key, for routes that implement repetition themselves; empty if the request has
  /// none.
  ///
  /// @throws Refusal INVALID for a header that is not a key
  public static String key(HttpRequest request) {
    String header = request.headers().get(IdempotencyKey.HEADER);
    return header == null ? "" : IdempotencyKey.of(header);
  }

  private Ledger usable(HttpRequest request) {
    if (ledger == null) {
      throw Refusal.invalid(
          IdempotencyKey.HEADER,
          "idempotency-key needs the table of results, and PILOTLIGHT_STORE is off; accepted:"
              + " requests without the header, or PILOTLIGHT_STORE=required");
    }
    if (CacheControl.of(request) == CacheUse.NONE) {
      throw Refusal.invalid(
          IdempotencyKey.HEADER,
          "idempotency-key keeps the answer, and cache-control: no-store forbids that; accepted:"
              + " one of the two");
    }
    return ledger;
  }

  private static HttpResponse run(Claim claim, Supplier<HttpResponse> inference) {
    boolean answered = false;
    try {
      HttpResponse response = inference.get();
      answered = true;
      return response;
    } finally {
      if (!answered) {
        claim.release();
      }
    }
  }

  private static byte[] keep(Claim claim, byte[] answer) {
    try {
      return claim.keep(answer);
    } catch (Refusal refusal) {
      if (refusal.reason() == Refusal.Reason.TOO_LARGE) {
        claim.release();
      }
      throw refusal;
    }
  }

  /// What must be equal in a repeat: all that determines the answer but the caller.
  private static byte[] fingerprint(HttpRequest request) {
    Fingerprint print = new Fingerprint().add(request.method()).add(request.path());
    Map<String, String> query = new TreeMap<>(request.query());
    print.add(Integer.toString(query.size()));
    query.forEach((name, value) -> print.add(name).add(value));
    return print
        .add(request.headers().getOrDefault(MediaTypes.INFERENCE_HEADER_LENGTH, ""))
        .add(MediaTypes.meaning(request))
        .add(OpenAiEmbeddings.hasId(request) ? "id" : "")
        .add(request.body())
        .bytes();
  }

  /// The headers that describe how this request was answered are not those of a repeat.
  private static SavedAnswer saved(HttpResponse response) {
    Map<String, String> headers = new LinkedHashMap<>(response.headers());
    headers.remove(ResponseHeaders.CACHE_STATUS);
    headers.remove(ResponseHeaders.SERVER_TIMING);
    return new SavedAnswer(response.status(), headers, response.binary(), response.body());
  }

  private HttpResponse repeated(byte[] kept) {
    try {
      SavedAnswer answer = SavedAnswer.decode(kept);
      return new HttpResponse(answer.status(), answer.headers(), answer.body(), answer.binary())
          .with(ResponseHeaders.CACHE_STATUS, CACHE_STATUS)
          .with(ResponseHeaders.REPLAYED, "true");
    } catch (SavedAnswer.UnreadableException e) {
      log.error("a kept answer cannot be read", e);
      throw Refusal.broken(
          "the answer that is kept for the idempotency-key cannot be read; a new key runs the"
              + " request again",
          e);
    }
  }

  private static <T> T timed(Meter meter, Supplier<T> call) {
    long begun = System.nanoTime();
    try {
      return call.get();
    } finally {
      meter.took(new Timing(Stage.STORE, System.nanoTime() - begun));
    }
  }

  @Override
  public void close() {
    if (ledger != null) {
      ledger.close();
    }
  }
}
