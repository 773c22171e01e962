package dev.pilotlight.handler.demand;

import dev.pilotlight.files.FileObjects;
import dev.pilotlight.files.Files;
import dev.pilotlight.files.StoredFile;
import dev.pilotlight.files.Uploads;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.support.json.JsonBytes;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Answers about files, in OpenAI's form.
final class FileJson {
  private static final int OK = 200;
  private static final String OBJECT = "object";

  /// After which no further file is listed.
  static final int PAGE_BYTES = 2_000_000;

  private FileJson() {}

  /// @param ticket the request that uploads the file; null for none
  static HttpResponse file(StoredFile file, FileObjects.@Nullable Ticket ticket) {
    JsonBytes json = new JsonBytes().object();
    fields(json, file);
    if (ticket != null) {
      json.name("upload").object().field("url", ticket.url().toString());
      json.field("method", ticket.method()).name("headers").object();
      ticket.headers().forEach(json::field);
      json.endObject().field("expires_at", ticket.expires().getEpochSecond()).endObject();
    }
    return answer(json.endObject());
  }

  private static void fields(JsonBytes json, StoredFile file) {
    json.field("id", file.id())
        .field(OBJECT, "file")
        .field("bytes", file.bytes())
        .field("created_at", file.created().getEpochSecond())
        .field("expires_at", file.expires().getEpochSecond())
        .field("filename", file.filename())
        .field("purpose", file.purpose().wireName())
        .field("status", file.status().wireName());
  }

  /// A list that ends at [#PAGE_BYTES]: filenames may be long, and Lambda limits the response.
  static HttpResponse list(Files.Page page) {
    JsonBytes json = new JsonBytes().object().field(OBJECT, "list").name("data").array();
    List<String> ids = new ArrayList<>();
    for (StoredFile file : page.files()) {
      if (json.length() > PAGE_BYTES) {
        break;
      }
      json.object();
      fields(json, file);
      json.endObject();
      ids.add(file.id());
    }
    boolean isCut = ids.size() < page.files().size();
    json.endArray()
        .field("first_id", ids.isEmpty() ? null : ids.getFirst())
        .field("last_id", ids.isEmpty() ? null : ids.getLast())
        .field("has_more", isCut || page.hasMore());
    return answer(json.endObject());
  }

  static HttpResponse deleted(String id) {
    JsonBytes json = new JsonBytes().object().field("id", id).field(OBJECT, "file");
    return answer(json.field("deleted", true).endObject());
  }

  static HttpResponse upload(Uploads.View upload) {
    JsonBytes json =
        new JsonBytes()
            .object()
            .field("id", upload.id())
            .field(OBJECT, "upload")
            .field("bytes", upload.bytes())
            .field("created_at", upload.created().getEpochSecond())
            .field("expires_at", upload.expires().getEpochSecond())
            .field("filename", upload.filename())
            .field("purpose", "batch")
            .field("status", upload.status());
    StoredFile file = upload.file();
    if (file != null) {
      json.name("file").object();
      fields(json, file);
      json.endObject();
    }
    return answer(json.endObject());
  }

  static HttpResponse part(Uploads.Part part) {
    return answer(
        new JsonBytes()
            .object()
            .field("id", part.id())
            .field(OBJECT, "upload.part")
            .field("created_at", part.created().getEpochSecond())
            .field("upload_id", part.uploadId())
            .endObject());
  }

  private static HttpResponse answer(JsonBytes json) {
    return HttpResponse.json(OK, json.toByteArray());
  }
}
