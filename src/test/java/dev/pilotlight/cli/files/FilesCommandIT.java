package dev.pilotlight.cli.files;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.cli.TestRun;
import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `pilotlight files` against the local runner with keys.
@Timeout(120)
final class FilesCommandIT {
  @TempDir private Path folder;

  @Test
  void aFileIsUploadedListedReadAndDeleted() throws IOException {
    byte[] bytes = "0123456789\n".repeat(700_000).getBytes(StandardCharsets.UTF_8);
    Path file = Files.write(folder.resolve("big.jsonl"), bytes);
    try (LocalStack stack = LocalStack.start(Options.onFreePorts().withKeys())) {
      String url = stack.gatewayUrl().toString();
      Path key = Files.writeString(folder.resolve("key"), stack.developmentKey().orElseThrow());
      TestRun upload = run("upload", file.toString(), url, key);
      assertThat(upload.exitCode()).as(upload.err()).isZero();
      String id = upload.out().strip();
      assertThat(id).matches("file-[0-9a-f]{32}");
      assertThat(run("list", "", url, key).out())
          .contains(id)
          .contains("processed")
          .contains("7700000")
          .contains("big.jsonl");
      Path read = folder.resolve("read");
      TestRun content =
          TestRun.run(
              "files",
              "content",
              id,
              "--output",
              read.toString(),
              "--url",
              url,
              "--key-file",
              key.toString());
      assertThat(content.exitCode()).as(content.err()).isZero();
      assertThat(read).hasBinaryContent(bytes);
      assertThat(run("delete", id, url, key).out()).isEqualTo("deleted " + id + "\n");
      assertThat(run("delete", id, url, key))
          .isEqualTo(new TestRun(1, "", "pilotlight: there is no file " + id + "\n"));
      Path text = Files.writeString(folder.resolve("a.txt"), "x");
      assertThat(run("upload", text.toString(), url, key).err()).contains("ending in .jsonl");
    }
  }

  @Test
  void wrongCommandLinesAreRefused() {
    assertThat(TestRun.run("files").exitCode()).isEqualTo(2);
    assertThat(TestRun.run("files", "upload", "missing.jsonl").exitCode()).isEqualTo(2);
    assertThat(TestRun.run("files", "list", "--url", "ftp://x").exitCode()).isEqualTo(2);
    assertThat(TestRun.run("files", "list", "--iam", "--key-file", "key").err())
        .contains("--iam and --key-file: give one of them");
  }

  private static TestRun run(String command, String argument, String url, Path key) {
    return argument.isEmpty()
        ? TestRun.run("files", command, "--url", url, "--key-file", key.toString())
        : TestRun.run("files", command, argument, "--url", url, "--key-file", key.toString());
  }
}
