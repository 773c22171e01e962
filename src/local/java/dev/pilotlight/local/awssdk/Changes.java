package dev.pilotlight.local.awssdk;

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

/// What a [Journal] holds: how each change of a store is written, and made again.
record Changes(Journal journal) {

  void bucketMade(Bucket bucket) {
    journal.append(
        "bucket",
        json -> {
          json.writeStringField("bucket", bucket.name());
          json.writeStringField("created", bucket.created().toString());
        });
  }

  void bucketDeleted(String bucket) {
    journal.append("no-bucket", json -> json.writeStringField("bucket", bucket));
  }

  void versioningSet(String bucket, BucketVersioningStatus status) {
    journal.append(
        "versioning",
        json -> {
          json.writeStringField("bucket", bucket);
          json.writeStringField("status", status.toString());
        });
  }

  void added(String bucket, String key, Version version) {
    switch (version) {
      case Version.Kept kept ->
          journal.append(
              "object",
              json -> {
                json.writeStringField("bucket", bucket);
                json.writeStringField("key", key);
                json.writeStringField("version", kept.id());
                json.writeStringField("file", kept.file().getFileName().toString());
                json.writeFieldName("head");
                Pojos.write(json, kept.head());
              });
      case Version.Marker marker ->
          journal.append(
              "marker",
              json -> {
                json.writeStringField("bucket", bucket);
                json.writeStringField("key", key);
                json.writeStringField("version", marker.id());
                json.writeStringField("written", marker.written().toString());
              });
    }
  }

  void removed(String bucket, String key, String version) {
    journal.append(
        "no-version",
        json -> {
          json.writeStringField("bucket", bucket);
          json.writeStringField("key", key);
          json.writeStringField("version", version);
        });
  }

  void uploadMade(Upload upload) {
    journal.append(
        "upload",
        json -> {
          json.writeStringField("upload", upload.id());
          json.writeStringField("initiated", upload.initiated().toString());
          json.writeFieldName("request");
          Pojos.write(json, upload.request());
        });
  }

  void partWritten(String upload, int number, Upload.Uploaded part) {
    journal.append(
        "part",
        json -> {
          json.writeStringField("upload", upload);
          json.writeNumberField("number", number);
          json.writeStringField("file", part.body().file().getFileName().toString());
          json.writeNumberField("bytes", part.body().bytes());
          json.writeStringField("md5", part.body().md5());
          json.writeStringField("written", part.written().toString());
        });
  }

  void uploadEnded(String upload) {
    journal.append("no-upload", json -> json.writeStringField("upload", upload));
  }

  /// Writes all that a store holds.
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

  /// Makes all changes of another journal again.
  ///
  /// @param bodies where the files are
  /// @return the files that are needed
  Set<Path> read(Path from, Path bodies, Map<String, Bucket> buckets, Map<String, Upload> uploads)
      throws IOException {
    Journal.read(from, (change, fields) -> make(change, fields, bodies, buckets, uploads));
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
      Map<String, Object> fields,
      Path bodies,
      Map<String, Bucket> buckets,
      Map<String, Upload> uploads) {
    Line line = new Line(fields);
    switch (change) {
      case "bucket" -> {
        String name = line.text("bucket");
        buckets.put(name, new Bucket(name, line.time("created"), this));
      }
      case "no-bucket" -> buckets.remove(line.text("bucket"));
      case "versioning" ->
          bucket(buckets, line)
              .restoreVersioning(BucketVersioningStatus.fromValue(line.text("status")));
      case "object" ->
          bucket(buckets, line)
              .restore(
                  line.text("key"),
                  new Version.Kept(
                      line.text("version"),
                      Pojos.read(GetObjectResponse.builder(), line.object("head")).build(),
                      bodies.resolve(line.text("file"))));
      case "marker" ->
          bucket(buckets, line)
              .restore(
                  line.text("key"), new Version.Marker(line.text("version"), line.time("written")));
      case "no-version" -> bucket(buckets, line).drop(line.text("key"), line.text("version"));
      case "upload" -> {
        var request =
            Pojos.read(CreateMultipartUploadRequest.builder(), line.object("request")).build();
        String id = line.text("upload");
        uploads.put(id, new Upload(id, line.time("initiated"), request, this));
      }
      case "part" -> {
        Disk.Body body =
            new Disk.Body(
                bodies.resolve(line.text("file")), line.number("bytes"), line.text("md5"));
        Objects.requireNonNull(uploads.get(line.text("upload")))
            .restore((int) line.number("number"), new Upload.Uploaded(body, line.time("written")));
      }
      case "no-upload" -> uploads.remove(line.text("upload"));
      default -> throw new IllegalArgumentException("unknown change: " + change);
    }
  }

  private static Bucket bucket(Map<String, Bucket> buckets, Line line) {
    return Objects.requireNonNull(buckets.get(line.text("bucket")));
  }

  private record Line(Map<String, Object> fields) {
    String text(String name) {
      return (String) Objects.requireNonNull(fields.get(name), name);
    }

    Instant time(String name) {
      return Instant.parse(text(name));
    }

    long number(String name) {
      return (Long) Objects.requireNonNull(fields.get(name), name);
    }

    Map<?, ?> object(String name) {
      return (Map<?, ?>) Objects.requireNonNull(fields.get(name), name);
    }
  }
}
