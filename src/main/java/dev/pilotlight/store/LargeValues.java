package dev.pilotlight.store;

import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.support.Sha256;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/// Keeps values that are too large for an item as objects in S3. The key contains the digest of the
/// value, so that two writers of one result never overwrite each other's object, and the item that
/// wins points to the right one. The bucket's lifecycle rule removes the other object.
public final class LargeValues {
  private static final String PREFIX = "results/";

  private final String bucket;
  private final Supplier<S3Client> s3;

  public LargeValues(String bucket, Supplier<S3Client> s3) {
    this.bucket = bucket;
    this.s3 = s3;
  }

  /// The folder of a result's values.
  static String folder(ResultKey key) {
    return PREFIX + key.id();
  }

  /// Keeps a value in a folder, under its digest.
  ///
  /// @throws StoreException if the upload failed or exceeded the budget
  public Pointer put(String folder, byte[] value, Duration budget) {
    byte[] sha256 = Sha256.of(value);
    String name = folder + "/" + HexFormat.of().formatHex(sha256);
    try {
      s3.get()
          .putObject(
              put ->
                  put.bucket(bucket).key(name).overrideConfiguration(o -> o.apiCallTimeout(budget)),
              RequestBody.fromBytes(value));
      return new Pointer(name, value.length, sha256);
    } catch (SdkException e) {
      throw new StoreException("a large result was not written to S3", e);
    }
  }

  /// Reads a value; empty if the object is missing or damaged.
  ///
  /// @throws StoreException if the download failed or exceeded the budget
  public Optional<byte[]> get(Pointer pointer, Duration budget) {
    try {
      byte[] value =
          s3.get()
              .getObjectAsBytes(
                  get ->
                      get.bucket(bucket)
                          .key(pointer.key())
                          .overrideConfiguration(o -> o.apiCallTimeout(budget)))
              .asByteArrayUnsafe();
      boolean whole =
          value.length == pointer.bytes()
              && MessageDigest.isEqual(Sha256.of(value), pointer.sha256());
      return whole ? Optional.of(value) : Optional.empty();
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    } catch (SdkException e) {
      throw new StoreException("a large result was not read from S3", e);
    }
  }
}
