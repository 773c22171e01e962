package dev.pilotlight.handler.demand;

import dev.pilotlight.files.FileObjects;
import dev.pilotlight.files.Page;
import dev.pilotlight.files.StoredFile;
import dev.pilotlight.files.Uploads;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.support.json.JsonBytes;
import org.jspecify.annotations.Nullable;

/// Answers about files, in OpenAI's form.
final class FileJson {
  private static final int OK = 200;
  private static final String OBJECT = "object";

  private FileJson() {}

  /// @param upload the request that uploads the file; null for none
  static HttpResponse file(StoredFile file, FileObjects.@Nullable PresignedPut upload) {
    JsonBytes json = fields(new JsonBytes().object(), file);
    if (upload != null) {
      json.name("upload").object().field("url", upload.url().toString());
      json.field("method", upload.method()).name("headers").object();
      upload.headers().forEach(json::field);
      json.endObject().field("expires_at", upload.expires().getEpochSecond()).endObject();
    }
    return answer(json.endObject());
  }

  private static JsonBytes fields(JsonBytes json, StoredFile file) {
    return json.field("id", file.id())
        .field(OBJECT, "file")
        .field("bytes", file.bytes())
        .field("created_at", file.created().getEpochSecond())
        .field("expires_at", file.expires().getEpochSecond())
        .field("filename", file.filename())
        .field("purpose", file.purpose().wireName())
        .field("status", file.status().wireName());
  }

  static HttpResponse list(Page<StoredFile> page) {
    return HttpResponse.json(
        OK, page.json((file, json) -> fields(json.object(), file).endObject(), StoredFile::id));
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
      fields(json.name("file").object(), file).endObject();
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
