package dev.pilotlight.protocol.openinference;

import static dev.pilotlight.protocol.openinference.InferBodies.bytes;
import static dev.pilotlight.protocol.openinference.InferBodies.concat;
import static dev.pilotlight.protocol.openinference.InferBodies.input;
import static dev.pilotlight.protocol.openinference.InferBodies.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.pilotlight.domain.Refusal;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/// Every way to send a wrong request that we could think of, and the field its refusal names.
class InferRequestRefusalTest {
  private static final String HEADER = InferRequestReader.LENGTH_HEADER;
  private static final String X = "'name':'x','datatype':'UINT8','shape':[2]";

  static Stream<Arguments> wrongDocuments() {
    return Stream.of(
        wrong("", "body", "empty"),
        wrong("[]", "body", "an object"),
        wrong("{'inputs':[", "inputs", "not valid JSON"),
        wrong("{} x", "body", "not valid JSON"),
        wrong("{}", "inputs", "at least one input"),
        wrong("{'inputs':[]}", "inputs", "at least one input"),
        wrong("{'inputs':null}", "inputs", "an array"),
        wrong("{'inputs':{}}", "inputs", "an array"),
        wrong("{'inputs':[1]}", "inputs[0]", "an object"),
        wrong("{'input':[]}", "input", "not a known field"),
        wrong("{'input':null}", "input", "not a known field"),
        wrong("{'id':7}", "id", "a string"),
        wrong("{'id':'" + "i".repeat(1025) + "'}", "id", "1025 characters"),
        wrong("{'id':'a','id':'b'}", "body", "Duplicate"),
        wrong("{'parameters':[]}", "parameters", "an object"),
        wrong("{'parameters':{'truncate':1}}", "parameters.truncate", "true or false"),
        wrong(
            "{'parameters':{'binary_data_output':'yes'}}",
            "parameters.binary_data_output",
            "true or false"),
        wrong("{'outputs':{}}", "outputs", "an array"),
        wrong("{'outputs':['y']}", "outputs[0]", "an object"),
        wrong("{'outputs':[{'nom':'y'}]}", "outputs[0].nom", "not a known field"),
        wrong(
            "{'outputs':[{'name':'y','parameters':{'binary_data':1}}]}",
            "outputs[0].parameters.binary_data",
            "true or false"),
        wrong(
            "{'outputs':[{'name':'y','parameters':{'classification':-1}}]}",
            "outputs[0].parameters.classification",
            "from 0 to"),
        wrong(
            "{'outputs':[{'name':'y','parameters':{'shared_memory_size':3}}]}",
            "outputs[0].parameters.shared_memory_size",
            "extension"),
        wrong(withInput("'outputs':[{}]"), "outputs[0].name", "missing"),
        wrong(
            withInput("'outputs':[{'name':'y'},{'name':'y'}]"),
            "outputs[1].name",
            "duplicate output name"),
        wrong(many("outputs", 257), "outputs", "256"));
  }

  static Stream<Arguments> wrongInputs() {
    return Stream.of(
        wrong(
            "{'inputs':[{'datatype':'UINT8','shape':[0],'data':[]}]}", "inputs[0].name", "missing"),
        wrong("{'inputs':[{'name':'x','shape':[0],'data':[]}]}", "inputs[0].datatype", "missing"),
        wrong(
            "{'inputs':[{'name':'x','datatype':'UINT8','data':[]}]}", "inputs[0].shape", "missing"),
        wrong("{'inputs':[{" + X + "}]}", "inputs[0]", "neither data nor"),
        wrong("{'inputs':[{" + X + ",'data':null}]}", "inputs[0]", "neither data nor"),
        wrong("{'inputs':[{'name':'','data':[]}]}", "inputs[0].name", "0 characters"),
        wrong("{'inputs':[{'name':'" + "n".repeat(257) + "'}]}", "inputs[0].name", "257"),
        wrong("{'inputs':[{'name':3}]}", "inputs[0].name", "a string"),
        wrong("{'inputs':[{'nom':'x'}]}", "inputs[0].nom", "not a known field"),
        wrong(input("FLOAT", "[1]", "[1]"), "inputs[0].datatype", "FP32"),
        wrong(input("fp32", "[1]", "[1]"), "inputs[0].datatype", "FP32"),
        wrong(input("UINT8", "3", "[1]"), "inputs[0].shape", "an array"),
        wrong(input("UINT8", "[-1]", "[1]"), "inputs[0].shape[0]", "-1"),
        wrong(input("UINT8", "[1.0]", "[1]"), "inputs[0].shape[0]", "a whole number"),
        wrong(input("UINT8", "['1']", "[1]"), "inputs[0].shape[0]", "a whole number"),
        wrong(input("UINT8", "[99999999999999999999]", "[1]"), "inputs[0].shape[0]", "67108864"),
        wrong(input("UINT8", "[1,1,1,1,1,1,1,1,1]", "[1]"), "inputs[0].shape", "8 dimensions"),
        wrong(input("UINT8", "[8192,8193]", "[1]"), "inputs[0].shape", "67108864 elements"),
        wrong(
            input("UINT8", "[67108864,67108864,67108864,0]", "[]"), "inputs[0].shape", "67108864"),
        wrong(
            "{'inputs':[{'name':'x','parameters':{'shared_memory_region':'r'}}]}",
            "inputs[0].parameters.shared_memory_region",
            "extension"),
        wrong(
            "{'inputs':[%1$s,%1$s]}".formatted("{" + X + ",'data':[1,2]}"),
            "inputs[1].name",
            "duplicate input name"),
        wrong(many("inputs", 257), "inputs", "256"));
  }

  static Stream<Arguments> wrongData() {
    return Stream.of(
        wrong(input("UINT8", "[1]", "7"), "inputs[0].data", "an array"),
        wrong(input("UINT8", "[1]", "{}"), "inputs[0].data", "an array"),
        wrong(input("UINT8", "[1]", "'AA=='"), "inputs[0].data", "an array"),
        wrong(input("UINT8", "[3]", "[1,2]"), "inputs[0].data", "2 elements", "takes 3"),
        wrong(input("UINT8", "[3]", "[1,2,3,4,5]"), "inputs[0].data", "5 elements", "takes 3"),
        wrong(input("UINT8", "[9000000]", "[1]"), "inputs[0].data", "1 elements", "takes 9000000"),
        wrong(input("UINT8", "[2,3]", "[1,2,3]"), "inputs[0].data", "3 elements", "takes 6"),
        wrong(input("UINT8", "[]", "[]"), "inputs[0].data", "0 elements", "takes 1"),
        wrong(input("UINT8", "[]", "[1,2]"), "inputs[0].data", "2 elements", "takes 1"),
        wrong(input("UINT8", "[]", "[[1]]"), "inputs[0].data[0]", "an array"),
        wrong(input("UINT8", "[0]", "[1]"), "inputs[0].data", "1 elements", "takes 0"),
        wrong(input("UINT8", "[2]", "[[1],[2]]"), "inputs[0].data[0]", "an array"),
        wrong(input("UINT8", "[2,2]", "[[1,2]]"), "inputs[0].data", "1 elements", "takes 2"),
        wrong(input("UINT8", "[2,2]", "[[1,2],[3]]"), "inputs[0].data[1]", "1 elements"),
        wrong(input("UINT8", "[2,2]", "[[1,2],[3,4,5]]"), "inputs[0].data[1]", "3 elements"),
        wrong(input("UINT8", "[2,2]", "[[1,2],[3,4],[]]"), "inputs[0].data", "3 elements"),
        wrong(input("UINT8", "[2,2]", "[[1,2],3,4]"), "inputs[0].data[1]", "not an array"),
        wrong(input("UINT8", "[2,2]", "[1,2,[3,4]]"), "inputs[0].data[2]", "an array"),
        wrong(input("UINT8", "[2,1,2]", "[[1,2],[3,4]]"), "inputs[0].data[0][0]", "not an array"),
        wrong(input("UINT8", "[1,2]", "[[[1],2]]"), "inputs[0].data[0][0]", "an array"),
        wrong(input("UINT8", "[4]", "[1,2,3,300]"), "inputs[0].data[3]", "300", "0 to 255"),
        wrong(input("UINT8", "[1]", "[-1]"), "inputs[0].data[0]", "0 to 255"),
        wrong(input("UINT16", "[1]", "[65536]"), "inputs[0].data[0]", "0 to 65535"),
        wrong(input("UINT32", "[1]", "[4294967296]"), "inputs[0].data[0]", "0 to 4294967295"),
        wrong(
            input("UINT64", "[1]", "[18446744073709551616]"),
            "inputs[0].data[0]",
            "0 to 18446744073709551615"),
        wrong(input("UINT64", "[1]", "[-1]"), "inputs[0].data[0]", "UINT64"),
        wrong(input("UINT64", "[1]", "[-9223372036854775809]"), "inputs[0].data[0]", "UINT64"),
        wrong(input("INT8", "[1]", "[128]"), "inputs[0].data[0]", "-128 to 127"),
        wrong(input("INT16", "[1]", "[-32769]"), "inputs[0].data[0]", "-32768 to 32767"),
        wrong(input("INT32", "[1]", "[2147483648]"), "inputs[0].data[0]", "2147483647"),
        wrong(input("INT64", "[1]", "[9223372036854775808]"), "inputs[0].data[0]", "INT64"),
        wrong(input("INT64", "[1]", "[1.0]"), "inputs[0].data[0]", "1.0", "a whole number"),
        wrong(input("INT64", "[1]", "[1e2]"), "inputs[0].data[0]", "a whole number"),
        wrong(input("INT64", "[1]", "[true]"), "inputs[0].data[0]", "a whole number"),
        wrong(input("INT64", "[1]", "['1']"), "inputs[0].data[0]", "a string"),
        wrong(input("INT64", "[1]", "[null]"), "inputs[0].data[0]", "null"),
        wrong(input("INT64", "[1]", "[{}]"), "inputs[0].data[0]", "an object"));
  }

  static Stream<Arguments> wrongOtherData() {
    return Stream.of(
        wrong(input("BOOL", "[1]", "[1]"), "inputs[0].data[0]", "true or false"),
        wrong(input("BOOL", "[1]", "['true']"), "inputs[0].data[0]", "true or false"),
        wrong(input("FP32", "[2]", "[1,1e39]"), "inputs[0].data[1]", "1e39", "FP32"),
        wrong(input("FP32", "[1]", "[-3.5e38]"), "inputs[0].data[0]", "FP32"),
        wrong(input("FP32", "[1]", "[1" + "0".repeat(39) + "]"), "inputs[0].data[0]", "FP32"),
        wrong(input("FP32", "[1]", "['1.0']"), "inputs[0].data[0]", "a string"),
        wrong(input("FP64", "[1]", "[1e309]"), "inputs[0].data[0]", "FP64"),
        wrong(input("FP64", "[1]", "[false]"), "inputs[0].data[0]", "FP64"),
        wrong(input("FP32", "[2]", "[1,NaN]"), "inputs[0].data[1]", "binary"),
        wrong(input("FP32", "[2]", "[1,-Infinity]"), "inputs[0].data[1]", "binary"),
        wrong(input("FP32", "[1]", "['NaN']"), "inputs[0].data[0]", "a string"),
        wrong(input("FP64", "[1]", "[0." + "1".repeat(99) + "]"), "inputs[0].data[0]", "limit"),
        wrong(input("BYTES", "[1]", "[7]"), "inputs[0].data[0]", "a string"),
        wrong(input("BYTES", "[1]", "[null]"), "inputs[0].data[0]", "a string"),
        wrong(input("BYTES", "[2]", "['a','\\ud83d']"), "inputs[0].data[1]", "surrogate"),
        wrong(input("FP16", "[1]", "[1]"), "inputs[0].data", "binary"),
        wrong(input("BF16", "[1]", "[1]"), "inputs[0].data", "binary"),
        // the same when the data comes first and is read late
        wrong(
            "{'inputs':[{'data':[1,300],'shape':[2],'name':'x','datatype':'UINT8'}]}",
            "inputs[0].data[1]",
            "300"),
        wrong(
            "{'inputs':[{'data':[[1],[2,3]],'shape':[2,1],'name':'x','datatype':'UINT8'}]}",
            "inputs[0].data[1]",
            "2 elements"),
        wrong(
            "{'inputs':[{'data':[1],'datatype':'FP16','shape':[1],'name':'x'}]}",
            "inputs[0].data",
            "binary"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource({"wrongDocuments", "wrongInputs", "wrongData", "wrongOtherData"})
  void isRefusedNamingTheField(String body, String field, String... says) {
    assertRefused(json(body).getBytes(UTF_8), null, field, says);
  }

  static Stream<Arguments> wrongBinaryBodies() {
    return Stream.of(
        binary(2, bytes(1), "inputs[0].parameters.binary_data_size", "2", "only 1"),
        binary(2, bytes(1, 2, 3), "body", "1 bytes after"),
        binary(1, bytes(1), "inputs[0]", "1 bytes", "takes 2"),
        binary(3, bytes(1, 2, 3), "inputs[0]", "3 bytes", "takes 2"),
        Arguments.of(
            "{'inputs':[{" + X + ",'data':[1,2],'parameters':{'binary_data_size':2}}]}",
            bytes(1, 2),
            "inputs[0]",
            new String[] {"both"}),
        Arguments.of(
            "{'inputs':[{" + X + ",'data':[1,2]}]}",
            bytes(1, 2),
            "body",
            new String[] {"2 bytes after"}),
        Arguments.of(
            "{'inputs':[{" + X + ",'parameters':{'binary_data_size':-2}}]}",
            bytes(),
            "inputs[0].parameters.binary_data_size",
            new String[] {"-2"}),
        Arguments.of(
            "{'inputs':[{" + X + ",'parameters':{'binary_data_size':'2'}}]}",
            bytes(1, 2),
            "inputs[0].parameters.binary_data_size",
            new String[] {"a whole number"}),
        typed("BOOL", "[2]", bytes(1, 2), "BOOL element 1 is byte 2"),
        typed("FP32", "[1]", bytes(1, 2, 3), "3 bytes", "takes 4"),
        typed("FP16", "[2]", bytes(1, 2, 3), "3 bytes", "takes 4"),
        typed("BYTES", "[1]", bytes(1, 0, 0), "truncated"),
        typed("BYTES", "[1]", bytes(2, 0, 0, 0, 65), "length 2", "only 1"),
        typed("BYTES", "[1]", bytes(255, 255, 255, 255, 65), "length 4294967295"),
        typed("BYTES", "[2]", bytes(1, 0, 0, 0, 65), "1 BYTES elements", "takes 2"),
        typed("BYTES", "[0]", bytes(0, 0, 0, 0), "1 BYTES elements", "takes 0"));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("wrongBinaryBodies")
  void isRefusedInBinary(String text, byte[] tensors, String field, String... says) {
    byte[] json = json(text).getBytes(UTF_8);
    assertRefused(concat(json, tensors), Integer.toString(json.length), field, says);
  }

  static Stream<Arguments> wrongHeaders() {
    String claims = "{'inputs':[{" + X + ",'parameters':{'binary_data_size':2}}]}";
    return Stream.of(
        Arguments.of("{}", "x", HEADER, "in digits"),
        Arguments.of("{}", "", HEADER, "in digits"),
        Arguments.of("{}", "-1", HEADER, "in digits"),
        Arguments.of("{}", "2.0", HEADER, "in digits"),
        Arguments.of("{}", "4294967298", HEADER, "in digits"),
        Arguments.of("{}", "2, 2", HEADER, "in digits"),
        Arguments.of("{}", "3", HEADER, "only 2 bytes"),
        Arguments.of("{'id':'a'}", "5", "id", "not valid JSON"),
        Arguments.of(claims, null, HEADER, "is missing"),
        Arguments.of(claims + "AB", null, HEADER, "is missing"));
  }

  @ParameterizedTest(name = "{1}: {0}")
  @MethodSource("wrongHeaders")
  void isRefusedForItsHeader(String body, @Nullable String header, String field, String says) {
    assertRefused(json(body).getBytes(UTF_8), header, field, says);
  }

  @Test
  void binaryDataWithoutTheHeaderIsDistinguishedFromBrokenJson() {
    String claims = "{'inputs':[{" + X + ",'parameters':{'binary_data_size':2}}]}";
    byte[] body = concat(json(claims).getBytes(UTF_8), bytes(0xFF, 0xFE));

    assertRefused(body, null, HEADER, "is missing");
  }

  private static void assertRefused(
      byte[] body, @Nullable String header, String field, String... says) {
    Refusal refusal = catchThrowableOfType(Refusal.class, () -> InferBodies.read(body, header));
    assertThat(refusal).as("a refusal").isNotNull();
    assertThat(refusal.reason()).isEqualTo(Refusal.Reason.INVALID);
    assertThat(refusal.field()).as(refusal.message()).hasValue(field);
    assertThat(refusal.message()).contains(says).hasSizeLessThan(600);
  }

  private static Arguments wrong(String body, String field, String... says) {
    return Arguments.of(body, field, says);
  }

  private static Arguments binary(int size, byte[] tensors, String field, String... says) {
    String json = "{'inputs':[{%s,'parameters':{'binary_data_size':%d}}]}".formatted(X, size);
    return Arguments.of(json, tensors, field, says);
  }

  private static Arguments typed(String datatype, String shape, byte[] tensor, String... says) {
    String json =
        "{'inputs':[{'name':'x','datatype':'%s','shape':%s,'parameters':{'binary_data_size':%d}}]}"
            .formatted(datatype, shape, tensor.length);
    return Arguments.of(json, tensor, "inputs[0]", says);
  }

  private static String withInput(String more) {
    return "{'inputs':[{" + X + ",'data':[1,2]}]," + more + "}";
  }

  private static String many(String list, int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "{'name':'x%d'%s}".formatted(i, list.equals("inputs") ? INPUT_REST : ""))
        .collect(Collectors.joining(",", "{'" + list + "':[", "]}"));
  }

  private static final String INPUT_REST = ",'datatype':'UINT8','shape':[0],'data':[]";
}
