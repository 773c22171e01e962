package dev.pilotlight.handler.refusals;

import dev.pilotlight.handler.TestRequest;
import java.util.List;
import java.util.stream.Stream;

/// JSON bodies that `POST /v2/models/{m}/infer` refuses for every model.
final class BadInfer {
  static final String A = "{\"name\":\"a\",\"shape\":[2],\"datatype\":\"FP32\",\"data\":[1,2]}";
  static final String B = "{\"name\":\"b\",\"shape\":[2],\"datatype\":\"FP32\",\"data\":[3,4]}";

  private BadInfer() {}

  static Stream<BadInput> all() {
    return Stream.of(documents(), inputs(), shapes(), data(), elements(), outputs())
        .flatMap(List::stream);
  }

  private static List<BadInput> documents() {
    String good = "\"inputs\":[" + A + "," + B + "]";
    return List.of(
        sum("an empty body", "", "body"),
        sum("no JSON", "inputs", "JSON"),
        sum("an array", "[" + A + "]", "body"),
        sum("cut off", "{\"inputs\":[{\"name\":\"a", "inputs[0].name"),
        sum("a second document", "{" + good + "}{}", "body"),
        sum("inputs twice", "{" + good + "," + good + "}", "inputs"),
        sum("a field of an input twice", "{\"inputs\":[{\"name\":\"a\",\"name\":\"b\"}]}", "name"),
        sum("an unknown field", "{" + good + ",\"input\":1}", "input is not a known field"),
        sum("deep parameters", "{\"parameters\":{\"p\":" + "[".repeat(10_000), "parameters.p"),
        sum("a number as id", "{\"id\":42," + good + "}", "id"),
        sum("an id of 2,000", "{\"id\":\"" + "x".repeat(2000) + "\"," + good + "}", "id"),
        sum("half a pair as id", "{\"id\":\"\\ud83d\"," + good + "}", "id"),
        sum("another model", "{\"model_name\":\"other\"," + good + "}", "model_name"),
        sum("another version", "{\"model_version\":\"2\"," + good + "}", "model_version"),
        sum("parameters as list", "{\"parameters\":[]," + good + "}", "parameters"),
        sum(
            "binary output as text",
            "{\"parameters\":{\"binary_data_output\":\"true\"}," + good + "}",
            "parameters.binary_data_output"),
        sum(
            "truncate as a number",
            "{\"parameters\":{\"truncate\":1}," + good + "}",
            "parameters.truncate"));
  }

  private static List<BadInput> inputs() {
    String c = A.replace("\"a\"", "\"c\"");
    return List.of(
        sum("nothing", "{}", "inputs"),
        sum("null as inputs", "{\"inputs\":null}", "inputs"),
        sum("an object as inputs", "{\"inputs\":{}}", "inputs"),
        inputs("no entry", "", "inputs"),
        inputs("a number", "1", "inputs[0]"),
        inputs("null among them", A + ",null", "inputs[1]"),
        inputs("one missing", A, "\"b\" is missing"),
        inputs("one too many", A + "," + B + "," + c, "inputs[2].name"),
        inputs("an unknown one", A + "," + c, "inputs[1].name"),
        inputs("one twice", A + "," + A, "inputs[1].name"),
        inputs("300 of them", (A + ",").repeat(299) + A, "inputs"),
        inputs("no name", A.replace("\"name\":\"a\",", ""), "inputs[0].name"),
        inputs("an empty name", A.replace("\"a\"", "\"\""), "inputs[0].name"),
        inputs("a number as name", A.replace("\"a\"", "1"), "inputs[0].name"),
        inputs("a name of 10,000", A.replace("\"a\"", "\"" + "a".repeat(10_000) + "\""), "name"),
        inputs("a name with NUL", A.replace("\"a\"", "\"a\\u0000\"") + "," + B, "inputs[0].name"),
        inputs("an unknown field", A.replace("data\"", "dat\""), "inputs[0].dat"),
        inputs("no datatype", A.replace("\"datatype\":\"FP32\",", ""), "inputs[0].datatype"),
        inputs("an unknown datatype", A.replace("FP32", "FLOAT"), "inputs[0].datatype"),
        inputs("a datatype in small letters", A.replace("FP32", "fp32"), "inputs[0].datatype"),
        inputs("a number as datatype", A.replace("\"FP32\"", "1"), "inputs[0].datatype"),
        inputs("another datatype", A.replace("FP32", "FP64") + "," + B, "inputs[0].datatype"),
        inputs(
            "shared memory",
            A.replace("\"data\"", "\"parameters\":{\"shared_memory_region\":\"r\"},\"data\""),
            "inputs[0].parameters.shared_memory_region"));
  }

  private static List<BadInput> shapes() {
    return List.of(
        shape("missing", "\"shape\":[2],", "", "inputs[0].shape"),
        shape("null", "null", "inputs[0].shape"),
        shape("a number", "2", "inputs[0].shape"),
        shape("text", "[\"2\"]", "inputs[0].shape[0]"),
        shape("a fraction", "[2.0]", "inputs[0].shape[0]"),
        shape("negative", "[-1]", "inputs[0].shape[0]"),
        shape("one too many", "[3]", "inputs[0].data"),
        shape("one too few", "[1]", "inputs[0].data"),
        shape("another rank", "[1,2]", "inputs[0].shape"),
        shape("a scalar's", "[]", "inputs[0].data"),
        shape("nine dimensions", "[1,1,1,1,1,1,1,1,2]", "inputs[0].shape"),
        shape("a million dimensions", "[" + "1,".repeat(1_000_000) + "2]", "inputs[0].shape"),
        shape("huge", "[9223372036854775807]", "inputs[0].shape[0]"),
        shape("beyond 64 bits", "[99999999999999999999]", "inputs[0].shape[0]"),
        shape("a product beyond 64 bits", "[60000000,60000000,60000000,2]", "inputs[0].shape"),
        shape("a product that wraps to 0", "[65536,65536,65536,65536]", "inputs[0].shape"),
        shape("large, without data", "[67108864]", "inputs[0].data"),
        shape("of no element", "[0]", "inputs[0].data"));
  }

  private static List<BadInput> data() {
    String nested = "{\"name\":\"a\",\"shape\":[2,2],\"datatype\":\"FP32\",\"data\":%s}";
    return List.of(
        inputs("no data", A.replace(",\"data\":[1,2]", ""), "inputs[0]"),
        data("null", "null", "inputs[0]"),
        data("a number", "1", "inputs[0].data"),
        data("an object", "{}", "inputs[0].data"),
        data("empty", "[]", "inputs[0].data"),
        data("a million too many", "[" + "1,".repeat(1_000_000) + "1]", "1000001"),
        data("nested too deep", "[[1],[2]]", "inputs[0].data[0]"),
        data("10,000 brackets", "[".repeat(10_000) + "]".repeat(10_000), "inputs[0].data"),
        data("cut off", "[1,", "inputs[0].data"),
        inputs("a short row", nested.formatted("[[1,2],[3]]"), "inputs[0].data[1]"),
        inputs("a long row", nested.formatted("[[1,2,3],[4]]"), "inputs[0].data[0]"),
        inputs("a row too many", nested.formatted("[[1,2],[3,4],[5,6]]"), "inputs[0].data"),
        inputs("a number beside a row", nested.formatted("[[1,2],3]"), "inputs[0].data[1]"),
        inputs("a row behind numbers", nested.formatted("[1,2,[3,4]]"), "inputs[0].data[2]"));
  }

  private static List<BadInput> elements() {
    return List.of(
        data("NaN", "[1,NaN]", "NaN"),
        data("Infinity", "[1,-Infinity]", "Infinity"),
        data("NaN as text", "[1,\"NaN\"]", "inputs[0].data[1]"),
        data("null inside", "[null,1]", "inputs[0].data[0]"),
        data("true inside", "[true,1]", "inputs[0].data[0]"),
        data("over FP32", "[1,3.5e38]", "inputs[0].data[1]"),
        data("over any number", "[1,1e999999999]", "inputs[0].data[1]"),
        data("a number of 100 digits", "[1," + "1".repeat(100) + "]", "inputs[0].data"),
        element("BOOL", "1"),
        element("BOOL", "\"true\""),
        element("INT8", "128"),
        element("INT8", "-129"),
        element("INT16", "32768"),
        element("INT32", "2147483648"),
        element("INT64", "9223372036854775808"),
        element("INT64", "1.0"),
        element("INT64", "1e2"),
        element("UINT8", "256"),
        element("UINT8", "-1"),
        element("UINT16", "65536"),
        element("UINT32", "4294967296"),
        element("UINT64", "18446744073709551616"),
        element("UINT64", "-1"),
        element("FP64", "1e309"),
        element("FP16", "1"),
        element("BF16", "1"),
        element("BYTES", "1"),
        element("BYTES", "\"\\udc00\""));
  }

  private static List<BadInput> outputs() {
    String sum = "{\"name\":\"sum\"}";
    return List.of(
        outputs("an unknown one", "{\"name\":\"product\"}", "outputs[0].name"),
        outputs("one twice", sum + "," + sum, "outputs[1].name"),
        outputs("no name", sum + ",{}", "outputs[1].name"),
        outputs("text", "\"sum\"", "outputs[0]"),
        outputs("an unknown field", "{\"name\":\"sum\",\"x\":1}", "outputs[0].x"),
        outputs("300 of them", (sum + ",").repeat(300) + sum, "outputs"),
        outputs("classes", parameter("classification", "\"3\""), "classification"),
        outputs("binary as a number", parameter("binary_data", "1"), "binary_data"),
        outputs("shared memory", parameter("shared_memory_offset", "1"), "shared_memory_offset"));
  }

  private static String parameter(String name, String value) {
    return "{\"name\":\"sum\",\"parameters\":{\"" + name + "\":" + value + "}}";
  }

  private static BadInput outputs(String name, String outputs, String says) {
    String json = "{\"inputs\":[%s,%s],\"outputs\":[%s]}".formatted(A, B, outputs);
    return sum("outputs: " + name, json, says);
  }

  private static BadInput element(String datatype, String value) {
    String input =
        "{\"name\":\"a\",\"datatype\":\"%s\",\"shape\":[1],\"data\":[%s]}"
            .formatted(datatype, value);
    return inputs(datatype + " of " + value, input, "inputs[0].data");
  }

  private static BadInput data(String name, String data, String says) {
    return inputs("data: " + name, A.replace("[1,2]", data) + "," + B, says);
  }

  private static BadInput shape(String name, String shape, String says) {
    return shape(name, "[2]", shape, says);
  }

  private static BadInput shape(String name, String old, String shape, String says) {
    return inputs("shape: " + name, A.replace(old, shape) + "," + B, says);
  }

  private static BadInput inputs(String name, String inputs, String says) {
    return sum("inputs: " + name, "{\"inputs\":[" + inputs + "]}", says);
  }

  private static BadInput sum(String name, String json, String says) {
    return BadInput.of(name, TestRequest.post("/v2/models/sum/infer", json), 400, says);
  }
}
