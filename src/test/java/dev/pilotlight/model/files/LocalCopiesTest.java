package dev.pilotlight.model.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.model.format.LoadFailure;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A disk that has no room for another copy.
final class LocalCopiesTest {
  private static final String STATE = "0123456789abcdef";
  @TempDir private Path disk;

  @Test
  void onAFullDiskTheCopiesOfOtherModelsMakeRoomUnlessTheyAreNew() throws IOException {
    LocalCopies copies = new LocalCopies(disk);
    Path old = copies.get("a-1", STATE, directory -> {});
    Path recent = copies.get("b-1", STATE, directory -> {});
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofMinutes(2))));

    Path copy =
        copies.get(
            "c-1",
            STATE,
            directory -> {
              Files.writeString(directory.resolve("half"), "");
              if (Files.exists(old)) {
                throw new IOException("No space left on device");
              }
            });

    assertThat(copy).isDirectory();
    assertThat(recent).isDirectory();
    assertThat(disk).isDirectoryNotContaining("glob:**partial-*");
  }

  @Test
  void aDiskThatStaysFullIsNamed() {
    assertThatThrownBy(
            () ->
                new LocalCopies(disk)
                    .get(
                        "a-1",
                        STATE,
                        directory -> {
                          // as the client for S3 has it
                          throw new IllegalStateException(
                              new IOException("No space left on device"));
                        }))
        .isInstanceOfSatisfying(LoadFailure.class, e -> assertThat(e.passes()).isTrue())
        .hasMessageContaining("the disk of PILOTLIGHT_MODEL_CACHE_DIR is full");
    assertThat(disk).isEmptyDirectory();
  }
}
