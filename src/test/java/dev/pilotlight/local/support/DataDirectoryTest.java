package dev.pilotlight.local.support;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DataDirectoryTest {
  @TempDir private Path directory;

  @Test
  void secondRunnerOnADirectoryIsRefusedInOneLine() {
    Path root = directory.resolve("data");
    try (DataDirectory first = DataDirectory.open(root, false)) {
      assertThat(first.s3()).isDirectory();
      assertThatThrownBy(() -> DataDirectory.open(root, true))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "another runner (process %d) keeps its data in %s: stop it, or choose another"
                      .formatted(ProcessHandle.current().pid(), root)
                  + " directory with -Dpilotlight.data=, or -Dpilotlight.data=memory");
    }
    DataDirectory.open(root, false).close();
  }

  @Test
  void resetEmptiesOnlyWhatTheRunnerWrote() throws Exception {
    Path kept;
    try (DataDirectory data = DataDirectory.open(directory.resolve("data"), false)) {
      kept = Files.writeString(data.redis().resolve("appendonly.aof"), "x");
    }
    Path note = Files.writeString(directory.resolve("data/note.txt"), "mine");
    try (DataDirectory data = DataDirectory.open(directory.resolve("data"), true)) {
      assertThat(kept).doesNotExist();
      assertThat(data.redis()).isDirectory();
      assertThat(note).exists();
    }
  }

  @Test
  void directoryOfOtherFilesIsRefusedAndLeftAsItIs() throws Exception {
    Path thesis = Files.writeString(directory.resolve("thesis.tex"), "x");
    assertThatThrownBy(() -> DataDirectory.open(directory, true))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            directory
                + " holds other files: choose a new or empty directory with"
                + " -Dpilotlight.data=");
    assertThat(thesis).exists();
    assertThat(directory).isDirectoryContaining(file -> file.equals(thesis));
  }

  @Test
  void directoryOfAnotherProgramWithALockIsRefusedAndLeftAsItIs() throws Exception {
    Files.createFile(directory.resolve("lock"));
    Path mine = Files.createDirectory(directory.resolve("redis"));
    assertThatThrownBy(() -> DataDirectory.open(directory, true))
        .hasMessageContaining("holds other files");
    Files.writeString(directory.resolve("format"), "%PDF-1");
    assertThatThrownBy(() -> DataDirectory.open(directory, true))
        .hasMessageContaining("holds other files");
    assertThat(mine).exists();
  }

  @Test
  void directoryOfAFirstStartThatAKillEndedIsUsed() throws Exception {
    Files.createFile(directory.resolve("lock"));
    try (DataDirectory data = DataDirectory.open(directory, false)) {
      assertThat(data.s3()).isDirectory();
    }
  }

  @Test
  void pathThatCannotBeADirectoryIsRefusedInOneLine() throws Exception {
    Path file = Files.writeString(directory.resolve("file"), "x");
    assertThatThrownBy(() -> DataDirectory.open(file.resolve("data"), false))
        .hasMessageStartingWith("cannot use " + file)
        .hasMessageEndingWith("choose another directory with -Dpilotlight.data=");
    assertThatThrownBy(() -> DataDirectory.open(file, false))
        .hasMessageStartingWith("cannot use " + file);
  }

  @Test
  void dataOfAnotherFormatAreRefusedUntilAReset() throws Exception {
    Path root = directory.resolve("data");
    DataDirectory.open(root, false).close();
    Files.writeString(root.resolve("format"), "99");
    assertThatThrownBy(() -> DataDirectory.open(root, false))
        .hasMessageStartingWith("another version of Pilotlight wrote the data in " + root)
        .hasMessageContaining("-Dpilotlight.reset");
    DataDirectory.open(root, true).close();
    DataDirectory.open(root, false).close();
  }
}
