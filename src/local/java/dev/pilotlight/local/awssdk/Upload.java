package dev.pilotlight.local.awssdk;

import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.Function;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/// A multipart upload that is neither completed nor aborted, or was just now. Thread-safe.
final class Upload {
  private final String id = UUID.randomUUID().toString();
  private final Instant initiated = Instant.now();
  private final CreateMultipartUploadRequest request;
  private final NavigableMap<Integer, Uploaded> parts = new TreeMap<>();
  private boolean ended;

  private record Uploaded(Disk.Body body, Instant written) {}

  Upload(CreateMultipartUploadRequest request) {
    this.request = request;
  }

  String id() {
    return id;
  }

  /// What it was started with: where to, and the metadata of the object.
  CreateMultipartUploadRequest request() {
    return request;
  }

  boolean isOf(String bucket, String key) {
    return request.bucket().equals(bucket) && request.key().equals(key);
  }

  /// Adds a part, or replaces it.
  synchronized void put(int number, Disk.Body body) {
    if (ended) {
      Disk.delete(body.file());
      throw Refusals.noSuchUpload(id);
    }
    Uploaded replaced = parts.put(number, new Uploaded(body, Instant.now()));
    if (replaced != null) {
      Disk.delete(replaced.body().file());
    }
  }

  /// Ends it with an object, unless that throws: then it goes on.
  synchronized <T> T complete(List<CompletedPart> named, Function<List<Disk.Body>, T> finish) {
    requireGoingOn();
    T result = finish.apply(named.stream().map(this::body).toList());
    end();
    return result;
  }

  synchronized void abort() {
    requireGoingOn();
    end();
  }

  /// In the order of their numbers.
  synchronized List<Part> parts() {
    requireGoingOn();
    return parts.entrySet().stream()
        .map(
            part ->
                Part.builder()
                    .partNumber(part.getKey())
                    .size(part.getValue().body().bytes())
                    .eTag(part.getValue().body().md5())
                    .lastModified(part.getValue().written())
                    .build())
        .toList();
  }

  MultipartUpload listed() {
    return MultipartUpload.builder().key(request.key()).uploadId(id).initiated(initiated).build();
  }

  private Disk.Body body(CompletedPart named) {
    Uploaded part = parts.get(named.partNumber());
    if (part == null || !part.body().md5().equals(named.eTag().replace("\"", ""))) {
      throw Refusals.invalidPart(named.partNumber());
    }
    return part.body();
  }

  private void requireGoingOn() {
    if (ended) {
      throw Refusals.noSuchUpload(id);
    }
  }

  private void end() {
    ended = true;
    parts.values().forEach(part -> Disk.delete(part.body().file()));
    parts.clear();
  }
}
