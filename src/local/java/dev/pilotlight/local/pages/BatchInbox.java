package dev.pilotlight.local.pages;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.cli.clients.Place;
import dev.pilotlight.local.runtime.AsyncInvocations;
import dev.pilotlight.local.s3.S3Local;
import dev.pilotlight.local.support.Json;
import dev.pilotlight.local.support.LocalServer;
import java.io.IOException;
import java.io.OutputStream;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Pattern;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/// The batches of the playground: a file goes into the bucket In, as everybody's would, and its
/// answers are read from Out. Only pages of this server may use it. Thread-safe.
///
/// | route | answer |
/// |---|---|
/// | `PUT /playground/batches/{file}?model=M` | `{"batch"}`, the name by which the next two ask |
/// | `GET /playground/batches/`, `POST …/cancel`, `POST …/retry` | see [BatchTable] |
/// | `GET /playground/batches/{batch}` | `{"state","reason","percent","figures","summary"}` |
/// | `GET /playground/batches/{batch}/{kind}` | the object; kinds: see [#KINDS] |
///
/// A batch is `running`; `failing` while a retry is due; `failed` after the last retry;
/// `cancelled`, with the answers so far; or `done`. `failing` and `failed` come with the reason.
public final class BatchInbox implements AutoCloseable {
  static final String PATH = "/playground/batches/";

  /// Also the tenant's name where the folder names the tenant.
  private static final String FOLDER = "local/";

  private static final String SUMMARY = "summary.json";
  private static final String FAILED = "failed.json";
  private static final String ERRORS = "errors.jsonl";
  private static final List<String> KINDS = List.of("out.jsonl", ERRORS, SUMMARY);
  private static final List<String> CHANGES = List.of("cancel", "retry");
  private static final Pattern FILE = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,179}");

  /// [#STAMP], a dash and a file's name.
  private static final Pattern BATCH = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

  private static final Pattern MODEL = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,127}");
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd-HHmmss-SSS", Locale.ROOT);

  private final String in;
  private final String out;
  private final S3Client s3;

  private final BatchEvents events;
  private final BatchProgress progress;
  private final BatchTable all;

  /// @param events the asynchronous ones, also of objects in S3
  /// @param in the bucket of inputs
  /// @param out the bucket of answers
  /// @param place the local runner's tables and buckets
  public BatchInbox(
      S3Local s3,
      AsyncInvocations events,
      BatchProgress progress,
      String in,
      String out,
      Place place) {
    this.s3 = s3.client();
    this.all = new BatchTable(place);
    this.events = new BatchEvents(s3, events);
    this.progress = progress;
    this.in = in;
    this.out = out;
  }

  void handle(Request request, Response response, Callback callback) {
    if (!isOwnPage(request)) {
      Pages.refuse(response, callback, 403, "only the playground may use its batches");
      return;
    }
    String[] parts = request.getHttpURI().getPath().substring(PATH.length()).split("/", -1);
    try {
      if (parts.length > 2) {
        Pages.refuse(response, callback, 404, "there is no such route");
      } else if (request.getMethod().equals("PUT") && parts.length == 1) {
        put(parts[0], request, response, callback);
      } else if (request.getMethod().equals("POST") && CHANGES.contains(parts[0])) {
        all.change(parts[0], request, response, callback);
      } else if (!request.getMethod().equals("GET")) {
        Pages.refuse(
            response,
            callback,
            405,
            "accepted: PUT of a file, GET of a batch, POST of cancel, retry");
      } else if (parts.length == 1 && parts[0].isEmpty()) {
        all.list(response, callback);
      } else if (!BATCH.matcher(parts[0]).matches()) {
        refuseName("batch", 200, response, callback);
      } else if (parts.length == 1) {
        state(parts[0], response, callback);
      } else {
        download(parts[0], parts[1], response, callback);
      }
    } catch (IOException | SdkException e) {
      Pages.refuse(response, callback, 502, "S3 on this machine: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      Pages.refuse(response, callback, 503, "the runner stops");
    }
  }

  private static void refuseName(String what, int most, Response response, Callback callback) {
    Pages.refuse(
        response,
        callback,
        400,
        "the %s's name is not accepted; accepted: up to %d of A-Z, a-z, 0-9, '.', '_', '-'"
            .formatted(what, most));
  }

  /// Browsers of today send `Sec-Fetch-Site`; a program on this machine sends neither it nor
  /// `Origin`.
  private static boolean isOwnPage(Request request) {
    String site = request.getHeaders().get("sec-fetch-site");
    return site == null
        ? !request.getHeaders().contains("origin")
        : site.equals("same-origin") || site.equals("none");
  }

  private void put(String file, Request request, Response response, Callback callback)
      throws IOException {
    String model = Request.extractQueryParameters(request).getValue("model");
    if (!FILE.matcher(file).matches()) {
      refuseName("file", 180, response, callback);
    } else if (model != null && !MODEL.matcher(model).matches()) {
      refuseName("model", 128, response, callback);
    } else if (request.getLength() < 0) {
      Pages.refuse(response, callback, 411, "the file has no Content-Length");
    } else {
      LocalServer.send(response, callback, 200, put(file, model, request));
    }
  }

  private byte[] put(String file, @Nullable String model, Request request) throws IOException {
    String batch = STAMP.format(LocalDateTime.now(ZoneId.systemDefault())) + "-" + file;
    Map<String, String> metadata = model == null ? Map.of() : Map.of("model", model);
    try (var body = Content.Source.asInputStream(request)) {
      var _ =
          s3.putObject(
              to -> to.bucket(in).key(FOLDER + batch).metadata(metadata),
              RequestBody.fromInputStream(body, request.getLength()));
    }
    return Json.object("batch", batch, "object", "s3://" + in + "/" + FOLDER + batch);
  }

  private void state(String batch, Response response, Callback callback)
      throws IOException, InterruptedException {
    boolean idle = events.areIdle(); // before its objects are read: they do not change after it
    Optional<byte[]> summary = read(batch, SUMMARY);
    Optional<byte[]> failed = summary.isPresent() ? Optional.empty() : read(batch, FAILED);
    if (summary.isEmpty() && failed.isEmpty() && !isThere(in, FOLDER + batch)) {
      String place = "s3://" + in + "/" + FOLDER + batch;
      Pages.refuse(response, callback, 404, place + " was deleted, or never put");
      return;
    }
    ObjectNode json = Json.object();
    if (summary.isPresent()) {
      Optional<JsonNode> read = summary.flatMap(Json::read);
      boolean cancelled = read.filter(it -> it.path("cancelled").asBoolean()).isPresent();
      json.put("state", cancelled ? "cancelled" : "done");
      read.ifPresent(it -> json.set("summary", it));
      json.put("errors", isThere(out, key(batch, ERRORS)));
    } else {
      addUnanswered(json, batch, failed, idle);
    }
    BatchProgress.Report report = progress.of("s3://" + in + "/" + FOLDER + batch);
    if (report != null) {
      json.put("percent", report.percent()).put("figures", report.figures());
    }
    LocalServer.send(response, callback, 200, Json.bytes(json));
  }

  /// @param failed the note that the batch function left
  private void addUnanswered(ObjectNode json, String batch, Optional<byte[]> failed, boolean idle) {
    Optional<JsonNode> note = failed.flatMap(Json::read);
    Optional<String> givenUp = events.givenUp(FOLDER + batch);
    boolean ended = idle || givenUp.isPresent() || note.filter(BatchInbox::isFinal).isPresent();
    json.put("state", ended ? "failed" : note.isPresent() ? "failing" : "running");
    if (ended || note.isPresent()) {
      json.put(
          "reason",
          note.map(it -> it.path("reason").asText())
              .or(() -> givenUp)
              .orElse("the batch function ended without an answer, and without an error"));
    }
  }

  private static boolean isFinal(JsonNode note) {
    return note.path("final").asBoolean();
  }

  private Optional<byte[]> read(String batch, String kind) throws IOException {
    try (var object = s3.getObject(of -> of.bucket(out).key(key(batch, kind)))) {
      return Optional.of(object.readAllBytes());
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    }
  }

  private boolean isThere(String bucket, String key) {
    try {
      var _ = s3.headObject(of -> of.bucket(bucket).key(key));
      return true;
    } catch (NoSuchKeyException e) {
      return false;
    }
  }

  private static String key(String batch, String kind) {
    return FOLDER + batch + "." + kind;
  }

  private void download(String batch, String kind, Response response, Callback callback)
      throws IOException {
    if (!KINDS.contains(kind)) {
      Pages.refuse(response, callback, 404, "there is no " + kind + "; there are " + KINDS);
      return;
    }
    try (ResponseInputStream<GetObjectResponse> object =
        s3.getObject(of -> of.bucket(out).key(key(batch, kind)))) {
      response.setStatus(200);
      response.getHeaders().put("content-type", "application/octet-stream");
      response.getHeaders().put("content-length", object.response().contentLength());
      response.getHeaders().put("x-content-type-options", "nosniff");
      response
          .getHeaders()
          .put("content-disposition", "attachment; filename=\"%s.%s\"".formatted(batch, kind));
      try (OutputStream body = Content.Sink.asOutputStream(response)) {
        var _ = object.transferTo(body);
      }
      callback.succeeded();
    } catch (NoSuchKeyException e) {
      Pages.refuse(response, callback, 404, "s3://%s has no %s".formatted(out, key(batch, kind)));
    }
  }

  @Override
  public void close() {
    s3.close();
  }
}
