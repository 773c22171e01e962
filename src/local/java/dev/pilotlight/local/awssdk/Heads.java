package dev.pilotlight.local.awssdk;

import java.time.Instant;
import java.util.List;
import software.amazon.awssdk.core.SdkPojo;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;

/// The metadata of an object, taken from the request that made it. The answers claim the encryption
/// that was asked for; nothing is encrypted.
final class Heads {
  private static final List<String> METADATA =
      List.of(
          "Metadata",
          "ContentType",
          "ContentEncoding",
          "ContentLanguage",
          "ContentDisposition",
          "CacheControl");
  private static final List<String> ENCRYPTION =
      List.of("ServerSideEncryption", "SSEKMSKeyId", "BucketKeyEnabled");

  private Heads() {}

  /// @param request a PutObjectRequest or a CreateMultipartUploadRequest
  static GetObjectResponse of(SdkPojo request, Disk.Body body) {
    GetObjectResponse.Builder head = GetObjectResponse.builder();
    Pojos.copy(request, head, METADATA);
    Pojos.copy(request, head, List.of("StorageClass"));
    return complete(head, request, body);
  }

  /// @param source of the object that is copied, whose metadata stay unless others are given
  static GetObjectResponse of(CopyObjectRequest request, GetObjectResponse source, Disk.Body body) {
    boolean replaced = request.metadataDirective() == MetadataDirective.REPLACE;
    GetObjectResponse.Builder head =
        replaced ? Pojos.copy(request, GetObjectResponse.builder(), METADATA) : source.toBuilder();
    return complete(head, request, body);
  }

  private static GetObjectResponse complete(
      GetObjectResponse.Builder head, SdkPojo request, Disk.Body body) {
    return Pojos.copy(request, head, ENCRYPTION)
        .eTag(body.md5())
        .contentLength(body.bytes())
        .lastModified(Instant.now())
        .build();
  }
}
