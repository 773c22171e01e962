package dev.pilotlight.cli.files;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import dev.pilotlight.cli.TestRun;
import dev.pilotlight.suite.LoopbackServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// `pilotlight files content` against a server that has every file.
@Timeout(30)
final class FilesCommandTest {
  private static final byte[] CONTENT = "{}\n".getBytes(UTF_8);

  @TempDir private Path folder;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  @SuppressWarnings("NullAway.Init")
  private HttpServer server;

  @BeforeEach
  void start() throws IOException {
    server = LoopbackServer.create();
    server.createContext(
        "/",
        exchange -> {
          asked.add(exchange.getRequestURI().toString());
          exchange.sendResponseHeaders(200, CONTENT.length);
          exchange.getResponseBody().write(CONTENT);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void contentReplacesNoOtherFileNextToItsOutput() throws IOException {
    Path other = Files.writeString(folder.resolve("a.jsonl.part"), "mine");
    Path output = folder.resolve("a.jsonl");

    assertThat(content("file-1", output)).isEqualTo(new TestRun(0, "", ""));

    assertThat(output).hasBinaryContent(CONTENT);
    assertThat(other).hasContent("mine");
    assertThat(folder).isDirectoryNotContaining(file -> !List.of(other, output).contains(file));
  }

  @Test
  void idIsEncodedAsASegmentOfThePath() {
    assertThat(content("a b/c", folder.resolve("out")).exitCode()).isZero();
    assertThat(asked).containsExactly("/v1/files/a%20b%2Fc/content");
  }

  @Test
  void filesThatAreNotThereAreNamedInWords() {
    Path output = folder.resolve("none").resolve("a.jsonl");
    TestRun noFolder = content("file-1", output);
    assertThat(noFolder.exitCode()).isEqualTo(2);
    assertThat(noFolder.err())
        .contains("--output is " + output + ", in a folder that does not exist");

    Path key = folder.resolve("key");
    assertThat(TestRun.run("files", "list", "--key-file", key.toString()))
        .isEqualTo(new TestRun(1, "", "pilotlight: there is no file or folder " + key + "\n"));
  }

  private TestRun content(String id, Path output) {
    return TestRun.run(
        "files",
        "content",
        id,
        "--output",
        output.toString(),
        "--url",
        "http://127.0.0.1:" + server.getAddress().getPort());
  }
}
