package dev.pilotlight.e2e.batch;

import static dev.pilotlight.e2e.batch.OddObject.gzip;
import static dev.pilotlight.e2e.batch.OddObject.hex;
import static dev.pilotlight.e2e.batch.OddObject.odd;
import static dev.pilotlight.e2e.batch.OddObject.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.e2e.Floats;
import dev.pilotlight.e2e.batch.OddObject.Expected;
import dev.pilotlight.suite.OnlyInFaults;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;

/// Objects that are odd by their key or by what they hold, put into the bucket as users do it.
@Timeout(180)
@SuppressWarnings("NullAway.Init")
class BatchOdditiesIT {
  private static final String LINE = "{\"id\":\"k\",\"text\":\"hello world\"}\n";
  private static Inbox inbox;

  @BeforeAll
  static void start() {
    inbox = new Inbox();
  }

  @AfterAll
  static void stop() {
    inbox.close();
  }

  @AfterEach
  void clear() {
    inbox.clear();
  }

  @ParameterizedTest
  @MethodSource("dev.pilotlight.e2e.batch.OddKeys#all")
  void anObjectIsAnsweredWhateverItsKey(String key) throws InterruptedException {
    inbox.put(key, LINE);
    assertThat(inbox.settle()).isEmpty();
    assertAnswered(key, List.of(OddObject.vector("\"k\"", "hello world")));
    assertOutput(key, false);
  }

  @ParameterizedTest
  @MethodSource("dev.pilotlight.e2e.batch.OddObjects#all")
  void everyLineOfAnOddObjectHasItsAnswer(OddObject odd) throws InterruptedException {
    inbox.put(odd.key(), odd.content(), odd.metadata());
    assertThat(inbox.settle()).isEmpty();
    assertAnswered(odd.key(), odd.lines());
    assertOutput(odd.key(), odd.lines().stream().anyMatch(Expected.Wrong.class::isInstance));
  }

  static Stream<Arguments> unreadable() {
    return Stream.of(
        Arguments.of(
            odd("a key that leaves no room", OddKeys.ofBytes(OddKeys.KEY_BYTES_MAX + 1), LINE),
            "has a key of 1012 bytes; at most 1011"),
        Arguments.of(odd("UTF-16", "utf16.jsonl", hex("fffe7b007d00")), "the object is UTF-16"),
        Arguments.of(odd("not gzip", "plain.txt.gz", "one\n"), "the object is not gzip, though"),
        Arguments.of(odd("gzip by another name", "g.txt", gzip("one\n")), "does not end in .gz"),
        Arguments.of(
            odd("gzip that breaks off", "cut.txt.gz", Arrays.copyOf(gzip("one\ntwo\n"), 20)),
            "gzip data is truncated"),
        Arguments.of(
            odd("gzip with rubbish after it", "rubbish.txt.gz", withRubbish(gzip("one\n"))),
            "gzip data"),
        Arguments.of(
            odd("a suffix of nothing known", "a.docx.gz", LINE),
            "accepted, in upper and lower case: .jsonl"),
        Arguments.of(
            odd("no text column", "columns.csv", "id,review\n1,one\n"),
            "the CSV's header has no column \"text\", but \"id\", \"review\""),
        Arguments.of(
            odd("a text column that is not there", "c.csv", "text\none\n").with("text-column", "x"),
            "has no column \"x\", but \"text\""),
        Arguments.of(
            odd("an id column that is not there", "i.csv", "text\none\n").with("id-column", "sku"),
            "has no column \"sku\""),
        Arguments.of(
            odd("two columns of one name", "twice.csv", "text,text\n"), "names two columns"),
        Arguments.of(
            odd("a model that is not there", "nobody.jsonl", LINE).with("model", "nobody"),
            "the object's metadata name a model: there is no model 'nobody'"),
        Arguments.of(
            odd("an unknown encoding", "e.txt", "one\n").with("encoding-format", "hex"),
            "encoding-format hex; accepted: float, base64"));
  }

  @ParameterizedTest
  @MethodSource("unreadable")
  void anObjectThatCannotBeReadIsAFailureWithItsReason(OddObject odd, String reason)
      throws InterruptedException {
    inbox.put(odd.key(), odd.content(), odd.metadata());
    assertThat(inbox.settle())
        .singleElement()
        .satisfies(line -> assertThat(line).contains("Unreadable").contains(reason));
    // a key that leaves no room for the outputs' suffixes leaves none for this one
    boolean hasRoom = !reason.startsWith("has a key of");
    assertThat(inbox.keys(Inbox.OUT))
        .containsExactlyElementsOf(hasRoom ? List.of(odd.key() + ".failed.json") : List.of());
    inbox.assertTidy();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        ".pilotlight/x.jsonl",
        ".pilotlight/batches/x.jsonl",
        ".pilotlight/continue/x/1.continue"
      })
  void anObjectThatIsNoneToBeAnsweredIsLeftAlone(String key) throws InterruptedException {
    inbox.put(key, LINE);
    assertThat(inbox.settle()).isEmpty();
    assertThat(inbox.keys(Inbox.OUT)).isEmpty();
    assertThat(inbox.keys(Inbox.IN)).containsExactly(key);
  }

  @Test
  void aContinuationOfNothingIsRemoved() throws InterruptedException {
    String key = ".pilotlight/continue/" + "A".repeat(43) + "/2.continue";
    var _ =
        inbox.s3().putObject(put -> put.bucket(Inbox.OUT).key(key), RequestBody.fromString("{}"));
    assertThat(inbox.settle()).isEmpty();
    assertThat(inbox.keys(Inbox.OUT)).isEmpty();
  }

  @Test
  void anObjectMayBeInTheFolderThatIsNamedLikeAnother() throws InterruptedException {
    inbox.put("a.jsonl", LINE);
    inbox.put("a.jsonl/b.jsonl", LINE + LINE);
    assertThat(inbox.settle()).isEmpty();
    assertThat(inbox.lines("a.jsonl.out.jsonl")).hasSize(1);
    assertThat(inbox.lines("a.jsonl/b.jsonl.out.jsonl")).hasSize(2);
    inbox.assertTidy();
  }

  @Test
  @OnlyInFaults
  void asManyTextsAsALineMayHoldAreAnsweredTogether() throws InterruptedException {
    inbox.put("many.jsonl", LINE + OddObjects.list(2_048) + "\n" + LINE);
    assertThat(inbox.settle()).isEmpty();
    List<String> lines = inbox.lines("many.jsonl.out.jsonl");
    assertThat(lines).hasSize(3);
    JsonNode many = Inbox.parsed(lines.get(1));
    assertThat(many.get("embeddings")).hasSize(2_048);
    assertThat(many.get("result_ids")).hasSize(2_048);
    assertThat(Floats.of(many.get("embeddings").get(2_047))).isEqualTo(inbox.embedding("x"));
    assertThat(inbox.json("many.jsonl.summary.json").get("items").asInt()).isEqualTo(2_050);
    assertOutput("many.jsonl", false);
  }

  private static void assertAnswered(String key, List<Expected> expected) {
    List<String> lines = inbox.lines(key + ".out.jsonl");
    assertThat(lines).hasSameSizeAs(expected);
    List<String> errors = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      JsonNode line = Inbox.parsed(lines.get(i));
      switch (expected.get(i)) {
        case Expected.Vector(String id, String text) -> {
          assertThat(id(line)).as("id of line %d", i + 1).isEqualTo(id);
          assertThat(vector(line)).as(lines.get(i)).isEqualTo(inbox.embedding(text));
        }
        case Expected.Wrong(String reason) -> {
          assertThat(line.path("line").asInt()).isEqualTo(i + 1);
          assertThat(message(line)).contains(reason);
          errors.add(lines.get(i));
        }
      }
    }
    if (!errors.isEmpty()) {
      assertThat(inbox.lines(key + ".errors.jsonl")).isEqualTo(errors);
    }
    JsonNode summary = inbox.json(key + ".summary.json");
    assertThat(summary.at("/input/key").asText()).isEqualTo(key);
    assertThat(summary.get("lines").asInt()).isEqualTo(lines.size());
    assertThat(summary.get("failed").asInt()).isEqualTo(errors.size());
    assertThat(summary.get("succeeded").asInt()).isEqualTo(lines.size() - errors.size());
    assertThat(summary.get("errors").isNull()).isEqualTo(errors.isEmpty());
  }

  /// Nothing is in the buckets but the object and its answers.
  private static void assertOutput(String key, boolean errors) {
    Set<String> answers = new TreeSet<>(Set.of(key + ".out.jsonl", key + ".summary.json"));
    if (errors) {
      answers.add(key + ".errors.jsonl");
    }
    assertThat(inbox.keys(Inbox.OUT)).isEqualTo(answers);
    assertThat(inbox.keys(Inbox.IN)).containsExactly(key);
    inbox.assertTidy();
  }

  private static String id(JsonNode line) {
    return (line.has("custom_id") ? line.get("custom_id") : line.get("id")).toString();
  }

  private static List<Float> vector(JsonNode line) {
    JsonNode vector =
        line.has("response") ? line.at("/response/body/data/0/embedding") : line.path("embedding");
    return vector.isTextual()
        ? Floats.of(List.of(Base64.getDecoder().decode(vector.asText())))
        : Floats.of(vector);
  }

  private static String message(JsonNode line) {
    return line.path("error").isObject()
        ? line.at("/error/message").asText()
        : line.at("/response/body/error/message").asText();
  }

  private static byte[] withRubbish(byte[] content) {
    return OddObject.bytes(content, utf8("rubbish"));
  }
}
