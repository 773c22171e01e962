package dev.pilotlight.protocol.openinference;

import static dev.pilotlight.protocol.openinference.InferBodies.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.protocol.openinference.MetadataWriter.ModelEntry;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class MetadataWriterTest {

  @Test
  void theServerNamesItsExtensions() {
    assertBody(
        MetadataWriter.server("1.2"),
        "{'name':'pilotlight','version':'1.2',"
            + "'extensions':['binary_tensor_data','classification']}");
  }

  @Test
  void healthIsInTheBodyToo() {
    assertBody(MetadataWriter.live(true), "{'live':true}");
    assertBody(MetadataWriter.ready(false, List.of()), "{'ready':false}");
    assertBody(
        MetadataWriter.ready(false, List.of("a", "b")), "{'ready':false,'reasons':['a','b']}");
    assertBody(MetadataWriter.modelReady("m", true), "{'name':'m','ready':true}");
  }

  @Test
  void modelsAreListedWithTheirStates() {
    assertBody(
        MetadataWriter.models(
            List.of(
                new ModelEntry("a", "1", "READY", Optional.empty()),
                new ModelEntry("b", "3", "UNAVAILABLE", Optional.of("it is broken")))),
        "{'models':[{'name':'a','version':'1','state':'READY'},"
            + "{'name':'b','version':'3','state':'UNAVAILABLE','reason':'it is broken'}]}");
  }

  @Test
  void aTextModelShowsItsText() {
    assertBody(
        MetadataWriter.model(InferModels.embedding(384), List.of("1", "2")),
        "{'name':'m','versions':['1','2'],'platform':'onnx_onnxv1',"
            + "'inputs':[{'name':'text','datatype':'BYTES','shape':[-1]}],"
            + "'outputs':[{'name':'embedding','datatype':'FP32','shape':[-1,384]}],"
            + "'parameters':{}}");
  }

  @Test
  void aPlainModelShowsItsGraph() {
    assertBody(
        MetadataWriter.model(
            InferModels.withInput(InferModels.spec("x", Datatype.INT8, -1, 3)), List.of("2")),
        "{'name':'m','versions':['2'],'platform':'onnx_onnxv1',"
            + "'inputs':[{'name':'x','datatype':'INT8','shape':[-1,3]}],"
            + "'outputs':[{'name':'y','datatype':'FP32','shape':[-1]}],'parameters':{}}");
  }

  private static void assertBody(byte[] body, String singleQuoted) {
    assertThat(new String(body, UTF_8)).isEqualTo(json(singleQuoted));
  }
}
