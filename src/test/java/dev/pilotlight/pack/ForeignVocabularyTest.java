package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ResultCodec;
import dev.pilotlight.model.Model;
import dev.pilotlight.model.files.ContentDigest;
import dev.pilotlight.model.files.FileState;
import dev.pilotlight.model.files.Folder;
import dev.pilotlight.model.lock.ModelsLock;
import dev.pilotlight.model.repository.ModelRepository;
import dev.pilotlight.model.repository.Repositories;
import dev.pilotlight.wordpiece.TokenizerFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;

/// A vocabulary next to a model that packaging did not save there.
final class ForeignVocabularyTest extends TwoRepositories {
  @Test
  void vocabularyThatPackagingDidNotSaveIsIgnored() throws IOException {
    Path copy = copySample();
    Path json = copy.resolve("tokenizer.json");
    saveForeignVocabulary(json);

    Item text = new Item.Text("hello", false);
    byte[] expected;
    try (ModelRepository original = Repositories.sample()) {
      Model model = original.get(Repositories.SAMPLE_NAME, null);
      expected = ResultCodec.encode(model.run(text));
    }
    assertAnswer(from, text, expected);

    lock(copy);
    assertAnswer(from, text, expected);

    List<String> _ = ModelPacker.pack(from, to, false);
    assertAnswer(to, text, expected);
  }

  private static void assertAnswer(Path repository, Item text, byte[] expected) {
    try (ModelRepository models = Repositories.open(repository)) {
      Model model = models.get(Repositories.SAMPLE_NAME, null);
      assertThat(ResultCodec.encode(model.run(text))).isEqualTo(expected);
    }
  }

  /// Saves a vocabulary with another id for `hello`. Size and checksums fit the JSON file.
  private static void saveForeignVocabulary(Path json) throws IOException {
    byte[] original = Files.readAllBytes(json);
    String text = new String(original, StandardCharsets.UTF_8);
    Files.writeString(json, text.replace("\"hello\": 7592", "\"hello\": 7593"));
    assertThat(TokenizerFile.save(json)).isTrue();
    Files.write(json, original);
    Path saved = json.resolveSibling("tokenizer.vocabulary");
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(saved)).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(8, checksum(original, original.length));
    int end = bytes.capacity() - Integer.BYTES;
    bytes.putInt(end, checksum(bytes.array(), end));
    Files.write(saved, bytes.array());
  }

  private static int checksum(byte[] bytes, int length) {
    CRC32 checksum = new CRC32();
    checksum.update(bytes, 0, length);
    return (int) checksum.getValue();
  }

  private void lock(Path version) throws IOException {
    TreeMap<String, FileState> files = new TreeMap<>();
    for (String name : Folder.of(version, 0).sizes().keySet()) {
      Path file = version.resolve(name);
      String digest = HexFormat.of().formatHex(ContentDigest.ofFile(file));
      files.put(
          from.relativize(file).toString(),
          new FileState(Files.size(file), Instant.EPOCH, "", digest));
    }
    Files.write(from.resolve(ModelsLock.FILE), new ModelsLock(files).render());
  }
}
