package dev.pilotlight.batch.input;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BucketClient;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// Translates S3's refusal to return an object into a failure with a remedy.
final class InputFailure {
  // the fault is not the object's
  private static final Set<String> OURS =
      Set.of("ExpiredToken", "RequestTimeout", "RequestTimeTooSkewed", "InvalidAccessKeyId");

  private InputFailure() {}

  static BatchException of(ObjectVersion version, S3Exception e) {
    String code = BucketClient.code(e);
    if (OURS.contains(code)) {
      return new BatchException.Unavailable("could not read %s: %s".formatted(version, code), e);
    }
    return switch (e.statusCode()) {
      case 404 -> new BatchException.Gone(missing(version, code));
      // S3's answer for the version id of a delete marker
      case 405 ->
          new BatchException.Gone(
              "%s was deleted: this version is a delete marker".formatted(version));
      case 412 ->
          new BatchException.Gone(
              "%s has been replaced since its event: it no longer has the eTag %s"
                  .formatted(version, version.eTag()));
      case 403 -> new BatchException.Misconfigured(forbidden(version, code, e), e);
      case 400 ->
          code.startsWith("KMS.")
              ? new BatchException.Misconfigured(bad(version, code, e), e)
              : new BatchException.Unreadable(
                  bad(version, code, e), "the file cannot be read: S3 answered 400", e);
      default ->
          new BatchException.Unavailable(
              "could not read %s: S3 answered %d %s".formatted(version, e.statusCode(), code), e);
    };
  }

  private static String missing(ObjectVersion version, String code) {
    return switch (code) {
      case "NoSuchBucket" -> "%s: the bucket does not exist".formatted(version);
      case "NoSuchVersion" ->
          "%s: version %s does not exist".formatted(version, version.versionId());
      default -> "%s does not exist".formatted(version);
    };
  }

  private static String forbidden(ObjectVersion version, String code, S3Exception e) {
    if (code.equals("InvalidObjectState")) {
      return "%s is archived; restore it, then send its event again".formatted(version);
    }
    return ("%s may not be read: %s. The function's role needs s3:GetObject on it (with a version"
            + " id s3:GetObjectVersion), kms:Decrypt on the key it is encrypted with, and"
            + " s3:ListBucket, without which a missing object looks like a forbidden one")
        .formatted(version, message(e));
  }

  private static String bad(ObjectVersion version, String code, S3Exception e) {
    if (code.isEmpty() || code.equals("InvalidRequest")) { // S3 has no code for it
      return ("%s cannot be read: %s. Is it encrypted with a key of your own (SSE-C)? The function"
              + " has none; put it with SSE-S3 or SSE-KMS")
          .formatted(version, message(e));
    }
    return "%s cannot be read: %s".formatted(version, message(e));
  }

  private static String message(S3Exception e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String text = details == null ? null : details.errorMessage();
    return "S3 answered %d%s"
        .formatted(e.statusCode(), text == null || text.isBlank() ? "" : ", " + text.strip());
  }
}
