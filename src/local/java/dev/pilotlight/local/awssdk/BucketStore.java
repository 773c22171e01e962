package dev.pilotlight.local.awssdk;

import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.gaul.s3proxy.blobstore.SdkResponses;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.BucketCannedACL;
import software.amazon.awssdk.services.s3.model.CreateBucketRequest;
import software.amazon.awssdk.services.s3.model.CreateBucketResponse;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.GetBucketVersioningResponse;
import software.amazon.awssdk.services.s3.model.HeadBucketRequest;
import software.amazon.awssdk.services.s3.model.HeadBucketResponse;
import software.amazon.awssdk.services.s3.model.ListBucketsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsRequest;
import software.amazon.awssdk.services.s3.model.ListObjectVersionsResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningRequest;
import software.amazon.awssdk.services.s3.model.PutBucketVersioningResponse;

/// The buckets and their listings. Everything is private and every caller is the owner: access
/// lists are accepted and ignored.
abstract class BucketStore implements BlobStore {
  private static final int PAGE_MAX = 1000;

  /// Guards the buckets and their objects.
  final Object lock = new Object();

  final Map<String, Bucket> buckets = new TreeMap<>();

  /// Records every change before it is visible.
  abstract Changes changes();

  /// The caller holds the lock.
  ///
  /// @throws software.amazon.awssdk.awscore.exception.AwsServiceException 404
  final Bucket bucket(String name) {
    Bucket bucket = buckets.get(name);
    if (bucket == null) {
      throw S3Exceptions.noSuchBucket(name, "there is no such bucket");
    }
    return bucket;
  }

  /// Makes a bucket unless it exists.
  public final void requireBucket(String name) {
    synchronized (lock) {
      if (!buckets.containsKey(name)) {
        Bucket bucket = new Bucket(name, Instant.now(), changes());
        changes().bucketMade(bucket);
        buckets.put(name, bucket);
      }
    }
  }

  @Override
  public ListBucketsResponse list() {
    synchronized (lock) {
      return ListBucketsResponse.builder()
          .buckets(
              buckets.values().stream()
                  .map(bucket -> SdkResponses.bucket(bucket.name(), bucket.created()))
                  .toList())
          .build();
    }
  }

  @Override
  public HeadBucketResponse headBucket(HeadBucketRequest request) {
    synchronized (lock) {
      Bucket _ = bucket(request.bucket());
      return HeadBucketResponse.builder().build();
    }
  }

  @Override
  public CreateBucketResponse createContainer(CreateBucketRequest request) {
    synchronized (lock) {
      if (buckets.containsKey(request.bucket())) {
        throw S3Exceptions.bucketAlreadyOwnedByYou(request.bucket());
      }
      requireBucket(request.bucket());
      return CreateBucketResponse.builder().build();
    }
  }

  @Override
  public void deleteBucket(String name) {
    synchronized (lock) {
      Bucket bucket = buckets.get(name);
      if (bucket != null && !bucket.isEmpty()) {
        throw S3Exceptions.bucketNotEmpty(name);
      }
      if (bucket != null) {
        changes().bucketDeleted(name);
        buckets.remove(name);
      }
    }
  }

  @Override
  public ListObjectsV2Response list(ListObjectsV2Request request) {
    String after =
        request.continuationToken() == null
            ? request.startAfter()
            : Listings.fromToken(request.continuationToken());
    Page.Query query =
        new Page.Query(request.prefix(), request.delimiter(), after, max(request.maxKeys()));
    synchronized (lock) {
      return Listings.objects(bucket(request.bucket()), query);
    }
  }

  @Override
  public ListObjectVersionsResponse listVersions(ListObjectVersionsRequest request) {
    Page.Query query =
        new Page.Query(
            request.prefix(), request.delimiter(), request.keyMarker(), max(request.maxKeys()));
    synchronized (lock) {
      return Listings.versions(bucket(request.bucket()), query);
    }
  }

  @Override
  public boolean supportsVersioning() {
    return true;
  }

  @Override
  public boolean supportsServerSideEncryption() {
    return true;
  }

  @Override
  public GetBucketVersioningResponse getBucketVersioning(GetBucketVersioningRequest request) {
    synchronized (lock) {
      return GetBucketVersioningResponse.builder()
          .status(bucket(request.bucket()).versioning())
          .build();
    }
  }

  @Override
  public PutBucketVersioningResponse putBucketVersioning(PutBucketVersioningRequest request) {
    synchronized (lock) {
      bucket(request.bucket()).setVersioning(request.versioningConfiguration().status());
      return PutBucketVersioningResponse.builder().build();
    }
  }

  @Override
  public BucketCannedACL getContainerAccess(String container) {
    return BucketCannedACL.PRIVATE;
  }

  @Override
  public void setContainerAccess(String container, BucketCannedACL access) {}

  @Override
  public ObjectCannedACL getBlobAccess(String container, String name) {
    return getBlobAccess(container, name, null);
  }

  @Override
  public ObjectCannedACL getBlobAccess(String container, String name, @Nullable String versionId) {
    synchronized (lock) {
      Version _ = bucket(container).read(name, versionId);
      return ObjectCannedACL.PRIVATE;
    }
  }

  @Override
  public void setBlobAccess(String container, String name, ObjectCannedACL access) {
    setBlobAccess(container, name, access, null);
  }

  @Override
  public void setBlobAccess(
      String container, String name, ObjectCannedACL access, @Nullable String versionId) {
    ObjectCannedACL _ = getBlobAccess(container, name, versionId);
  }

  private static int max(@Nullable Integer asked) {
    return asked == null ? PAGE_MAX : asked;
  }
}
