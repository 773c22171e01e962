package dev.pilotlight.batch.input;

import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.batch.s3.BucketClient;
import dev.pilotlight.batch.s3.ObjectVersion;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.services.s3.model.S3Exception;

/// What S3's refusal to give an object means for a batch, in words of what to do.
final class InputFailure {
  // what is wrong then is not the object
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
      // what S3 says of a delete marker that is asked for by its version id
      case 405 ->
          new BatchException.Gone("%s was deleted: this version is a mark".formatted(version));
      case 412 ->
          new BatchException.Gone(
              "%s is another version now than the one of the event, whose eTag was %s"
                  .formatted(version, version.eTag()));
      case 403 -> new BatchException.Misconfigured(forbidden(version, code, e), e);
      case 400 ->
          code.startsWith("KMS.")
              ? new BatchException.Misconfigured(bad(version, code, e), e)
              : new BatchException.Unreadable(bad(version, code, e), e);
      default ->
          new BatchException.Unavailable(
              "could not read %s: S3 answered %d %s".formatted(version, e.statusCode(), code), e);
    };
  }

  private static String missing(ObjectVersion version, String code) {
    return switch (code) {
      case "NoSuchBucket" -> "%s: there is no such bucket".formatted(version);
      case "NoSuchVersion" ->
          "%s: there is no version %s, or no longer".formatted(version, version.versionId());
      default -> "%s is not there, or no longer".formatted(version);
    };
  }

  private static String forbidden(ObjectVersion version, String code, S3Exception e) {
    if (code.equals("InvalidObjectState")) {
      return "%s is archived; restore it, then send its event again".formatted(version);
    }
    return ("%s may not be read: %s. The function's role needs s3:GetObject on it (with a version"
            + " id s3:GetObjectVersion), kms:Decrypt on the key it is encrypted with, and"
            + " s3:ListBucket to be told when an object is simply not there")
        .formatted(version, said(e));
  }

  private static String bad(ObjectVersion version, String code, S3Exception e) {
    if (code.isEmpty() || code.equals("InvalidRequest")) { // no code of its own
      return ("%s cannot be read: %s. Is it encrypted with a key of your own (SSE-C)? The function"
              + " has none; put it with SSE-S3 or SSE-KMS")
          .formatted(version, said(e));
    }
    return "%s cannot be read: %s".formatted(version, said(e));
  }

  private static String said(S3Exception e) {
    AwsErrorDetails details = e.awsErrorDetails();
    String text = details == null ? null : details.errorMessage();
    return "S3 answered %d%s"
        .formatted(e.statusCode(), text == null || text.isBlank() ? "" : ", " + text.strip());
  }
}
