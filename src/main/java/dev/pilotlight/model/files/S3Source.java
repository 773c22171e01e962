package dev.pilotlight.model.files;

import dev.pilotlight.model.format.LoadFailure;
import dev.pilotlight.model.format.OnnxFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.EncodingType;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Models under an S3 prefix; a version is copied to local disk once, complete or not at all.
///
/// The copy's folder is named by the objects' entity tags, and each object is read only if it still
/// has its listed tag: no copy ever holds files of two states. A copy that was interrupted is
/// resumed, by this process or by the next one.
public final class S3Source implements ModelSource {
  private static final int OBJECTS_MAX = 10_000;
  private static final long SMALL_BYTES_MAX = 64 << 10;
  private static final int MEGABYTE = 20;
  private static final int NOT_FOUND = 404;

  private final Supplier<S3Client> clients;
  private final LocalCopies copies;
  private final S3Download download;
  private final long diskBytes;
  private final String bucket;
  // empty, or ending in a slash
  private final String prefix;

  public S3Source(ModelSettings settings, Supplier<S3Client> clients) {
    this.clients = clients;
    this.copies = new LocalCopies(settings.cacheDirectory());
    this.diskBytes = settings.diskBytes();
    String path = settings.location().substring(ModelSettings.S3_SCHEME.length());
    int slash = path.indexOf('/');
    this.bucket = slash < 0 ? path : path.substring(0, slash);
    String rest = slash < 0 ? "" : path.substring(slash + 1);
    this.prefix = rest.isEmpty() || rest.endsWith("/") ? rest : rest + "/";
    this.download = new S3Download(clients, bucket);
  }

  @Override
  public Found list() {
    Layout layout = new Layout();
    for (S3Object object : objects()) {
      // the packaging's note does not show that the other objects are complete
      if (object.key().endsWith("/" + PackedModel.FILE)) {
        continue;
      }
      layout.add(
          object.key().substring(prefix.length()),
          new FileState(object.size(), object.lastModified(), object.eTag()));
    }
    return layout.found();
  }

  @Override
  public ModelFiles fetch(ModelVersion version, long bytesMax) {
    ModelId id = version.id();
    try {
      Path copy =
          copies.get(
              id.name() + "-" + id.version(),
              version.stamp(),
              directory -> download(version, directory, bytesMax));
      return ModelFiles.of(copy, version.sizes(), bytesMax, true);
    } catch (LocalCopies.Interrupted e) {
      throw LoadFailure.passing("its files cannot be read from S3", e);
    } catch (IOException e) {
      throw LoadFailure.passing("its files cannot be stored on local disk", e);
    }
  }

  /// Downloads the configuration first, because it names the graph; then the graph, because it
  /// names the files of its external data.
  private void download(ModelVersion version, Path directory, long bytesMax) throws IOException {
    Set<String> all = version.files().keySet();
    Set<String> names = new TreeSet<>(ModelFiles.fixedConfigs(all));
    requireSize(version, names, bytesMax);
    download(version, names, directory);
    Set<String> more = new TreeSet<>(ModelFiles.configs(directory, all));
    String graph = GraphChoice.choose(all, ModelFiles.graphKey(directory, all));
    more.add(graph);
    more.removeAll(names);
    names.addAll(more);
    requireSize(version, names, bytesMax);
    download(version, more, directory);
    Set<String> external =
        new TreeSet<>(ExternalData.of(graph, OnnxFile.read(directory.resolve(graph)), all));
    external.removeAll(names);
    names.addAll(external);
    requireSize(version, names, bytesMax);
    download(version, external, directory);
  }

  private void requireSize(ModelVersion version, Set<String> names, long bytesMax) {
    long bytes = names.stream().mapToLong(name -> version.state(name).bytes()).sum();
    if (bytes > diskBytes) {
      throw new LoadFailure(
          "its files have %d bytes; /tmp has %d MB: EphemeralStorage must be at least %d"
              .formatted(bytes, diskBytes >> MEGABYTE, -Math.floorDiv(-bytes, 1L << MEGABYTE)));
    }
    ModelFiles.checkSize(bytes, bytesMax);
  }

  private void download(ModelVersion version, Collection<String> names, Path directory)
      throws IOException {
    for (String name : names) {
      // a key may hold ".."
      Path file = directory.resolve(name).normalize();
      if (!file.startsWith(directory)) {
        throw new LoadFailure("%s is not a name in the folder of the model".formatted(name));
      }
      Files.createDirectories(file.getParent());
      download.copy(key(version, name), version.state(name), file);
    }
  }

  @Override
  public Optional<byte[]> read(ModelVersion version, String file) {
    FileState state = version.state(file);
    ModelSource.requireSmall(file, state.bytes(), SMALL_BYTES_MAX);
    // with a lock the content counts, not the tag
    String tag = version.isLocked() ? null : state.tag();
    return read(file, key(version, file), tag, SMALL_BYTES_MAX);
  }

  @Override
  public Optional<byte[]> readRoot(String name) {
    return read(name, prefix + name, null, LOCK_BYTES_MAX);
  }

  /// @param tag that the object must have, if it matters
  private Optional<byte[]> read(String file, String key, @Nullable String tag, long bytesMax) {
    try (ResponseInputStream<GetObjectResponse> in =
        clients.get().getObject(get -> get.bucket(bucket).key(key).ifMatch(tag))) {
      Long length = in.response().contentLength(); // absent from a response in chunks
      if (length != null) {
        ModelSource.requireSmall(file, length, bytesMax);
      }
      byte[] content = in.readNBytes(Math.toIntExact(bytesMax) + 1);
      ModelSource.requireSmall(file, content.length, bytesMax);
      return Optional.of(content);
    } catch (IOException e) {
      throw LoadFailure.passing(file + " cannot be read from S3", e);
    } catch (S3Exception e) {
      if (e.statusCode() == NOT_FOUND) {
        return Optional.empty();
      }
      throw LoadFailure.passing(file + " cannot be read from S3", e);
    } catch (SdkException e) {
      throw LoadFailure.passing(file + " cannot be read from S3", e);
    }
  }

  @Override
  public boolean mayChange() {
    return true;
  }

  @Override
  public void stop() {
    download.stop();
  }

  private String key(ModelVersion version, String name) {
    return prefix + version.folder() + "/" + name;
  }

  private List<S3Object> objects() {
    List<S3Object> objects = new ArrayList<>();
    try {
      for (S3Object object :
          clients
              .get()
              .listObjectsV2Paginator(
                  // otherwise one key with a control character would make the response unreadable
                  list -> list.bucket(bucket).prefix(prefix).encodingType(EncodingType.URL))
              .contents()) {
        if (objects.size() == OBJECTS_MAX) {
          throw new LoadFailure("the model repository has over %d objects".formatted(OBJECTS_MAX));
        }
        objects.add(object);
      }
    } catch (SdkException e) {
      throw LoadFailure.passing("the model repository cannot be read from S3", e);
    }
    return objects;
  }
}
