package dev.pilotlight.handler.demand;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.pilotlight.files.Files;
import dev.pilotlight.files.Purpose;
import dev.pilotlight.files.StoredFile;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

final class FileJsonTest {
  private static final Instant CREATED = Instant.parse("2026-11-30T00:00:00Z");

  @Test
  void longListEndsEarlyWithHasMore() throws IOException {
    byte[] body = FileJson.list(new Files.Page(files(10_000), false)).body();
    assertThat(body).hasSizeBetween(FileJson.PAGE_BYTES, FileJson.PAGE_BYTES + 2_000);
    JsonNode page = new ObjectMapper().readTree(body);
    assertThat(page.path("has_more").booleanValue()).isTrue();
    List<String> ids = page.path("data").findValuesAsText("id");
    assertThat(page.path("first_id").textValue()).isEqualTo("file-0").isEqualTo(ids.getFirst());
    assertThat(page.path("last_id").textValue()).isEqualTo(ids.getLast());
    assertThat(ids)
        .isEqualTo(IntStream.range(0, ids.size()).mapToObj("file-%d"::formatted).toList());
  }

  @Test
  void shortListIsWhole() throws IOException {
    byte[] body = FileJson.list(new Files.Page(files(3), false)).body();
    JsonNode page = new ObjectMapper().readTree(body);
    assertThat(page.path("data").findValuesAsText("id")).hasSize(3);
    assertThat(page.path("has_more").booleanValue()).isFalse();
  }

  private static List<StoredFile> files(int count) {
    String filename = "ü".repeat(249) + ".jsonl";
    return IntStream.range(0, count)
        .mapToObj(
            i ->
                StoredFile.processed(
                    "file-" + i,
                    "ada",
                    filename,
                    Purpose.BATCH,
                    1,
                    CREATED,
                    CREATED.plusSeconds(3_600),
                    "out",
                    "key",
                    null))
        .toList();
  }
}
