package dev.pilotlight.e2e.batch;

import static dev.pilotlight.e2e.batch.OddObject.bytes;
import static dev.pilotlight.e2e.batch.OddObject.gzip;
import static dev.pilotlight.e2e.batch.OddObject.hex;
import static dev.pilotlight.e2e.batch.OddObject.odd;
import static dev.pilotlight.e2e.batch.OddObject.utf8;
import static dev.pilotlight.e2e.batch.OddObject.vector;
import static dev.pilotlight.e2e.batch.OddObject.wrong;

import dev.pilotlight.e2e.Client;
import java.util.List;
import java.util.stream.Stream;

/// Objects that are odd and can be read: every line has its answer.
final class OddObjects {
  private static final String GOOD = "{\"id\":\"good\",\"text\":\"a good line\"}\n";
  private static final OddObject.Expected IS_GOOD = vector("\"good\"", "a good line");
  private static final int LONG_LINE_BYTES = 10 * 1024 * 1024;

  private OddObjects() {}

  static Stream<OddObject> all() {
    return Stream.of(empty(), ends(), compressed(), tables(), metadata(), json(), requests())
        .flatMap(List::stream);
  }

  private static List<OddObject> empty() {
    return List.of(
        odd("no byte of JSON", "empty.jsonl", ""),
        odd("no byte of text", "empty.txt", ""),
        odd("no byte of CSV", "empty.csv", ""),
        odd("no byte at all, not even of gzip", "empty.jsonl.gz", ""),
        odd("nothing, compressed", "nothing.csv.gz", gzip("")),
        odd("a header alone", "header.csv", "text\n"),
        odd("a byte order mark alone", "bom.txt", hex("efbbbf")));
  }

  private static List<OddObject> ends() {
    return List.of(
        odd("a UTF-8 byte order mark", "bom.jsonl", bytes(hex("efbbbf"), utf8(GOOD)), IS_GOOD),
        odd("CRLF", "crlf.txt", "one\r\ntwo\r\n", vector("one"), vector("two")),
        odd("CRLF after JSON", "crlf.jsonl", GOOD.replace("\n", "\r\n"), IS_GOOD),
        odd("no newline at the end", "end.txt", "one\ntwo", vector("one"), vector("two")),
        odd(
            "blank lines",
            "blank.jsonl",
            "\n" + GOOD + "  \n" + GOOD + "\n",
            wrong("the line is empty"),
            IS_GOOD,
            wrong("the line is empty"),
            IS_GOOD,
            wrong("the line is empty")),
        odd(
            "blank texts",
            "blank.txt",
            "one\n\ntwo\n",
            vector("one"),
            wrong("the line is empty"),
            vector("two")),
        odd("a NUL in a text", "nul.txt", "a\u0000b\n", vector("a\u0000b")),
        odd(
            "a byte that is not UTF-8, in text",
            "latin.txt",
            bytes(utf8("one\nmot"), hex("f6"), utf8("rhead\ntwo\n")),
            vector("one"),
            wrong("byte 4 of the line is not UTF-8"),
            vector("two")));
  }

  private static List<OddObject> compressed() {
    return List.of(
        odd("gzip", "g.jsonl.gz", gzip(GOOD), IS_GOOD),
        odd(
            "gzip of several members, one of them empty and a line across two",
            "members.txt.gz",
            bytes(gzip("one\ntw"), gzip(""), gzip("o\nthree\n")),
            vector("one"),
            vector("two"),
            vector("three")));
  }

  private static List<OddObject> tables() {
    return List.of(
        odd("a table", "t.csv", "id,text\n1,one\n2,two\n", vector("\"1\"", "one"), two()),
        odd(
            "quotes, commas and newlines within a field",
            "quotes.csv",
            "text,id\n\"a \"\"b\"\", and\nmore\",7\ntwo,2\n",
            vector("\"7\"", "a \"b\", and\nmore"),
            two()),
        odd(
            "records with too many and too few fields",
            "fields.csv",
            "id,text\n1,one,uno\n2,two\n3\n",
            wrong("the record has 3 fields; accepted: 2 fields, for \"id\", \"text\""),
            two(),
            wrong("the record has 1 fields")),
        odd(
            "a quote that is never closed",
            "open.csv",
            "id,text\n1,\"one\n2,two\n",
            wrong("a quote is opened and never closed"),
            two()),
        odd(
            "an empty text",
            "none.csv",
            "id,text\n1,\n2,two\n",
            wrong("the text is empty; accepted: at least one character"),
            two()),
        odd("a column by its name", "column.csv", "review,sku\ntwo,2\n", two())
            .with("text-column", "review")
            .with("id-column", "sku"));
  }

  private static OddObject.Expected two() {
    return vector("\"2\"", "two");
  }

  private static List<OddObject> metadata() {
    return List.of(
        odd("a model by metadata", "model.txt", "one\n", vector("one")).with("model", Client.MODEL),
        odd("base64 by metadata", "base64.txt", "one\ntwo\n", vector("one"), vector("two"))
            .with("encoding-format", "base64"));
  }

  private static List<OddObject> json() {
    return List.of(
        amongGood("JSON that breaks off", "{\"id\":\"x\",\"text\":\"o", "not valid JSON"),
        amongGood("JSON of another kind", "[1,2]", "is an array; accepted: an object"),
        amongGood("a text that is a number", "{\"id\":\"x\",\"text\":5}", "text is a number"),
        amongGood("an id that is an object", "{\"id\":{},\"text\":\"x\"}", "id is an object"),
        amongGood("an unknown field", "{\"id\":\"x\",\"txt\":\"y\"}", "did you mean text by txt?"),
        amongGood("both forms at once", "{\"custom_id\":\"x\",\"text\":\"y\"}", "custom_id and"),
        amongGood("neither form", "{\"id\":\"x\"}", "neither text nor inputs"),
        amongGood(
            "a model that is not there",
            "{\"text\":\"y\",\"model\":\"nobody\"}",
            "there is no model 'nobody'"),
        amongGood("an empty list", "{\"inputs\":[]}", "inputs is empty"),
        amongGood("a list in a list", "{\"inputs\":[\"a\",[\"b\"]]}", "inputs[1] is an array"),
        amongGood(
            "a tensor that the model does not have",
            "{\"inputs\":[{\"name\":\"pixels\",\"shape\":[1],\"datatype\":\"FP32\",\"data\":[1]}]}",
            "pixels"),
        amongGood("a NUL as it is", "{\"text\":\"a\u0000b\"}", "not valid JSON"),
        amongGood(
            "half an emoji", "{\"text\":\"a\\ud83db\"}", "text holds half of a surrogate pair"),
        amongGood("deep nesting", "{\"text\":" + "[".repeat(5_000), "text is an array"),
        amongGood("more texts than a line may have", list(2_049), "more than 2048 strings"),
        amongGood(
            "a line of 10 MB",
            "{\"text\":\"" + "x".repeat(LONG_LINE_BYTES) + "\"}",
            "up to 6291456 are accepted"),
        odd(
            "a byte that is not UTF-8",
            "latin.jsonl",
            bytes(utf8(GOOD), utf8("{\"text\":\"mot"), hex("f6"), utf8("\"}\n" + GOOD)),
            IS_GOOD,
            wrong("the line is not UTF-8"),
            IS_GOOD),
        odd(
            "a NUL and an emoji, escaped",
            "escaped.jsonl",
            "{\"id\":7,\"text\":\"a\\u0000b\"}\n{\"id\":\"\",\"text\":\"\\ud83d\\ude80\"}\n",
            vector("7", "a\u0000b"),
            vector("\"\"", "🚀")),
        odd("the same id twice", "twice.jsonl", GOOD + GOOD, IS_GOOD, IS_GOOD));
  }

  private static List<OddObject> requests() {
    String embeddings = "/v1/embeddings";
    return List.of(
        odd(
            "a request",
            "request.jsonl",
            request(embeddings, "{\"model\":\"all-minilm-l6-v2\",\"input\":\"one\"}") + "\n",
            vector("\"r\"", "one")),
        amongGood(
            "a request of a model that is not there",
            asked("nobody"),
            "there is no model 'nobody'"),
        amongGood("a request of no text", asked(Client.MODEL).replace("one", ""), "input is empty"),
        amongGood(
            "a request for what is no route", request("/v1/images", "{}"), "url is '/v1/images'"),
        amongGood(
            "a request of another method",
            asked(Client.MODEL).replace("POST", "GET"),
            "method is 'GET'; accepted: POST"),
        amongGood(
            "a deep request",
            request(embeddings, "{\"input\":" + "[".repeat(5_000) + "]".repeat(5_000) + "}"),
            "nest"));
  }

  private static String asked(String model) {
    return request("/v1/embeddings", "{\"model\":\"%s\",\"input\":\"one\"}".formatted(model));
  }

  private static String request(String url, String body) {
    return "{\"custom_id\":\"r\",\"method\":\"POST\",\"url\":\"%s\",\"body\":%s}"
        .formatted(url, body);
  }

  /// A line that names as many texts.
  static String list(int texts) {
    return "{\"inputs\":[" + "\"x\",".repeat(texts - 1) + "\"x\"]}";
  }

  private static OddObject amongGood(String name, String line, String reason) {
    String key = name.replace(' ', '-') + ".jsonl";
    return odd(name, key, GOOD + line + "\n" + GOOD, IS_GOOD, wrong(reason), IS_GOOD);
  }
}
