package dev.pilotlight.handler.refusals;

import static dev.pilotlight.handler.models.TestModels.SAMPLE;

import dev.pilotlight.handler.TestRequest;
import java.util.List;
import java.util.stream.Stream;

/// Valid requests that a model refuses: texts it cannot take, tensors that do not fit its graph,
/// and tensors on which its graph fails.
final class BadTensors {
  private static final String LONG_TEXT = "hello ".repeat(300);
  private static final String ONES = "1,1,1,1";

  private BadTensors() {}

  static Stream<BadInput> all() {
    return Stream.of(texts(), declared(), runs(), sizes(), outputs()).flatMap(List::stream);
  }

  private static List<BadInput> texts() {
    return List.of(
        text("none", "[0]", "", "inputs[0].shape"),
        text("a scalar", "[]", "\"a\"", "inputs[0].shape"),
        text("two columns", "[1,2]", "\"a\",\"b\"", "inputs[0].shape"),
        text("an empty one", "[4]", "\"a\",\"b\",\"c\",\"\"", "inputs[0].data[3]"),
        text("half a surrogate pair", "[2]", "\"a\",\"\\ud83d\"", "inputs[0].data[1]"),
        text("a number", "[2]", "\"a\",1", "inputs[0].data[1]"),
        text("null", "[2]", "\"a\",null", "inputs[0].data[1]"),
        text("too long", "[2]", "\"a\",\"" + LONG_TEXT + "\"", "inputs[0].data[1]").saying("302"),
        text("2,049 texts", 413, "[2049]", "\"a\",".repeat(2048) + "\"a\"", "inputs[0]"),
        text("2,048 in decimals", 413, "[2048]", distinct(2048), "binary_data_output"),
        infer(SAMPLE, "text as INT64", input("text", "INT64", "[1]", "1"), "inputs[0].datatype"),
        infer(
            SAMPLE,
            "text and tensors",
            input("text", "BYTES", "[1]", "\"a\"") + "," + ids("[1,4]", ONES),
            "inputs[1].name"),
        infer(SAMPLE, "Text", input("Text", "BYTES", "[1]", "\"a\""), "inputs[0].name"),
        infer(
            "classes",
            "a long text",
            input("text", "BYTES", "[1]", "\"" + LONG_TEXT + "\""),
            "302"));
  }

  private static List<BadInput> declared() {
    return List.of(
        infer(SAMPLE, "no mask", ids("[1,4]", ONES), "attention_mask"),
        infer(
            SAMPLE,
            "INT32 ids",
            input("input_ids", "INT32", "[1,4]", ONES) + "," + mask("[1,4]", ONES),
            "inputs[0].datatype"),
        infer(SAMPLE, "flat ids", ids("[4]", ONES) + "," + mask("[1,4]", ONES), "inputs[0].shape"),
        infer(
            SAMPLE, "a flat mask", ids("[1,4]", ONES) + "," + mask("[4]", ONES), "inputs[1].shape"),
        infer(
            SAMPLE,
            "an input it has not",
            ids("[1,4]", ONES) + "," + mask("[1,4]", ONES) + "," + ints("head_mask", "[1]", "1"),
            "inputs[2].name"),
        infer(SAMPLE, "mask twice", mask("[1,4]", ONES) + "," + mask("[1,4]", ONES), "name"),
        infer("words", "numbers for words", input("text", "INT64", "[1]", "1"), "datatype"),
        infer(
            "square",
            "a fixed size",
            input("x", "FP32", "[2,3]", "1,2,3,4,5,6"),
            "inputs[0].shape"));
  }

  /// The graph itself finds out.
  private static List<BadInput> runs() {
    return List.of(
        run("an id outside the vocabulary", "[1,4]", "101,30522,1,102", "[1,4]", ONES),
        run("an id far outside", "[1,4]", "101,9223372036854775807,1,102", "[1,4]", ONES),
        run("an id far below 0", "[1,4]", "101,-9223372036854775808,1,102", "[1,4]", ONES),
        run("a shorter mask", "[1,4]", "101,1,1,102", "[1,3]", "1,1,1"),
        run("a longer mask", "[1,4]", "101,1,1,102", "[1,5]", "1,1,1,1,1"),
        run("more masks than texts", "[2,2]", ONES, "[3,2]", ONES + ",1,1"),
        run("600 ids", "[1,600]", "1,".repeat(599) + "1", "[1,600]", "1,".repeat(599) + "1"),
        infer(
            SAMPLE,
            "a type outside its table",
            ids("[1,4]", ONES)
                + ","
                + mask("[1,4]", ONES)
                + ","
                + ints("token_type_ids", "[1,4]", "0,0,7,0"),
            "inputs"),
        infer(
            SAMPLE,
            "types of another length",
            ids("[1,4]", ONES)
                + ","
                + mask("[1,4]", ONES)
                + ","
                + ints("token_type_ids", "[1,2]", "0,0"),
            "inputs"),
        infer(
            "sum", "2 and 3", fp32("a", "[2]", "1,2") + "," + fp32("b", "[3]", "1,2,3"), "inputs"),
        infer("sum", "2 and 0", fp32("a", "[2]", "1,2") + "," + fp32("b", "[0]", ""), "inputs"),
        infer(
            "join",
            "texts of 2 and 3",
            input("a", "BYTES", "[2]", "\"a\",\"b\"")
                + ","
                + input("b", "BYTES", "[3]", "\"a\",\"b\",\"c\""),
            "inputs"));
  }

  /// The inputs' values say how large the output is.
  private static List<BadInput> sizes() {
    return List.of(
        fill("100 MB", 413, "5000,5000", "100000000"),
        fill("16 MB in JSON", 413, "4000,1000", "binary_data_output"),
        fill("more than any memory", 413, "1000000,1000000", "memory"),
        fill("more than 64 bits", 400, "4611686018427387904,4", "overflow"),
        fill("less than nothing", 400, "-1,4", "ConstantOfShape"));
  }

  private static List<BadInput> outputs() {
    return List.of(
        infer("quotient", "NaN in JSON", fp32("a", "[1]", "0") + "," + fp32("b", "[1]", "0"), "NaN")
            .saying("binary_data_output"),
        infer(
            "quotient",
            "Infinity in JSON",
            fp32("a", "[2]", "1,1") + "," + fp32("b", "[2]", "1,0"),
            "quotient"),
        infer("half", "FP16 in JSON", fp32("x", "[1]", "1"), "FP16").saying("binary_data_output"),
        of(
            SAMPLE,
            "an output of the graph for a text",
            "{\"inputs\":[%s],\"outputs\":[{\"name\":\"last_hidden_state\"}]}"
                .formatted(input("text", "BYTES", "[1]", "\"a\"")),
            400,
            "outputs[0].name"),
        of(
            SAMPLE,
            "an output of the task for tensors",
            "{\"inputs\":[%s,%s],\"outputs\":[{\"name\":\"embedding\"}]}"
                .formatted(ids("[1,4]", ONES), mask("[1,4]", ONES)),
            400,
            "outputs[0].name"));
  }

  private static String distinct(int count) {
    StringBuilder texts = new StringBuilder("\"never run 0\"");
    for (int i = 1; i < count; i++) {
      texts.append(",\"never run ").append(i).append('"');
    }
    return texts.toString();
  }

  private static BadInput run(
      String name, String idsShape, String ids, String maskShape, String mask) {
    return infer(SAMPLE, name, ids(idsShape, ids) + "," + mask(maskShape, mask), "inputs");
  }

  private static String ids(String shape, String data) {
    return ints("input_ids", shape, data);
  }

  private static String mask(String shape, String data) {
    return ints("attention_mask", shape, data);
  }

  private static String ints(String name, String shape, String data) {
    return input(name, "INT64", shape, data);
  }

  private static String fp32(String name, String shape, String data) {
    return input(name, "FP32", shape, data);
  }

  static String input(String name, String datatype, String shape, String data) {
    return "{\"name\":\"%s\",\"datatype\":\"%s\",\"shape\":%s,\"data\":[%s]}"
        .formatted(name, datatype, shape, data);
  }

  private static BadInput fill(String name, int status, String shape, String says) {
    String json = "{\"inputs\":[" + ints("x", "[2]", shape) + "]}";
    return of("fill", name, json, status, says);
  }

  private static BadInput text(String name, String shape, String data, String says) {
    return text(name, 400, shape, data, says);
  }

  private static BadInput text(String name, int status, String shape, String data, String says) {
    String json = "{\"inputs\":[" + input("text", "BYTES", shape, data) + "]}";
    return of(SAMPLE, "text: " + name, json, status, says);
  }

  private static BadInput infer(String model, String name, String inputs, String says) {
    return of(model, name, "{\"inputs\":[" + inputs + "]}", 400, says);
  }

  private static BadInput of(String model, String name, String json, int status, String says) {
    TestRequest request = TestRequest.post("/v2/models/" + model + "/infer", json);
    return BadInput.of(model + ": " + name, request, status, says);
  }
}
