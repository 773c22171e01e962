package dev.pilotlight.model.repository;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.model.OnnxModels;
import dev.pilotlight.model.S3Models;
import dev.pilotlight.model.SmallTokenizer;
import dev.pilotlight.suite.OnlyInFaults;
import dev.pilotlight.suite.Soak;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Models that are asked for while their files arrive in S3, in every order of the files
/// (`-Psoak`), or with each file in each place: the answer is right, or there is none.
@Order(1) // it is long
final class S3UploadsIT extends S3Models {
  private static final Item TEXT = new Item.Text("hello un", false);
  private static final Duration TIME_MAX = Duration.ofSeconds(30);
  @TempDir private Path folders;

  @Test
  @OnlyInFaults
  void aNewModelAnswersRightOrNotAtAllWithGapsUnderTheSetting() throws Exception {
    Map<String, byte[]> files = files("cls");
    float[] right = expected("right", files);
    ModelRepository repository =
        repository("s3://models/fresh", "MODEL_SETTLE_MS", "5000", "MODEL_RELIST_MS", "100");
    List<List<String>> orders = orders(List.copyOf(files.keySet()));

    for (int round = 0; round < files.size(); round++) {
      for (int order = 0; order < orders.size(); order++) {
        String name = orders.get(order).get(round);
        put("fresh/m%d/1/%s".formatted(order, name), file(files, name));
      }
      for (int order = 0; order < orders.size(); order++) {
        assertRightOrNone(repository, "m" + order, right);
      }
    }
    awaitAll(repository, orders.size(), right);
  }

  @Test
  @OnlyInFaults
  void thePreviousVersionAnswersWhileTheNextArrives() throws Exception {
    Map<String, byte[]> files = files("cls");
    float[] right = expected("next", files);
    float[] before = expected("before", files("mean"));
    List<List<String>> orders = orders(List.copyOf(files.keySet()));
    for (int order = 0; order < orders.size(); order++) {
      for (Map.Entry<String, byte[]> file : files("mean").entrySet()) {
        put("next/m%d/1/%s".formatted(order, file.getKey()), file.getValue());
      }
      put("next/m%d/1/.complete".formatted(order), new byte[0]);
    }
    ModelRepository repository =
        repository("s3://models/next", "MODEL_SETTLE_MS", "5000", "MODEL_RELIST_MS", "100");
    for (int order = 0; order < orders.size(); order++) {
      assertThat(embedding(repository, "m" + order)).containsExactly(before);
    }

    for (int round = 0; round < files.size(); round++) {
      for (int order = 0; order < orders.size(); order++) {
        String name = orders.get(order).get(round);
        put("next/m%d/2/%s".formatted(order, name), file(files, name));
        assertThat(embedding(repository, "m" + order)).containsExactly(before);
      }
    }
    long end = System.nanoTime() + TIME_MAX.toNanos();
    for (int order = 0; order < orders.size(); order++) {
      while (!Arrays.equals(embedding(repository, "m" + order), right)) {
        assertThat(embedding(repository, "m" + order)).isIn(before, right);
        assertThat(System.nanoTime()).as("in time").isLessThan(end);
        Thread.sleep(20);
      }
    }
  }

  @Test
  void aFileCompleteThatComesLastMakesAModelAnswerAtOnce() throws Exception {
    Map<String, byte[]> files = files("cls");
    float[] right = expected("marked", files);
    ModelRepository repository =
        repository("s3://models/marked", "MODEL_SETTLE_MS", "600000", "MODEL_RELIST_MS", "100");
    List<List<String>> orders = orders(List.copyOf(files.keySet()));

    for (int order = 0; order < orders.size(); order++) {
      for (String name : orders.get(order)) {
        put("marked/m%d/1/%s".formatted(order, name), file(files, name));
      }
      assertThat(refused(repository, "m" + order)).contains("still being written");
    }
    // S3 keeps times to the second
    Thread.sleep(1_100);
    for (int order = 0; order < orders.size(); order++) {
      put("marked/m%d/1/.complete".formatted(order), new byte[0]);
    }
    awaitAll(repository, orders.size(), right);
  }

  @Test
  @OnlyInFaults
  void aNoteOfThePackagingThatArrivesFirstMakesNothingComplete() throws Exception {
    Map<String, byte[]> files = files("cls");
    float[] right = expected("noted", files);
    ModelRepository repository =
        repository("s3://models/noted", "MODEL_SETTLE_MS", "5000", "MODEL_RELIST_MS", "100");
    put("noted/m/1/packed.json", "{\"digest\":\"0\"}".getBytes(StandardCharsets.UTF_8));
    for (String name : List.of("model.onnx", "tokenizer.json", "config.json")) {
      put("noted/m/1/" + name, file(files, name));
      assertThat(refused(repository, "m")).contains("still being written");
    }

    put("noted/m/1/1_Pooling/config.json", file(files, "1_Pooling/config.json"));
    awaitAll(repository, List.of("m"), right);
  }

  @Test
  void afterALongerGapTheChangedVersionIsServedAgain() throws Exception {
    Map<String, byte[]> files = files("cls");
    float[] right = expected("gap", files);
    ModelRepository repository =
        repository("s3://models/gap", "MODEL_SETTLE_MS", "300", "MODEL_RELIST_MS", "100");
    files.forEach(
        (name, content) -> {
          if (!name.equals("tokenizer.json")) {
            put("gap/m/1/" + name, content);
          }
        });
    Thread.sleep(1_500);
    assertThat(refused(repository, "m")).contains("no tokenizer.json");

    put("gap/m/1/tokenizer.json", file(files, "tokenizer.json"));
    awaitAll(repository, List.of("m"), right);

    float[] mean = expected("mean", files("mean"));
    put("gap/m/1/1_Pooling/config.json", file(files("mean"), "1_Pooling/config.json"));
    awaitAll(repository, List.of("m"), mean);
  }

  private static void awaitAll(ModelRepository repository, int count, float[] right)
      throws InterruptedException {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      names.add("m" + i);
    }
    awaitAll(repository, names, right);
  }

  private static void awaitAll(ModelRepository repository, List<String> names, float[] right)
      throws InterruptedException {
    long end = System.nanoTime() + TIME_MAX.toNanos();
    for (String name : names) {
      while (true) {
        try {
          if (Arrays.equals(embedding(repository, name), right)) {
            break;
          }
        } catch (Refusal refusal) {
          assertThat(refusal.reason()).isNotEqualTo(Refusal.Reason.INVALID);
        }
        assertThat(System.nanoTime()).as("%s in time", name).isLessThan(end);
        Thread.sleep(20);
      }
    }
  }

  private static void assertRightOrNone(ModelRepository repository, String name, float[] right) {
    try {
      assertThat(embedding(repository, name)).as(name).containsExactly(right);
    } catch (Refusal refusal) {
      assertThat(refusal.reason()).isIn(Refusal.Reason.UNAVAILABLE, Refusal.Reason.NOT_FOUND);
    }
  }

  private static String refused(ModelRepository repository, String name) {
    try {
      throw new AssertionError(Arrays.toString(embedding(repository, name)));
    } catch (Refusal refusal) {
      return refusal.message();
    }
  }

  private static float[] embedding(ModelRepository repository, String name) {
    try (ModelRepository.Use _ = repository.use()) {
      return repository.get(name, null).run(TEXT).outputs().getFirst().floats();
    }
  }

  /// The answer of a folder with these files.
  private float[] expected(String name, Map<String, byte[]> files) throws IOException {
    for (Map.Entry<String, byte[]> file : files.entrySet()) {
      Path path = folders.resolve(name).resolve("m/1").resolve(file.getKey());
      Files.createDirectories(path.getParent());
      Files.write(path, file.getValue());
    }
    try (ModelRepository repository = Repositories.open(folders.resolve(name))) {
      return embedding(repository, "m");
    }
  }

  private static byte[] file(Map<String, byte[]> files, String name) {
    return Objects.requireNonNull(files.get(name));
  }

  private static Map<String, byte[]> files(String pooling) {
    Map<String, byte[]> files = new TreeMap<>();
    files.put("model.onnx", OnnxModels.lastHiddenState().toBytes());
    files.put("tokenizer.json", SmallTokenizer.JSON.getBytes(StandardCharsets.UTF_8));
    files.put("config.json", "{\"model_type\":\"bert\"}".getBytes(StandardCharsets.UTF_8));
    Map<String, Object> modes = new LinkedHashMap<>();
    modes.put("\"pooling_mode_cls_token\"", pooling.equals("cls"));
    modes.put("\"pooling_mode_mean_tokens\"", pooling.equals("mean"));
    files.put(
        "1_Pooling/config.json",
        modes.toString().replace('=', ':').getBytes(StandardCharsets.UTF_8));
    return files;
  }

  /// All of them in the long form, else those in which each name has each place once.
  private static List<List<String>> orders(List<String> names) {
    if (Soak.isOn()) {
      return permutations(names);
    }
    List<List<String>> orders = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      List<String> order = new ArrayList<>(names);
      Collections.rotate(order, i);
      orders.add(order);
    }
    return orders;
  }

  private static List<List<String>> permutations(List<String> names) {
    if (names.isEmpty()) {
      return List.of(List.of());
    }
    List<List<String>> all = new ArrayList<>();
    for (String first : names) {
      List<String> others = names.stream().filter(name -> !name.equals(first)).toList();
      for (List<String> rest : permutations(others)) {
        List<String> order = new ArrayList<>(List.of(first));
        order.addAll(rest);
        all.add(order);
      }
    }
    return all;
  }
}
