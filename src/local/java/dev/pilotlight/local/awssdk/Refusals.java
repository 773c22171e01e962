package dev.pilotlight.local.awssdk;

import org.gaul.s3proxy.blobstore.S3Exceptions;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.http.SdkHttpResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// S3's errors that s3proxy does not provide.
final class Refusals {
  private Refusals() {}

  static AwsServiceException incompleteBody(long expected, long got) {
    return refusal(
        400,
        "IncompleteBody",
        "The body has %d bytes, the Content-Length is %d".formatted(got, expected));
  }

  static AwsServiceException badDigest() {
    return refusal(400, "BadDigest", "The Content-MD5 is not that of the body");
  }

  static AwsServiceException keyTooLong(int bytes, int max) {
    return refusal(
        400, "KeyTooLongError", "The key has %d bytes; at most %d".formatted(bytes, max));
  }

  static AwsServiceException noSuchUpload(String id) {
    return refusal(
        404,
        "NoSuchUpload",
        "There is no multipart upload %s: it is unknown, completed or aborted".formatted(id));
  }

  static AwsServiceException invalidPart(int number) {
    return refusal(
        400, "InvalidPart", "Part %d was not uploaded, or has another ETag".formatted(number));
  }

  static AwsServiceException invalidRange(String range, long bytes) {
    return refusal(
        416, "InvalidRange", "The range %s is not within %d bytes".formatted(range, bytes));
  }

  /// The requested version is a delete marker.
  static AwsServiceException deleteMarker(String versionId) {
    return refusal(
        405,
        "MethodNotAllowed",
        "The version is a delete marker",
        SdkHttpResponse.builder()
            .putHeader("x-amz-delete-marker", "true")
            .putHeader("x-amz-version-id", versionId));
  }

  static AwsServiceException notModified(String eTag) {
    return S3Exceptions.fromStatusCode(304, "\"" + eTag + "\"", java.util.Map.of(), null);
  }

  private static AwsServiceException refusal(int status, String code, String message) {
    return refusal(status, code, message, SdkHttpResponse.builder());
  }

  private static AwsServiceException refusal(
      int status, String code, String message, SdkHttpResponse.Builder response) {
    return S3Exception.builder()
        .message(message)
        .statusCode(status)
        .awsErrorDetails(
            AwsErrorDetails.builder()
                .errorCode(code)
                .errorMessage(message)
                .sdkHttpResponse(response.statusCode(status).build())
                .build())
        .build();
  }
}
