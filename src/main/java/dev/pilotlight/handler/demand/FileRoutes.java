package dev.pilotlight.handler.demand;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.files.FileSettings;
import dev.pilotlight.files.FileStore;
import dev.pilotlight.files.Files;
import dev.pilotlight.files.NewFile;
import dev.pilotlight.files.Purpose;
import dev.pilotlight.files.Uploads;
import dev.pilotlight.protocol.files.CompleteRequest;
import dev.pilotlight.protocol.files.FileQuery;
import dev.pilotlight.protocol.files.FileRequest;
import dev.pilotlight.protocol.files.PartRequest;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.http.ProtocolSettings;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.store.ResultStore.Policy;
import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.store.client.Clients;
import java.time.Duration;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// Answers the routes of files and uploads. Thread-safe.
final class FileRoutes {
  private static final int OK = 200;
  private static final int TEMPORARY_REDIRECT = 307;

  /// Room for the rest of an answer's event.
  private static final int EVENT_BYTES = 16 * 1024;

  private static final Set<String> PURPOSES =
      Arrays.stream(Purpose.values()).map(Purpose::wireName).collect(Collectors.toSet());

  private final @Nullable FileStore store;
  private final String unusable;
  private final long answerBytesMax;

  FileRoutes(
      StoreSettings results, FileSettings settings, ProtocolSettings protocol, Clients clients) {
    this.unusable =
        results.policy() == Policy.OFF
            ? "files need the table of results, and PILOTLIGHT_STORE is off"
            : "files need a bucket, and PILOTLIGHT_FILES_BUCKET is not set";
    boolean usable = results.policy() != Policy.OFF && !settings.bucket().isEmpty();
    this.store = usable ? new FileStore(settings, results.table(), clients) : null;
    // an event has bytes in base64
    this.answerBytesMax = (protocol.responseBytesMax() - EVENT_BYTES) / 4L * 3;
  }

  /// @param owner the tenant and its generation
  /// @throws Refusal for a request that the caller can correct, or send again
  HttpResponse answer(HttpRequest request, Route.Files route, String owner, Deadline end) {
    FileStore files = store;
    if (files == null) {
      throw Refusal.notFound(null, unusable);
    }
    return StorageCalls.answer(() -> answer(files, request, route, owner, end));
  }

  private HttpResponse answer(
      FileStore files, HttpRequest request, Route.Files route, String owner, Deadline end) {
    Uploads uploads = files.uploads();
    return switch (route) {
      case Route.CreateFile() -> create(files, FileRequest.read(request), owner, end);
      case Route.FileList() -> list(files.files(), FileQuery.of(request, PURPOSES), owner, end);
      case Route.FileOf(String id) -> FileJson.file(files.find(owner, id, end), null);
      case Route.FileContent(String id) -> content(files.content(owner, id, answerBytesMax, end));
      case Route.DeleteFile(String id) -> {
        files.delete(owner, id, end);
        yield FileJson.deleted(id);
      }
      case Route.CreateUpload() -> {
        FileRequest asked = FileRequest.readUpload(request);
        yield FileJson.upload(uploads.begin(owner, described(asked), asked.bytes(), end));
      }
      case Route.UploadPart(String id) ->
          FileJson.part(uploads.add(owner, id, PartRequest.read(request), end));
      case Route.CompleteUpload(String id) -> {
        CompleteRequest asked = CompleteRequest.read(request, Uploads.PARTS_MAX);
        yield FileJson.upload(uploads.complete(owner, id, asked.partIds(), asked.md5(), end));
      }
      case Route.CancelUpload(String id) -> FileJson.upload(uploads.cancel(owner, id, end));
    };
  }

  private static HttpResponse create(
      FileStore files, FileRequest asked, String owner, Deadline end) {
    byte[] data = asked.data();
    if (data != null) {
      return FileJson.file(files.add(owner, described(asked), data, end), null);
    }
    FileStore.Announced announced = files.announce(owner, described(asked), asked.bytes(), end);
    return FileJson.file(announced.file(), announced.ticket());
  }

  private static NewFile described(FileRequest asked) {
    Long seconds = asked.expiresSeconds();
    Duration after = seconds == null ? null : Duration.ofSeconds(seconds);
    return new NewFile(asked.filename(), after, asked.expiresField());
  }

  private static HttpResponse list(Files files, FileQuery query, String owner, Deadline end) {
    String purpose = query.purpose();
    Files.Order order = query.newestFirst() ? Files.Order.DESC : Files.Order.ASC;
    return FileJson.list(
        files
            .list(
                owner,
                purpose == null ? null : Purpose.of(purpose).orElseThrow(),
                query.after(),
                query.limit(),
                order,
                end)
            .orElseThrow(
                () -> Refusal.invalid("after", "after is not the id of a file; accepted: one")));
  }

  private static HttpResponse content(FileStore.Content content) {
    return switch (content) {
      case FileStore.Content.Bytes(var _, byte[] bytes) ->
          new HttpResponse(OK, Map.of(HttpResponse.CONTENT_TYPE, MediaTypes.OCTETS), bytes, true);
      case FileStore.Content.Place(var url) -> {
        Map<String, String> headers = new LinkedHashMap<>();
        headers.put("location", url.toString());
        headers.put("cache-control", "no-store");
        yield HttpResponse.empty(TEMPORARY_REDIRECT).with(headers);
      }
    };
  }
}
