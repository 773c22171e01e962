package dev.pilotlight.model;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.core.sync.ResponseTransformer;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Models under an S3 prefix, `<prefix>/<name>/<version>/…`; a version is copied to local disk
/// once, complete or not at all.
///
/// The copy's folder is named by the objects' entity tags: objects that change are copied anew, and
/// no copy ever holds files of two states.
final class S3Source implements ModelSource {
  static final String SCHEME = "s3://";

  private static final int OBJECTS_MAX = 10_000;
  private static final int TAG_CHARS = 16;

  private final Supplier<S3Client> clients;
  private final LocalCopies copies;
  private final long bytesMax;
  private final String bucket;
  // empty, or ending in a slash
  private final String prefix;

  S3Source(ModelSettings settings, Supplier<S3Client> clients) {
    this.clients = clients;
    this.copies = new LocalCopies(settings.cacheDirectory());
    this.bytesMax = settings.modelBytesMax();
    String path = settings.location().substring(SCHEME.length());
    int slash = path.indexOf('/');
    this.bucket = slash < 0 ? path : path.substring(0, slash);
    String rest = slash < 0 ? "" : path.substring(slash + 1);
    this.prefix = rest.isEmpty() || rest.endsWith("/") ? rest : rest + "/";
  }

  static boolean isLocation(String location) {
    return location.matches("s3://[a-z0-9][a-z0-9.-]{1,62}(/.*)?");
  }

  @Override
  public List<Listed> list() {
    Map<ModelId, List<String>> versions = new TreeMap<>();
    for (S3Object object : objects(prefix)) {
      String[] parts = object.key().substring(prefix.length()).split("/", 3);
      if (parts.length == 3 && ModelId.isName(parts[0]) && ModelId.isVersion(parts[1])) {
        ModelId id = new ModelId(parts[0], Long.parseLong(parts[1]));
        versions.computeIfAbsent(id, key -> new ArrayList<>()).add(parts[2]);
      }
    }
    List<Listed> listed = new ArrayList<>();
    versions.forEach(
        (id, names) -> {
          boolean hasGraph = ModelFiles.GRAPHS.stream().anyMatch(names::contains);
          listed.add(
              new Listed(id, hasGraph ? Optional.empty() : Optional.of(ModelFiles.NO_GRAPH)));
        });
    return listed;
  }

  @Override
  public Path fetch(ModelId id) {
    String folder = prefix + id.name() + "/" + id.version() + "/";
    Map<String, S3Object> objects = new TreeMap<>();
    for (S3Object object : objects(folder)) {
      objects.put(object.key().substring(folder.length()), object);
    }
    List<String> names = List.copyOf(objects.keySet());
    List<String> wanted = ModelFiles.relevant(names, ModelFiles.graphOf(names));
    objects.keySet().retainAll(wanted);
    ModelFiles.checkSize(objects.values().stream().mapToLong(S3Object::size).sum(), bytesMax);
    try {
      return copies.get(
          id.name() + "-" + id.version() + "-" + tag(objects),
          directory -> download(objects, directory));
    } catch (IOException e) {
      throw new LoadFailure("its files cannot be kept on local disk", e);
    } catch (SdkException e) {
      throw new LoadFailure("its files cannot be read from S3", e);
    }
  }

  private void download(Map<String, S3Object> objects, Path directory) throws IOException {
    for (Map.Entry<String, S3Object> entry : objects.entrySet()) {
      // only names that ModelFiles knows, or that lie right beside the graph
      Path file = directory.resolve(entry.getKey());
      Files.createDirectories(file.getParent());
      S3Object object = entry.getValue();
      clients
          .get()
          .getObject(
              get -> get.bucket(bucket).key(object.key()).ifMatch(object.eTag()),
              ResponseTransformer.toFile(file));
    }
  }

  private List<S3Object> objects(String under) {
    List<S3Object> objects = new ArrayList<>();
    try {
      for (S3Object object :
          clients
              .get()
              .listObjectsV2Paginator(
                  // or one key with a control character would make the answer unreadable
                  list -> list.bucket(bucket).prefix(under).encodingType(EncodingType.URL))
              .contents()) {
        if (objects.size() == OBJECTS_MAX) {
          throw new LoadFailure("the model repository has over %d objects".formatted(OBJECTS_MAX));
        }
        objects.add(object);
      }
    } catch (SdkException e) {
      throw new LoadFailure("the model repository cannot be read from S3", e);
    }
    return objects;
  }

  private static String tag(Map<String, S3Object> objects) {
    MessageDigest digest = ContentDigest.sha256();
    objects.forEach(
        (name, object) ->
            digest.update(
                "%s\n%s\n%d\n"
                    .formatted(name, object.eTag(), object.size())
                    .getBytes(StandardCharsets.UTF_8)));
    return HexFormat.of().formatHex(digest.digest()).substring(0, TAG_CHARS);
  }
}
