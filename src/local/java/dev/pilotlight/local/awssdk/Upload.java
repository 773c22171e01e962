package dev.pilotlight.local.awssdk;

import java.time.Instant;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.Part;

/// A multipart upload, until it is completed or aborted. Thread-safe.
final class Upload {
  private final String id;
  private final Instant initiated;
  private final CreateMultipartUploadRequest request;
  private final Changes changes;
  private final NavigableMap<Integer, Uploaded> parts = new TreeMap<>();
  private boolean ended;

  record Uploaded(Disk.Body body, Instant written) {}

  /// @param changes records every change before it is made
  Upload(String id, Instant initiated, CreateMultipartUploadRequest request, Changes changes) {
    this.id = id;
    this.initiated = initiated;
    this.request = request;
    this.changes = changes;
  }

  static Upload begin(CreateMultipartUploadRequest request, Changes changes) {
    Upload upload = new Upload(UUID.randomUUID().toString(), Instant.now(), request, changes);
    changes.uploadMade(upload);
    return upload;
  }

  String id() {
    return id;
  }

  Instant initiated() {
    return initiated;
  }

  /// The request that began it: bucket, key and metadata of the object.
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
    Uploaded part = new Uploaded(body, Instant.now());
    changes.partWritten(id, number, part);
    restore(number, part);
  }

  /// Adds a part, or replaces it, without recording it.
  synchronized void restore(int number, Uploaded part) {
    Uploaded replaced = parts.put(number, part);
    if (replaced != null) {
      Disk.delete(replaced.body().file());
    }
  }

  synchronized void forEachPart(BiConsumer<Integer, Uploaded> consumer) {
    parts.forEach(consumer);
  }

  /// Ends the upload with an object. If `finish` throws, the upload stays open.
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

  /// The parts in the order of their numbers.
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

  /// The answer to the request that began it.
  org.gaul.s3proxy.blobstore.domain.MultipartUpload toAnswer() {
    return new org.gaul.s3proxy.blobstore.domain.MultipartUpload(
        id,
        request,
        CreateMultipartUploadResponse.builder()
            .serverSideEncryption(request.serverSideEncryptionAsString())
            .ssekmsKeyId(request.ssekmsKeyId())
            .bucketKeyEnabled(request.bucketKeyEnabled())
            .build());
  }

  MultipartUpload toListing() {
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
    changes.uploadEnded(id);
    ended = true;
    parts.values().forEach(part -> Disk.delete(part.body().file()));
    parts.clear();
  }
}
