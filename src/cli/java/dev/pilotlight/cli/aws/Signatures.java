package dev.pilotlight.cli.aws;

import dev.pilotlight.cli.aws.AwsCalls.Call;
import java.io.IOException;
import java.io.Serial;
import java.net.URI;
import software.amazon.awssdk.http.SdkHttpRequest;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4HttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.AwsV4aHttpSigner;
import software.amazon.awssdk.http.auth.aws.signer.RegionSet;
import software.amazon.awssdk.http.auth.spi.signer.SignRequest;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;
import software.amazon.awssdk.utils.StringInputStream;

/// AWS's signatures of requests: Version 4 for one region, and 4A for all.
public final class Signatures {
  /// The region of calls that need Version 4A. A native library, the AWS Common Runtime, makes it.
  public static final String ALL_REGIONS = "*";

  private Signatures() {}

  /// The native library cannot be loaded, or does not sign.
  static final class Unsigned extends IOException {
    @Serial private static final long serialVersionUID = 1;

    Unsigned(Throwable cause) {
      super(cause);
    }
  }

  /// Adds the headers of the signature to a request.
  static SdkHttpRequest sign(Call call, URI uri, AwsCredentialsIdentity identity) throws Unsigned {
    SdkHttpRequest.Builder request = SdkHttpRequest.builder().method(call.method()).uri(uri);
    call.headers().forEach(request::putHeader);
    SignRequest.Builder<AwsCredentialsIdentity> asked =
        SignRequest.builder(identity)
            .request(request.build())
            .payload(() -> new StringInputStream(call.body()));
    if (call.region().equals(ALL_REGIONS)) {
      asked
          .putProperty(AwsV4aHttpSigner.SERVICE_SIGNING_NAME, call.service())
          .putProperty(AwsV4aHttpSigner.REGION_SET, RegionSet.create(ALL_REGIONS));
      try {
        return AwsV4aHttpSigner.create().sign(asked.build()).request();
      } catch (RuntimeException | LinkageError e) {
        throw new Unsigned(e);
      }
    }
    asked
        .putProperty(AwsV4HttpSigner.SERVICE_SIGNING_NAME, call.service())
        .putProperty(AwsV4HttpSigner.REGION_NAME, call.region())
        // S3 signs the path as it is
        .putProperty(AwsV4HttpSigner.DOUBLE_URL_ENCODE, !call.service().equals("s3"))
        .putProperty(AwsV4HttpSigner.NORMALIZE_PATH, !call.service().equals("s3"));
    return AwsV4HttpSigner.create().sign(asked.build()).request();
  }
}
