package dev.pilotlight.protocol.openinference;

import static dev.pilotlight.protocol.openinference.InferBodies.json;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.TensorSpec;
import dev.pilotlight.protocol.openinference.RepositoryWriter.State;
import dev.pilotlight.protocol.openinference.StatisticsWriter.Compute;
import dev.pilotlight.protocol.openinference.StatisticsWriter.Counts;
import dev.pilotlight.protocol.openinference.StatisticsWriter.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The bodies of Triton's extensions, byte for byte, by the schemas of Triton's documentation.
final class ExtensionBodiesTest {
  @Test
  void indexHasAReasonOnlyWhereThereIsOne() {
    requireBody(
        RepositoryWriter.index(
            List.of(
                new RepositoryWriter.Entry("a", "2", State.READY, Optional.empty()),
                new RepositoryWriter.Entry("a", "1", State.UNAVAILABLE, Optional.of("no graph")))),
        "[{'name':'a','version':'2','state':'READY'},"
            + "{'name':'a','version':'1','state':'UNAVAILABLE','reason':'no graph'}]");
    requireBody(RepositoryWriter.index(List.of()), "[]");
  }

  @Test
  void statisticsHaveEveryFieldInTritonsOrder() {
    Counts counts =
        new Counts(
            1_795_910_400_123L,
            5,
            new Duration(4, 4_000),
            new Duration(1, 100),
            new Duration(4, 40),
            new Compute(3, 30, 3_000, 33),
            new Duration(1, 7),
            new Duration(2, 22),
            new Compute(5, 35, 3_500, 38));
    requireBody(
        StatisticsWriter.write(List.of(new StatisticsWriter.Entry("m", "3", counts))),
        "{'model_stats':[{'name':'m','version':'3','last_inference':1795910400123,"
            + "'inference_count':5,'execution_count':5,"
            + "'inference_stats':{'success':{'count':4,'ns':4000},'fail':{'count':1,'ns':100},"
            + "'queue':{'count':4,'ns':40},'compute_input':{'count':3,'ns':30},"
            + "'compute_infer':{'count':3,'ns':3000},'compute_output':{'count':3,'ns':33},"
            + "'cache_hit':{'count':1,'ns':7},'cache_miss':{'count':2,'ns':22}},"
            + "'response_stats':{},"
            + "'batch_stats':[{'batch_size':1,'compute_input':{'count':5,'ns':35},"
            + "'compute_infer':{'count':5,'ns':3500},'compute_output':{'count':5,'ns':38}}],"
            + "'memory_usage':[]}]}");
  }

  @Test
  void versionWithoutARequestHasZerosAndNoBatches() {
    String body =
        new String(
            StatisticsWriter.write(List.of(new StatisticsWriter.Entry("m", "1", Counts.NONE))),
            UTF_8);
    assertThat(body).contains("\"batch_stats\":[]").doesNotContainPattern(":[1-9]");
    requireBody(StatisticsWriter.write(List.of()), "{'model_stats':[]}");
  }

  @Test
  void configurationOfATextModelHasItsText() {
    requireBody(
        ConfigurationWriter.write(InferModels.embedding(384), true),
        "{'name':'m','platform':'onnxruntime_onnx','backend':'onnxruntime',"
            + "'version_policy':{'all':{}},'max_batch_size':0,"
            + "'input':[{'name':'text','data_type':'TYPE_STRING','format':'FORMAT_NONE',"
            + "'dims':[-1]}],"
            + "'output':[{'name':'embedding','data_type':'TYPE_FP32','dims':[-1,384]}],"
            + "'parameters':{},'response_cache':{'enable':true}}");
  }

  /// Triton's names of types are those of the protocol, but for strings.
  @Test
  void everyDatatypeHasTritonsName() {
    List<TensorSpec> inputs =
        Arrays.stream(Datatype.values())
            .map(type -> new TensorSpec(type.name(), type, List.of()))
            .toList();
    ModelInfo model = InferModels.tensors(inputs, List.of());
    String body = new String(ConfigurationWriter.write(model, false), UTF_8);
    for (String type :
        "BOOL UINT8 UINT16 UINT32 UINT64 INT8 INT16 INT32 INT64 FP16 BF16 FP32 FP64"
            .split(" ", -1)) {
      assertThat(body)
          .contains(
              json("{'name':'%s','data_type':'TYPE_%s','format':'FORMAT_NONE','dims':[]}")
                  .formatted(type, type));
    }
    assertThat(body).contains(json("{'name':'BYTES','data_type':'TYPE_STRING'"));
    assertThat(body).endsWith(json("'parameters':{},'response_cache':{'enable':false}}"));
  }

  @Test
  void tensorsOfAnyShapeAreNamed() {
    ModelInfo model =
        InferModels.tensors(
            List.of(
                TensorSpec.ofAnyRank("x", Datatype.FP32), InferModels.spec("n", Datatype.INT64)),
            List.of(TensorSpec.ofAnyRank("y", Datatype.FP32)));
    assertThat(new String(ConfigurationWriter.write(model, true), UTF_8))
        .contains(json("'parameters':{'any_shape':{'string_value':'x,y'}}"));
  }

  private static void requireBody(byte[] body, String singleQuoted) {
    assertThat(new String(body, UTF_8)).isEqualTo(json(singleQuoted));
  }
}
