package dev.pilotlight.protocol.openinference;

import static dev.pilotlight.protocol.openinference.InferBodies.bytes;
import static dev.pilotlight.protocol.openinference.InferBodies.input;
import static dev.pilotlight.protocol.openinference.InferBodies.read;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.protocol.openinference.InferRequest.Inputs;
import dev.pilotlight.protocol.openinference.InferRequest.WantedOutput;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InferRequestReaderTest {

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[3] | [1,2,3]",
        "[2,2] | [1,2,3,4]",
        "[2,2] | [[1,2],[3,4]]",
        "[1,2,1,2] | [[[[1,2]],[[3,4]]]]",
        "[] | 1",
        "[] | [1]",
        "[0] | []",
        "[2,0] | []",
        "[2,0] | [[],[]]",
        "[0,2] | []",
        "[2,0,3] | [[],[]]"
      })
  void dataIsFlatOrNestedAsItsShape(String shape, String data) {
    byte[] values = only(read(input("UINT8", shape, data))).data();

    byte[] counted = new byte[values.length];
    IntStream.range(0, values.length).forEach(i -> counted[i] = (byte) (i + 1));
    assertThat(values).isEqualTo(counted);
  }

  @ParameterizedTest
  @CsvSource({
    "UINT8, 255, -1",
    "UINT16, 65535, -1",
    "UINT32, 4294967295, -1",
    "UINT64, 18446744073709551615, -1",
    "UINT64, 9223372036854775808, -9223372036854775808",
    "INT8, -128, -128",
    "INT16, 32767, 32767",
    "INT32, -2147483648, -2147483648",
    "INT64, 9223372036854775807, 9223372036854775807",
    "INT64, -9223372036854775808, -9223372036854775808",
    "INT8, -0, 0"
  })
  void integersReachTheEndsOfTheirRange(String datatype, String json, long bits) {
    Tensor tensor = only(read(input(datatype, "[1]", "[" + json + "]")));

    long value =
        switch (tensor.datatype().size()) {
          case 1 -> tensor.buffer().get();
          case 2 -> tensor.buffer().getShort();
          case 4 -> tensor.buffer().getInt();
          default -> tensor.buffer().getLong();
        };
    assertThat(value).isEqualTo(bits);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0",
        "-0",
        "-0.0",
        "0e5",
        "1",
        "-7",
        "16777217",
        "9007199254740993",
        "3.4028235e38",
        "340282350000000000000000000000000000000",
        "1.4e-45",
        "1e-60",
        "0.1",
        "1.00000017881393432617",
        "1.000000178813934326171874999",
        "1.00000017881393421514957253748434595763683319091796875001"
      })
  void floatsAreRoundedOnceToTheNearest(String json) {
    Tensor fp32 = only(read(input("FP32", "[1]", "[" + json + "]")));
    Tensor fp64 = only(read(input("FP64", "[1]", "[" + json + "]")));

    assertThat(fp32.buffer().getInt()).isEqualTo(Float.floatToRawIntBits(Float.parseFloat(json)));
    assertThat(fp64.buffer().getLong())
        .isEqualTo(Double.doubleToRawLongBits(Double.parseDouble(json)));
  }

  @Test
  void bytesAreTheUtf8OfStrings() {
    Tensor tensor = only(read(input("BYTES", "[4]", "['','a\\u0000b','ß','\\ud83d\\ude00']")));

    assertThat(tensor.bytes().stream().map(b -> new String(b, UTF_8)))
        .containsExactly("", "a\0b", "ß", "😀");
  }

  @Test
  void binaryAndJsonInputsMix() {
    InferRequest request =
        read(
            "{'inputs':["
                + "{'name':'a','shape':[2],'datatype':'UINT16',"
                + "'parameters':{'binary_data_size':4}},"
                + "{'name':'b','shape':[1],'datatype':'UINT8','data':[9]},"
                + "{'parameters':{'binary_data_size':0},'name':'c','shape':[0],'datatype':'FP64'},"
                + "{'name':'d','shape':[2],'datatype':'BYTES','parameters':{'binary_data_size':9}}"
                + "]}",
            bytes(1, 0, 2, 1),
            bytes(1, 0, 0, 0, 65, 0, 0, 0, 0));

    assertThat(tensors(request))
        .containsExactly(
            new Tensor("a", Datatype.UINT16, new long[] {2}, bytes(1, 0, 2, 1)),
            new Tensor("b", Datatype.UINT8, new long[] {1}, bytes(9)),
            new Tensor("c", Datatype.FP64, new long[] {0}, bytes()),
            Tensor.ofStrings("d", new long[] {2}, List.of("A", "")));
  }

  @Test
  void halfPrecisionComesInBinary() {
    String json =
        "{'inputs':[{'name':'x','shape':[1],'datatype':'%s','parameters':{'binary_data_size':2}}]}";

    assertThat(only(read(json.formatted("FP16"), bytes(0, 60))).data()).containsExactly(0, 60);
    assertThat(only(read(json.formatted("BF16"), bytes(128, 63))).data()).containsExactly(128, 63);
  }

  @Test
  void outputsUseTheRequestsDefaultUnlessTheyOverrideIt() {
    InferRequest request =
        read(
            "{'outputs':[{'name':'a'},{'parameters':{'binary_data':false},'name':'b'}],"
                + "'parameters':{'binary_data_output':true,'priority':3,'trace':{'deep':[1]}},"
                + "'inputs':[{'name':'x','shape':[0],'datatype':'BOOL','data':[]}]}");

    assertThat(request.outputs())
        .containsExactly(new WantedOutput("a", true), new WantedOutput("b", false));
    assertThat(request.binaryOutputs()).isTrue();
  }

  @Test
  void requestOfTritonsJavaClientIsRead() {
    InferRequest request =
        read(
            "{'id':'','inputs':[{'datatype':'INT32','name':'x','parameters':{'binary_data_size':4},"
                + "'shape':[1,1]}],'outputs':[],'parameters':{'binary_data_output':true}}",
            bytes(7, 0, 0, 0));

    assertThat(request.id()).hasValue("");
    assertThat(only(request).buffer().getInt()).isEqualTo(7);
    assertThat(request.binaryOutputs()).isTrue();
  }

  @Test
  void absentFieldsMayBeNull() {
    InferRequest request =
        read(
            "{'id':null,'model_name':null,'parameters':null,'outputs':null,'inputs':[{'name':'x',"
                + "'shape':[1],'datatype':'BOOL','parameters':null,'data':[true]}]}");

    assertThat(request.id()).isEmpty();
    assertThat(request.truncate()).isEmpty();
    assertThat(only(request).data()).containsExactly(1);
  }

  @Test
  void aHeaderOfZeroIsTheRawForm() {
    byte[] body = bytes(1, 2, 3);
    InferRequest request = InferBodies.read(body, "0");

    assertThat(request.inputs())
        .isInstanceOfSatisfying(Inputs.Raw.class, raw -> assertThat(raw.data()).isEqualTo(body));
    assertThat(request.binaryOutputs()).isTrue();
  }

  @Test
  void muchDataMayComeBeforeItsType() {
    String data =
        new SplittableRandom(1)
            .doubles(200_000, -1, 1)
            .mapToObj(v -> Float.toString((float) v))
            .collect(Collectors.joining(",", "[", "]"));
    String first =
        "{'inputs':[{'data':%s,'name':'x','shape':[200,1000],'datatype':'FP32'}]}".formatted(data);

    assertThat(only(read(first))).isEqualTo(only(read(input("FP32", "[200,1000]", data))));
  }

  private static List<Tensor> tensors(InferRequest request) {
    return ((Inputs.Named) request.inputs()).tensors();
  }

  private static Tensor only(InferRequest request) {
    assertThat(tensors(request)).hasSize(1);
    return tensors(request).getFirst();
  }
}
