package dev.pilotlight.files;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.pilotlight.store.DamagedRows;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.services.dynamodb.model.AttributeValue;

final class FileRowsTest {
  private static final Instant NOW = Instant.ofEpochSecond(1_000);
  private static final StoredFile FILE =
      StoredFile.processed(
          "file-1", "ada", "a.jsonl", Purpose.BATCH, 7, NOW, NOW.plusSeconds(60), "b", "k", "v");

  @Test
  void fileIsReadAsItWasWritten() {
    assertThat(FileItem.read(FileItem.of(FILE, 2))).isEqualTo(FILE);
    assertThat(FileItem.page(FileItem.of(FILE, 2))).isEqualTo(2);
  }

  @Test
  void damagedAttributeOfAFileIsRefusedByItsName() {
    DamagedRows.areRefused(FileItem.of(FILE, 0), Set.of("version_id"), Set.of(), FileItem::read);
  }

  @ParameterizedTest
  @ValueSource(strings = {"purpose", "status"})
  void valueOfAFileThatThisReleaseDoesNotHaveIsRefused(String name) {
    Map<String, AttributeValue> row = new HashMap<>(FileItem.of(FILE, 0));
    row.put(name, AttributeValue.fromS("another"));
    assertThatIllegalStateException()
        .isThrownBy(() -> FileItem.read(row))
        .withMessage("the item file#file-1 has no valid attribute " + name);
  }

  @Test
  void damagedAttributeOfAnUploadIsRefusedByItsName() {
    Map<String, AttributeValue> row = new HashMap<>();
    row.put("pk", AttributeValue.fromS("upload#upload_1"));
    for (String name : Set.of("owner", "filename", "digest", "version_id")) {
      row.put(name, AttributeValue.fromS("a"));
    }
    for (String name : Set.of("bytes", "created", "until", "kept", "taken")) {
      row.put(name, AttributeValue.fromN("1"));
    }
    row.put("status", AttributeValue.fromS("completed"));
    row.put("parts", AttributeValue.fromSs(Set.of("part_1").stream().toList()));
    DamagedRows.areRefused(
        row, Set.of("digest", "version_id", "parts"), Set.of(), UploadTable::read);
    row.put("status", AttributeValue.fromS("another"));
    assertThatIllegalStateException()
        .isThrownBy(() -> UploadTable.read(row))
        .withMessage("the item upload#upload_1 has no valid attribute status");
  }
}
