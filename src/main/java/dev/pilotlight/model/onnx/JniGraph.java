package dev.pilotlight.model.onnx;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import ai.onnxruntime.TensorInfo.OnnxTensorType;
import dev.pilotlight.domain.ModelInfo.OtherOutput;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.tensor.Datatype;
import dev.pilotlight.domain.tensor.Tensor;
import dev.pilotlight.domain.tensor.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// A graph opened by ONNX Runtime's Java API, for the datatypes that this API carries bit by bit.
///
/// One thread per run by default: items run in parallel instead. Threads never spin, because a
/// frozen or idle environment would pay for it.
public final class JniGraph implements Graph {
  private static final int OTHER_CODE = -1;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final Optional<List<TensorSpec>> inputs;
  private final Optional<List<TensorSpec>> outputs;

  private JniGraph(OrtEnvironment environment, OrtSession session) {
    this.environment = environment;
    this.session = session;
    this.inputs = specs(session::getInputInfo);
    this.outputs = specs(session::getOutputInfo);
  }

  /// The process's only environment. It logs only fatal errors: failures throw exceptions, and must
  /// not be in the log if the caller caused them.
  public static OrtEnvironment environment() {
    NativeLibraries.locate();
    OrtTelemetry.switchOff();
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "pilotlight");
  }

  /// @throws OrtFailure if it is not a graph that ONNX Runtime runs
  static JniGraph open(Path model, int threads, Optimisation optimisation, Execution execution) {
    OrtEnvironment environment = environment();
    try (OrtSession.SessionOptions options = options(threads, optimisation, execution)) {
      return new JniGraph(environment, environment.createSession(model.toString(), options));
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  static OrtSession.SessionOptions options(
      int threads, Optimisation optimisation, Execution execution) throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.setOptimizationLevel(
        switch (optimisation) {
          case EXTENDED -> OrtSession.SessionOptions.OptLevel.EXTENDED_OPT;
          case BASIC -> OrtSession.SessionOptions.OptLevel.BASIC_OPT;
          case NONE, DONE -> OrtSession.SessionOptions.OptLevel.NO_OPT;
        });
    if (!execution.isOnCpu()) {
      Accelerator.add(options, execution);
    }
    // a failed run throws, and may be a caller's mistake
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    return options;
  }

  /// Whether the API carries every input and output exactly and reads their whole types.
  boolean carriesAllTypes() {
    return inputs.isPresent() && outputs.isPresent();
  }

  @Override
  public List<TensorSpec> inputs() {
    return inputs.orElseThrow();
  }

  @Override
  public List<TensorSpec> outputs() {
    return outputs.orElseThrow();
  }

  @Override
  public List<OtherOutput> others() {
    return List.of();
  }

  @Override
  public List<Tensor> run(List<Tensor> given, List<String> wanted) {
    try {
      return run(given, wanted, (OrtSession.RunOptions) null);
    } catch (OrtFailure e) {
      throw e.ofRun();
    }
  }

  @Override
  public List<Tensor> run(List<Tensor> given, List<String> wanted, TimeLimit limit) {
    try (OrtSession.RunOptions options = new OrtSession.RunOptions()) {
      return limit.run(() -> terminate(options), () -> run(given, wanted, options));
    } catch (OrtException e) {
      throw failure(e);
    } catch (OrtFailure e) {
      throw e.ofRun();
    }
  }

  private static void terminate(OrtSession.RunOptions options) {
    try {
      options.setTerminate(true);
    } catch (OrtException e) {
      throw failure(e);
    }
  }

  private List<Tensor> run(
      List<Tensor> given, List<String> wanted, OrtSession.@Nullable RunOptions options) {
    Map<String, OnnxTensor> feeds = HashMap.newHashMap(given.size());
    try {
      for (Tensor tensor : given) {
        feeds.put(tensor.name(), toOnnx(tensor));
      }
      return run(feeds, wanted, options);
    } catch (OrtException e) {
      throw failure(e);
    } finally {
      feeds.values().forEach(OnnxTensor::close);
    }
  }

  private List<Tensor> run(
      Map<String, OnnxTensor> feeds, List<String> wanted, OrtSession.@Nullable RunOptions options)
      throws OrtException {
    try (OrtSession.Result results = session.run(feeds, new LinkedHashSet<>(wanted), options)) {
      List<Tensor> tensors = new ArrayList<>(wanted.size());
      for (String name : wanted) {
        tensors.add(fromOnnx(name, results.get(name).orElseThrow()));
      }
      return tensors;
    }
  }

  @Override
  public void close() {
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("a session cannot be closed", e);
    }
  }

  private OnnxTensor toOnnx(Tensor tensor) throws OrtException {
    // direct, so that the API neither copies it nor changes its byte order
    ByteBuffer data =
        ByteBuffer.allocateDirect(tensor.data().length).order(ByteOrder.LITTLE_ENDIAN);
    data.put(tensor.data()).flip();
    OnnxJavaType type =
        Objects.requireNonNull(javaType(tensor.datatype()), "a datatype of the C API");
    return OnnxTensor.createTensor(environment, data, tensor.shape(), type);
  }

  private static Tensor fromOnnx(String name, OnnxValue output) {
    if (!(output instanceof OnnxTensor value)) {
      // the API's types do not distinguish sparse tensors from dense ones
      throw Refusal.invalid(
          "outputs",
          "output %s is a sparse tensor, which the protocol cannot carry".formatted(name));
    }
    TensorInfo info = value.getInfo();
    Datatype type =
        datatype(info)
            .orElseThrow(() -> new OrtFailure(OrtFailure.FAIL, name + " is " + info.onnxType));
    OutputLimit.require(name, info.getNumElements() * type.size());
    return new Tensor(name, type, info.getShape(), value.getByteBuffer().array());
  }

  static OrtFailure failure(OrtException e) {
    int code =
        switch (e.getCode()) {
          case ORT_INVALID_ARGUMENT -> OrtFailure.INVALID_ARGUMENT;
          case ORT_RUNTIME_EXCEPTION -> OrtFailure.RUNTIME_EXCEPTION;
          case ORT_FAIL -> OrtFailure.FAIL;
          case ORT_NO_SUCHFILE -> OrtFailure.NO_SUCH_FILE;
          case ORT_INVALID_PROTOBUF -> OrtFailure.INVALID_PROTOBUF;
          case ORT_INVALID_GRAPH -> OrtFailure.INVALID_GRAPH;
          default -> OTHER_CODE;
        };
    return new OrtFailure(code, GraphErrors.withoutCode(String.valueOf(e.getMessage())));
  }

  private interface Nodes {
    Map<String, NodeInfo> get() throws OrtException;
  }

  /// Empty if one of them is not a tensor that the API carries, or if the API cannot show its type:
  /// it has no optionals, and shows an undeclared rank as rank 0.
  private static Optional<List<TensorSpec>> specs(Nodes nodes) {
    List<TensorSpec> specs = new ArrayList<>();
    try {
      for (NodeInfo node : nodes.get().values()) {
        if (!(node.getInfo() instanceof TensorInfo info) || info.getShape().length == 0) {
          return Optional.empty();
        }
        Optional<Datatype> type = datatype(info);
        if (type.isEmpty()) {
          return Optional.empty();
        }
        List<Long> shape = Arrays.stream(info.getShape()).boxed().toList();
        specs.add(new TensorSpec(node.getName(), type.get(), shape));
      }
    } catch (OrtException e) {
      return Optional.empty();
    }
    return Optional.of(List.copyOf(specs));
  }

  /// Empty for the datatypes that the API does not carry bit by bit.
  private static Optional<Datatype> datatype(TensorInfo info) {
    for (Datatype type : Datatype.values()) {
      OnnxJavaType javaType = javaType(type);
      if (javaType != null && OnnxTensorType.mapFromJavaType(javaType) == info.onnxType) {
        return Optional.of(type);
      }
    }
    return Optional.empty();
  }

  /// Null for the datatypes that the API does not carry bit by bit: it has no unsigned inputs over
  /// 8 bits, and hands strings over as modified UTF-8.
  private static @Nullable OnnxJavaType javaType(Datatype type) {
    return switch (type) {
      case BOOL -> OnnxJavaType.BOOL;
      case UINT8 -> OnnxJavaType.UINT8;
      case INT8 -> OnnxJavaType.INT8;
      case INT16 -> OnnxJavaType.INT16;
      case INT32 -> OnnxJavaType.INT32;
      case INT64 -> OnnxJavaType.INT64;
      case FP16 -> OnnxJavaType.FLOAT16;
      case BF16 -> OnnxJavaType.BFLOAT16;
      case FP32 -> OnnxJavaType.FLOAT;
      case FP64 -> OnnxJavaType.DOUBLE;
      case UINT16, UINT32, UINT64, BYTES -> null;
    };
  }
}
