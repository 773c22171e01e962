package dev.pilotlight.model.files;

import dev.pilotlight.model.format.LoadFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Models in a directory.
public record DirectorySource(Path root) implements ModelSource {
  /// Set by Lambda: the directory of the function's package, which is read-only.
  private static final String FUNCTION_ROOT = "LAMBDA_TASK_ROOT";

  /// Nobody can set the time of change, as `cp -p` sets that of modification.
  private static final String UNIX_IDENTITY = "unix:dev,ino,size,lastModifiedTime,ctime";

  private static final String IDENTITY = "size,lastModifiedTime";

  @Override
  public Found list() {
    Layout layout = new Layout();
    try {
      Folder.of(root, 0).files().forEach(layout::add);
    } catch (LoadFailure e) {
      throw LoadFailure.passing("the model repository cannot be read", e);
    }
    return layout.found();
  }

  @Override
  public ModelFiles fetch(ModelVersion version, long bytesMax) {
    if (version.isLocked()) {
      requireDigests(version);
      return ModelFiles.of(root.resolve(version.folder()), version.sizes(), bytesMax, true);
    }
    boolean mayChange = mayChange();
    ModelVersion now = mayChange ? again(version) : version;
    return ModelFiles.of(root.resolve(version.folder()), now.sizes(), bytesMax, mayChange);
  }

  /// Without a lock, a changed file is noticed by the next listing.
  @Override
  public String identity(ModelVersion version) {
    if (!version.isLocked() || !mayChange()) {
      return "";
    }
    StringBuilder all = new StringBuilder();
    for (String name : version.files().keySet()) {
      Path file = root.resolve(version.folder()).resolve(name);
      all.append(name).append(' ').append(identity(file)).append('\n');
    }
    return all.toString();
  }

  private static Map<String, Object> identity(Path file) {
    try {
      return new TreeMap<>(Files.readAttributes(file, UNIX_IDENTITY));
    } catch (IOException e) {
      return Map.of("unreadable", e);
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return basicIdentity(file);
    }
  }

  private static Map<String, Object> basicIdentity(Path file) {
    try {
      return new TreeMap<>(Files.readAttributes(file, IDENTITY));
    } catch (IOException e) {
      return Map.of("unreadable", e);
    }
  }

  private void requireDigests(ModelVersion version) {
    version
        .files()
        .forEach(
            (name, state) ->
                state.requireDigest(
                    name, ContentDigest.ofFile(root.resolve(version.folder()).resolve(name))));
  }

  /// Lists the version's files again, and refuses it if they have changed.
  private ModelVersion again(ModelVersion version) {
    Path directory = root.resolve(version.folder());
    Folder folder = Folder.of(directory, Path.of(version.folder()).getNameCount());
    folder.requireReadable(name -> Layout.belongsTo(version.folder(), name));
    NavigableMap<String, FileState> files = new TreeMap<>(folder.files());
    files.keySet().removeIf(name -> !Layout.belongsTo(version.folder(), name));
    ModelVersion now = new ModelVersion(version.id(), version.folder(), files);
    if (!now.isSame(version)) {
      throw LoadFailure.passing("its files have changed since they were listed", null);
    }
    return now;
  }

  @Override
  public Optional<byte[]> read(ModelVersion version, String file) {
    try {
      return Optional.of(Files.readAllBytes(root.resolve(version.folder()).resolve(file)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw LoadFailure.passing(file + " cannot be read", e);
    }
  }

  @Override
  public Optional<byte[]> readRoot(String name) {
    try {
      Path file = root.resolve(name);
      ModelSource.requireSmall(name, Files.size(file), LOCK_BYTES_MAX);
      return Optional.of(Files.readAllBytes(file));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw LoadFailure.passing(name + " cannot be read", e);
    }
  }

  @Override
  public boolean mayChange() {
    String function = System.getenv(FUNCTION_ROOT);
    return function == null || !root.toAbsolutePath().normalize().startsWith(function);
  }

  @Override
  public void stop() {
    // a fetch does not take long
  }
}
