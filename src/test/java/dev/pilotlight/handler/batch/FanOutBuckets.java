package dev.pilotlight.handler.batch;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.pilotlight.local.s3.S3Local;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.MultipartUpload;
import software.amazon.awssdk.services.s3.model.NoSuchKeyException;

/// The buckets of a batch function, as people see them.
abstract class FanOutBuckets implements AutoCloseable {
  static final String IN = "in-bucket";
  static final String OUT = "out-bucket";

  private final S3Local storage = S3Local.start(0, IN, OUT);
  private final S3Client s3 = storage.client();

  URI endpoint() {
    return storage.endpoint();
  }

  void put(String key, byte[] content, Map<String, String> metadata) {
    s3.putObject(put -> put.bucket(IN).key(key).metadata(metadata), RequestBody.fromBytes(content));
  }

  /// Each byte a character; empty if there is no such object.
  Optional<String> read(String key) {
    try {
      return Optional.of(s3.getObjectAsBytes(get -> get.bucket(OUT).key(key)).asString(ISO_8859_1));
    } catch (NoSuchKeyException e) {
      return Optional.empty();
    }
  }

  /// Puts back what [#read] gave.
  void write(String key, String bytes) {
    s3.putObject(
        put -> put.bucket(OUT).key(key), RequestBody.fromBytes(bytes.getBytes(ISO_8859_1)));
  }

  void delete(String key) {
    s3.deleteObject(delete -> delete.bucket(OUT).key(key));
  }

  void deleteInput(String key) {
    s3.deleteObject(delete -> delete.bucket(IN).key(key));
  }

  List<String> uploads() {
    return s3.listMultipartUploads(list -> list.bucket(OUT)).uploads().stream()
        .map(upload -> upload.key())
        .toList();
  }

  void beginUpload(String key) {
    var _ = s3.createMultipartUpload(create -> create.bucket(OUT).key(key));
  }

  void abortUploads() {
    for (MultipartUpload upload : s3.listMultipartUploads(list -> list.bucket(OUT)).uploads()) {
      s3.abortMultipartUpload(
          abort -> abort.bucket(OUT).key(upload.key()).uploadId(upload.uploadId()));
    }
  }

  List<String> keys(String prefix) {
    return s3.listObjectsV2(list -> list.bucket(OUT).prefix(prefix)).contents().stream()
        .map(object -> object.key())
        .toList();
  }

  @Override
  public void close() {
    s3.close();
    storage.close();
  }
}
