package dev.pilotlight.local.awssdk;

import java.time.Instant;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/// What is kept beside a body, from the request that made the object. Encryption is claimed as it
/// was asked for; nothing is encrypted.
final class Heads {
  private Heads() {}

  static GetObjectResponse of(PutObjectRequest request, Disk.Body body) {
    return written(body)
        .metadata(request.metadata())
        .contentType(request.contentType())
        .contentEncoding(request.contentEncoding())
        .contentLanguage(request.contentLanguage())
        .contentDisposition(request.contentDisposition())
        .cacheControl(request.cacheControl())
        .storageClass(request.storageClassAsString())
        .serverSideEncryption(request.serverSideEncryptionAsString())
        .ssekmsKeyId(request.ssekmsKeyId())
        .bucketKeyEnabled(request.bucketKeyEnabled())
        .build();
  }

  static GetObjectResponse of(CreateMultipartUploadRequest request, Disk.Body body) {
    return written(body)
        .metadata(request.metadata())
        .contentType(request.contentType())
        .contentEncoding(request.contentEncoding())
        .contentLanguage(request.contentLanguage())
        .contentDisposition(request.contentDisposition())
        .cacheControl(request.cacheControl())
        .storageClass(request.storageClassAsString())
        .serverSideEncryption(request.serverSideEncryptionAsString())
        .ssekmsKeyId(request.ssekmsKeyId())
        .bucketKeyEnabled(request.bucketKeyEnabled())
        .build();
  }

  /// @param source of the object that is copied, whose metadata stay unless others are given
  static GetObjectResponse of(CopyObjectRequest request, GetObjectResponse source, Disk.Body body) {
    boolean replaced = request.metadataDirective() == MetadataDirective.REPLACE;
    GetObjectResponse.Builder head =
        replaced
            ? GetObjectResponse.builder()
                .metadata(request.metadata())
                .contentType(request.contentType())
                .contentEncoding(request.contentEncoding())
                .contentLanguage(request.contentLanguage())
                .contentDisposition(request.contentDisposition())
                .cacheControl(request.cacheControl())
            : source.toBuilder();
    return written(head, body)
        .serverSideEncryption(request.serverSideEncryptionAsString())
        .ssekmsKeyId(request.ssekmsKeyId())
        .bucketKeyEnabled(request.bucketKeyEnabled())
        .build();
  }

  private static GetObjectResponse.Builder written(Disk.Body body) {
    return written(GetObjectResponse.builder(), body);
  }

  private static GetObjectResponse.Builder written(GetObjectResponse.Builder head, Disk.Body body) {
    return head.eTag(body.md5()).contentLength(body.bytes()).lastModified(Instant.now());
  }
}
