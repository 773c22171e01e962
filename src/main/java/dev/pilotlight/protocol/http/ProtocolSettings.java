package dev.pilotlight.protocol.http;

import dev.pilotlight.support.Settings;

/// The limits of requests and responses, and how strictly requests are read.
///
/// @param requestBytesMax the most a body may have, before and after decompression
/// @param responseBytesMax the most an encoded response event may have; Lambda drops larger ones
/// @param gzipBytesMin bodies from this size on are compressed for clients that accept gzip
/// @param unknownFields how to treat unknown fields of requests, but of the Open Inference Protocol
public record ProtocolSettings(
    int requestBytesMax, int responseBytesMax, int gzipBytesMin, UnknownFields unknownFields) {
  /// Lambda's limit for synchronous calls, each way.
  public static final int LAMBDA_BYTES_MAX = 6 * 1024 * 1024;

  private static final int REQUEST_BYTES_LEAST = 1024;
  // an error has to fit
  private static final int RESPONSE_BYTES_LEAST = 16 * 1024;
  // compressing one embedding costs more than all the rest of a cache hit
  private static final int GZIP_BYTES_MIN = 64 * 1024;

  public static ProtocolSettings from(Settings s) {
    return new ProtocolSettings(
        (int)
            s.of("REQUEST_BYTES_MAX", "maximum request body, before and after decompression")
                .bytes(LAMBDA_BYTES_MAX, REQUEST_BYTES_LEAST, LAMBDA_BYTES_MAX),
        (int)
            s.of("RESPONSE_BYTES_MAX", "maximum response as Lambda counts it, encoded as an event")
                .bytes(LAMBDA_BYTES_MAX, RESPONSE_BYTES_LEAST, LAMBDA_BYTES_MAX),
        (int)
            s.of(
                    "GZIP_BYTES_MIN",
                    "response bodies of at least this size are compressed if the client"
                        + " accepts gzip")
                .bytes(GZIP_BYTES_MIN, 1, LAMBDA_BYTES_MAX),
        s.of(
                "UNKNOWN_FIELDS",
                "unknown fields of OpenAI's and other servers' requests: ignored and named in"
                    + " `pilotlight-ignored`, or refused; those that would change a vector are"
                    + " always refused")
            .oneOf(UnknownFields.IGNORE));
  }
}
