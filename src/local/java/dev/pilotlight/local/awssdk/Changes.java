package dev.pilotlight.local.awssdk;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// Writes each change of a store to a [Journal], and replays them.
record Changes(Journal journal) {

  void bucketMade(Bucket bucket) {
    journal.append(bucketLine("bucket", bucket.name()).put("created", bucket.created().toString()));
  }

  void bucketDeleted(String bucket) {
    journal.append(bucketLine("no-bucket", bucket));
  }

  void versioningSet(String bucket, BucketVersioningStatus status) {
    journal.append(bucketLine("versioning", bucket).put("status", status.toString()));
  }

  void added(String bucket, String key, Version version) {
    switch (version) {
      case Version.Kept kept -> {
        ObjectNode line = keyLine("object", bucket, key, kept.id());
        line.put("file", name(kept.file())).set("head", Pojos.write(kept.head()));
        journal.append(line);
      }
      case Version.Marker marker ->
          journal.append(
              keyLine("marker", bucket, key, marker.id())
                  .put("written", marker.lastModified().toString()));
    }
  }

  void removed(String bucket, String key, String version) {
    journal.append(keyLine("no-version", bucket, key, version));
  }

  void uploadMade(Upload upload) {
    ObjectNode line = uploadLine("upload", upload.id());
    line.put("initiated", upload.initiated().toString());
    line.set("request", Pojos.write(upload.request()));
    journal.append(line);
  }

  void partWritten(String upload, int number, Upload.Uploaded part) {
    journal.append(
        uploadLine("part", upload)
            .put("number", number)
            .put("file", name(part.body().file()))
            .put("bytes", part.body().bytes())
            .put("md5", part.body().md5())
            .put("written", part.written().toString()));
  }

  void uploadEnded(String upload) {
    journal.append(uploadLine("no-upload", upload));
  }

  private static ObjectNode bucketLine(String change, String bucket) {
    return Journal.line(change).put("bucket", bucket);
  }

  private static ObjectNode keyLine(String change, String bucket, String key, String version) {
    return bucketLine(change, bucket).put("key", key).put("version", version);
  }

  private static ObjectNode uploadLine(String change, String upload) {
    return Journal.line(change).put("upload", upload);
  }

  private static String name(Path file) {
    return String.valueOf(file.getFileName());
  }

  /// Writes the whole content of a store.
  void all(Map<String, Bucket> buckets, Map<String, Upload> uploads) {
    for (Bucket bucket : buckets.values()) {
      bucketMade(bucket);
      BucketVersioningStatus versioning = bucket.versioning();
      if (versioning != null) {
        versioningSet(bucket.name(), versioning);
      }
      bucket
          .keys()
          .forEach(
              (key, versions) ->
                  versions
                      .descendingIterator()
                      .forEachRemaining(version -> added(bucket.name(), key, version)));
    }
    for (Upload upload : uploads.values()) {
      uploadMade(upload);
      upload.forEachPart((number, part) -> partWritten(upload.id(), number, part));
    }
  }

  /// Replays all changes of another journal.
  ///
  /// @param bodies the directory of the files
  /// @return the files that the store needs
  Set<Path> read(Path from, Path bodies, Map<String, Bucket> buckets, Map<String, Upload> uploads)
      throws IOException {
    Journal.read(from, (change, line) -> make(change, line, bodies, buckets, uploads));
    Set<Path> needed = new HashSet<>();
    for (Bucket bucket : buckets.values()) {
      bucket
          .keys()
          .values()
          .forEach(versions -> versions.forEach(version -> addFile(version, needed)));
    }
    uploads
        .values()
        .forEach(upload -> upload.forEachPart((_, part) -> needed.add(part.body().file())));
    return needed;
  }

  private static void addFile(Version version, Set<Path> needed) {
    if (version instanceof Version.Kept kept) {
      needed.add(kept.file());
    }
  }

  private void make(
      String change,
      JsonNode line,
      Path bodies,
      Map<String, Bucket> buckets,
      Map<String, Upload> uploads) {
    switch (change) {
      case "bucket" -> {
        String name = text(line, "bucket");
        buckets.put(name, new Bucket(name, time(line, "created"), this));
      }
      case "no-bucket" -> buckets.remove(text(line, "bucket"));
      case "versioning" ->
          bucket(buckets, line)
              .restoreVersioning(BucketVersioningStatus.fromValue(text(line, "status")));
      case "object" ->
          bucket(buckets, line)
              .restore(
                  text(line, "key"),
                  new Version.Kept(
                      text(line, "version"),
                      Pojos.read(GetObjectResponse.builder(), line.required("head")).build(),
                      bodies.resolve(text(line, "file"))));
      case "marker" ->
          bucket(buckets, line)
              .restore(
                  text(line, "key"),
                  new Version.Marker(text(line, "version"), time(line, "written")));
      case "no-version" -> bucket(buckets, line).drop(text(line, "key"), text(line, "version"));
      case "upload" -> {
        var request =
            Pojos.read(CreateMultipartUploadRequest.builder(), line.required("request")).build();
        String id = text(line, "upload");
        uploads.put(id, new Upload(id, time(line, "initiated"), request, this));
      }
      case "part" -> {
        Disk.Body body =
            new Disk.Body(
                bodies.resolve(text(line, "file")),
                line.required("bytes").longValue(),
                text(line, "md5"));
        Objects.requireNonNull(uploads.get(text(line, "upload")))
            .restore(
                line.required("number").intValue(),
                new Upload.Uploaded(body, time(line, "written")));
      }
      case "no-upload" -> uploads.remove(text(line, "upload"));
      default -> throw new IllegalArgumentException("unknown change: " + change);
    }
  }

  private static Bucket bucket(Map<String, Bucket> buckets, JsonNode line) {
    return Objects.requireNonNull(buckets.get(text(line, "bucket")));
  }

  /// @throws IllegalArgumentException if the line lacks it, as for its other fields
  private static String text(JsonNode line, String name) {
    return line.required(name).asText();
  }

  private static Instant time(JsonNode line, String name) {
    return Instant.parse(text(line, name));
  }
}
