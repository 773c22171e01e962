package dev.pilotlight.local.awssdk;

import static software.amazon.awssdk.services.s3.model.BucketVersioningStatus.ENABLED;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import org.gaul.s3proxy.blobstore.SdkResponses;
import org.gaul.s3proxy.blobstore.domain.MultipartUpload;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadResponse;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectRequest;
import software.amazon.awssdk.services.s3.model.DeleteObjectResponse;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.Part;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.PutObjectResponse;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// The objects of all buckets. Thread-safe: bodies are written and read outside the lock. A write
/// becomes visible and reaches the listener in one step inside the lock.
public final class ObjectStore extends BucketStore {
  private static final long PART_BYTES_MIN = 5 * 1024 * 1024;

  private final Disk disk;
  private final Listener listener;
  private final Changes changes;
  private final Map<String, Upload> uploads = new ConcurrentHashMap<>();

  private ObjectStore(Path bodies, Listener listener, Journal journal) {
    disk = new Disk(bodies);
    this.listener = listener;
    changes = new Changes(journal);
  }

  /// Opens an empty store.
  ///
  /// @param directory an empty one for the bodies, which the caller deletes later
  public static ObjectStore temporary(Path directory, Listener listener) {
    return new ObjectStore(directory, listener, Journal.none());
  }

  /// Opens a store with the objects of an earlier store on this directory, also if that was killed.
  ///
  /// @throws IllegalStateException if its journal is damaged
  public static ObjectStore kept(Path directory, Listener listener) throws IOException {
    Path journal = directory.resolve("journal");
    Path next = directory.resolve("journal.next");
    Path bodies = Files.createDirectories(directory.resolve("bodies"));
    ObjectStore store = new ObjectStore(bodies, listener, Journal.create(next));
    if (Files.exists(journal)) {
      store.disk.deleteAllBut(store.changes.read(journal, bodies, store.buckets, store.uploads));
    }
    // without versions that were deleted
    store.changes.all(store.buckets, store.uploads);
    Journal.replace(journal, next);
    return store;
  }

  @Override
  Changes changes() {
    return changes;
  }

  @Override
  public void close() {
    changes.journal().close();
  }

  private record Opened(GetObjectResponse head, InputStream body) {}

  private record Published(GetObjectResponse head, @Nullable String versionId) {}

  @Override
  public PutObjectResponse putBlob(PutObjectRequest request, InputStream payload) {
    Keys.require(request.key());
    Disk.Body body = disk.write(payload, request.contentLength(), request.contentMD5());
    Conditions conditions = Conditions.ofWrite(request.ifMatch(), request.ifNoneMatch());
    GetObjectResponse head = Heads.of(request, body);
    Published done =
        publish("ObjectCreated:Put", request.bucket(), request.key(), head, body, conditions);
    return PutObjectResponse.builder()
        .eTag(head.eTag())
        .versionId(done.versionId())
        .serverSideEncryption(head.serverSideEncryptionAsString())
        .ssekmsKeyId(head.ssekmsKeyId())
        .bucketKeyEnabled(head.bucketKeyEnabled())
        .build();
  }

  @Override
  public CopyObjectResponse copyBlob(CopyObjectRequest request) {
    Keys.require(request.destinationKey());
    Opened source =
        open(
            GetObjectRequest.builder()
                .bucket(request.sourceBucket())
                .key(request.sourceKey())
                .versionId(request.sourceVersionId())
                .build(),
            Conditions.of(request)::requireForCopy);
    Disk.Body body = disk.write(source.body(), source.head().contentLength(), null);
    GetObjectResponse head = Heads.of(request, source.head(), body);
    Published done =
        publish(
            "ObjectCreated:Copy",
            request.destinationBucket(),
            request.destinationKey(),
            head,
            body,
            Conditions.none());
    return SdkResponses.copyResponse(
            head.eTag(), head.lastModified(), done.versionId(), source.head().versionId())
        .copy(it -> it.serverSideEncryption(head.serverSideEncryptionAsString()));
  }

  @Override
  public HeadObjectResponse blobMetadata(HeadObjectRequest request) {
    synchronized (lock) {
      Bucket bucket = bucket(request.bucket());
      return SdkResponses.toHead(
          head(bucket, bucket.read(request.key(), emptyToNull(request.versionId()))));
    }
  }

  @Override
  public ResponseInputStream<GetObjectResponse> getBlob(GetObjectRequest request) {
    Opened opened = open(request, Conditions.of(request)::requireForRead);
    return SdkResponses.getResponse(opened.head(), opened.body());
  }

  @Override
  public DeleteObjectResponse removeBlob(DeleteObjectRequest request) {
    synchronized (lock) {
      Bucket bucket = bucket(request.bucket());
      if (request.ifMatch() != null) {
        Conditions.ofWrite(request.ifMatch(), null)
            .requireForWrite(currentHead(bucket, request.key()));
      }
      DeleteObjectResponse.Builder answer = DeleteObjectResponse.builder();
      String id = emptyToNull(request.versionId());
      Version left = id == null ? bucket.delete(request.key()) : bucket.remove(request.key(), id);
      if (left instanceof Version.Marker) {
        answer.deleteMarker(true);
      }
      return answer.versionId(left == null ? id : bucket.shown(left)).build();
    }
  }

  @Override
  public MultipartUpload initiateMultipartUpload(CreateMultipartUploadRequest request) {
    Keys.require(request.key());
    synchronized (lock) {
      Bucket _ = bucket(request.bucket());
    }
    Upload upload = Upload.begin(request, changes);
    uploads.put(upload.id(), upload);
    return upload.toAnswer();
  }

  @Override
  public UploadPartResponse uploadMultipartPart(
      MultipartUpload mpu, UploadPartRequest request, InputStream payload) {
    Upload upload = upload(mpu);
    Disk.Body body = disk.write(payload, request.contentLength(), request.contentMD5());
    upload.put(request.partNumber(), body);
    return SdkResponses.uploadedPart(body.md5());
  }

  @Override
  public List<Part> listMultipartUpload(MultipartUpload mpu) {
    return upload(mpu).parts();
  }

  @Override
  public List<software.amazon.awssdk.services.s3.model.MultipartUpload> listMultipartUploads(
      String container) {
    synchronized (lock) {
      Bucket _ = bucket(container);
    }
    return uploads.values().stream()
        .filter(upload -> upload.request().bucket().equals(container))
        .map(Upload::toListing)
        .toList();
  }

  @Override
  public void abortMultipartUpload(MultipartUpload mpu) {
    upload(mpu).abort();
    uploads.remove(mpu.id());
  }

  @Override
  public CompleteMultipartUploadResponse completeMultipartUpload(
      MultipartUpload mpu, CompleteMultipartUploadRequest request) {
    Upload upload = upload(mpu);
    Conditions conditions = Conditions.ofWrite(request.ifMatch(), request.ifNoneMatch());
    Published done =
        upload.complete(
            request.multipartUpload().parts(),
            parts -> {
              Disk.Body body = disk.join(parts);
              return publish(
                  "ObjectCreated:CompleteMultipartUpload",
                  mpu.containerName(),
                  mpu.blobName(),
                  Heads.of(upload.request(), body),
                  body,
                  conditions);
            });
    uploads.remove(mpu.id());
    return CompleteMultipartUploadResponse.builder()
        .eTag(done.head().eTag())
        .versionId(done.versionId())
        .serverSideEncryption(done.head().serverSideEncryptionAsString())
        .ssekmsKeyId(done.head().ssekmsKeyId())
        .build();
  }

  @Override
  public long getMinimumMultipartPartSize() {
    return PART_BYTES_MIN;
  }

  private Published publish(
      String eventName,
      String container,
      String key,
      GetObjectResponse head,
      Disk.Body body,
      Conditions conditions) {
    try {
      synchronized (lock) {
        Bucket bucket = bucket(container);
        conditions.requireForWrite(currentHead(bucket, key));
        Version version = bucket.put(key, head, body.file());
        String id = bucket.versioning() == ENABLED ? version.id() : "";
        listener.created(eventName, container, key, id, body.md5(), body.bytes());
        return new Published(head, bucket.shown(version));
      }
    } catch (RuntimeException e) {
      Disk.delete(body.file());
      throw e;
    }
  }

  private Opened open(GetObjectRequest request, Consumer<GetObjectResponse> requirement) {
    synchronized (lock) {
      Bucket bucket = bucket(request.bucket());
      Version.Kept kept = bucket.read(request.key(), emptyToNull(request.versionId()));
      GetObjectResponse head = head(bucket, kept);
      requirement.accept(head);
      if (request.range() == null) {
        return new Opened(head, Disk.read(kept.file(), 0, head.contentLength()));
      }
      ByteRange range = ByteRange.of(request.range(), head.contentLength());
      return new Opened(
          head.toBuilder()
              .contentLength(range.bytes())
              .contentRange(range.contentRange(head.contentLength()))
              .build(),
          Disk.read(kept.file(), range.start(), range.bytes()));
    }
  }

  private Upload upload(MultipartUpload named) {
    Upload upload = uploads.get(named.id());
    if (upload == null || !upload.isOf(named.containerName(), named.blobName())) {
      throw Refusals.noSuchUpload(named.id());
    }
    return upload;
  }

  private static GetObjectResponse head(Bucket bucket, Version.Kept version) {
    return version.head().toBuilder().versionId(bucket.shown(version)).build();
  }

  private static @Nullable GetObjectResponse currentHead(Bucket bucket, String key) {
    Version.Kept current = bucket.current(key);
    return current == null ? null : current.head();
  }

  private static @Nullable String emptyToNull(@Nullable String value) {
    return "".equals(value) ? null : value;
  }
}
