package dev.pilotlight.local.awssdk;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import org.gaul.s3proxy.blobstore.S3Exceptions;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.CopyObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/// The conditions of a request on the existing object. ETags come with quotes or without; times are
/// whole seconds.
record Conditions(
    @Nullable String ifMatch,
    @Nullable String ifNoneMatch,
    @Nullable Instant ifModifiedSince,
    @Nullable Instant ifUnmodifiedSince) {

  static Conditions of(GetObjectRequest request) {
    return new Conditions(
        request.ifMatch(),
        request.ifNoneMatch(),
        request.ifModifiedSince(),
        request.ifUnmodifiedSince());
  }

  static Conditions of(CopyObjectRequest request) {
    return new Conditions(
        request.copySourceIfMatch(),
        request.copySourceIfNoneMatch(),
        request.copySourceIfModifiedSince(),
        request.copySourceIfUnmodifiedSince());
  }

  static Conditions ofWrite(@Nullable String ifMatch, @Nullable String ifNoneMatch) {
    return new Conditions(ifMatch, ifNoneMatch, null, null);
  }

  static Conditions none() {
    return ofWrite(null, null);
  }

  /// @throws AwsServiceException 304 or 412
  void requireForRead(GetObjectResponse found) {
    require(found, Refusals.notModified(found.eTag()));
  }

  /// @throws AwsServiceException 412
  void requireForCopy(GetObjectResponse found) {
    require(found, S3Exceptions.preconditionFailed(null));
  }

  /// @param found null if there is no such object
  /// @throws AwsServiceException 412
  void requireForWrite(@Nullable GetObjectResponse found) {
    if (found != null) {
      require(found, S3Exceptions.preconditionFailed(null));
    } else if (ifMatch != null) {
      throw S3Exceptions.preconditionFailed(null);
    }
  }

  // an ETag overrides a time, so the time next to it is ignored
  private void require(GetObjectResponse found, AwsServiceException unchanged) {
    boolean isAnother =
        ifMatch != null
            ? !names(ifMatch, found)
            : ifUnmodifiedSince != null && modified(found, ifUnmodifiedSince);
    if (isAnother) {
      throw S3Exceptions.preconditionFailed(null);
    }
    boolean isTheSame =
        ifNoneMatch != null
            ? names(ifNoneMatch, found)
            : ifModifiedSince != null && !modified(found, ifModifiedSince);
    if (isTheSame) {
      throw unchanged;
    }
  }

  private static boolean names(String condition, GetObjectResponse found) {
    return Arrays.stream(condition.split(",", -1))
        .map(eTag -> eTag.strip().replace("W/", "").replace("\"", ""))
        .anyMatch(eTag -> eTag.equals("*") || eTag.equals(found.eTag()));
  }

  private static boolean modified(GetObjectResponse found, Instant since) {
    return found.lastModified().truncatedTo(ChronoUnit.SECONDS).isAfter(since);
  }
}
