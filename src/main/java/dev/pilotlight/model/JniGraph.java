package dev.pilotlight.model;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.TensorInfo;
import dev.pilotlight.domain.Datatype;
import dev.pilotlight.domain.Tensor;
import dev.pilotlight.domain.TensorSpec;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A graph opened by ONNX Runtime's Java API, for the datatypes that this API carries bit by bit.
///
/// One thread a run by default: items run side by side instead. Threads never spin, since a frozen
/// or idle environment would pay for it.
final class JniGraph implements Graph {
  /// Not here: the API has no unsigned inputs over 8 bits, and hands strings over as modified
  /// UTF-8.
  private static final Set<Datatype> CARRIED =
      EnumSet.complementOf(
          EnumSet.of(Datatype.UINT16, Datatype.UINT32, Datatype.UINT64, Datatype.BYTES));

  private static final int OTHER_CODE = -1;

  private final OrtEnvironment environment;
  private final OrtSession session;
  private final List<TensorSpec> inputs;
  private final List<TensorSpec> outputs;

  private JniGraph(OrtEnvironment environment, OrtSession session) throws OrtException {
    this.environment = environment;
    this.session = session;
    this.inputs = specs(session.getInputInfo(), true);
    this.outputs = specs(session.getOutputInfo(), false);
    if (outputs.isEmpty()) {
      throw new LoadFailure("no output of the graph is a tensor");
    }
  }

  /// The one of this process. It logs only what ends the process: what fails is told by exceptions,
  /// and must not also be in the log when the caller erred.
  static OrtEnvironment environment() {
    NativeLibraries.locate();
    OrtTelemetry.switchOff();
    return OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "pilotlight");
  }

  /// @throws LoadFailure if it is not a graph that ONNX Runtime runs
  static JniGraph open(Path model, int threads, Optimisation optimisation) {
    OrtEnvironment environment = environment();
    try (OrtSession.SessionOptions options = options(threads, optimisation)) {
      OrtSession session = environment.createSession(model.toString(), options);
      try {
        return new JniGraph(environment, session);
      } catch (OrtException | RuntimeException e) {
        session.close();
        throw e;
      }
    } catch (OrtException e) {
      throw new LoadFailure(
          "its graph cannot be opened: " + GraphErrors.clean(String.valueOf(e.getMessage())), e);
    }
  }

  static OrtSession.SessionOptions options(int threads, Optimisation optimisation)
      throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(threads);
    options.setInterOpNumThreads(1);
    options.addConfigEntry("session.intra_op.allow_spinning", "0");
    options.setOptimizationLevel(
        switch (optimisation) {
          case EXTENDED -> OrtSession.SessionOptions.OptLevel.EXTENDED_OPT;
          case DONE -> OrtSession.SessionOptions.OptLevel.NO_OPT;
        });
    // a failed run says so by its exception, which may be a caller's mistake
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    return options;
  }

  /// Whether every tensor comes and goes as it is.
  boolean carriesAllTypes() {
    return inputs.stream().allMatch(spec -> CARRIED.contains(spec.datatype()))
        && outputs.stream().allMatch(spec -> CARRIED.contains(spec.datatype()));
  }

  @Override
  public List<TensorSpec> inputs() {
    return inputs;
  }

  @Override
  public List<TensorSpec> outputs() {
    return outputs;
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
        tensors.add(fromOnnx(name, (OnnxTensor) results.get(name).orElseThrow()));
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
    // direct, so that the API neither copies it nor reads it in another byte order
    ByteBuffer data =
        ByteBuffer.allocateDirect(tensor.data().length).order(ByteOrder.LITTLE_ENDIAN);
    data.put(tensor.data()).flip();
    return OnnxTensor.createTensor(environment, data, tensor.shape(), javaType(tensor.datatype()));
  }

  private static Tensor fromOnnx(String name, OnnxTensor value) {
    TensorInfo info = value.getInfo();
    Datatype type = datatype(name, info);
    OutputLimit.require(name, info.getNumElements() * type.size());
    return new Tensor(name, type, info.getShape(), value.getByteBuffer().array());
  }

  private static OrtFailure failure(OrtException e) {
    int code =
        switch (e.getCode()) {
          case ORT_INVALID_ARGUMENT -> OrtFailure.INVALID_ARGUMENT;
          case ORT_RUNTIME_EXCEPTION -> OrtFailure.RUNTIME_EXCEPTION;
          case ORT_FAIL -> OrtFailure.FAIL;
          default -> OTHER_CODE;
        };
    return new OrtFailure(code, GraphErrors.withoutCode(String.valueOf(e.getMessage())));
  }

  private static List<TensorSpec> specs(Map<String, NodeInfo> nodes, boolean all) {
    List<TensorSpec> specs = new ArrayList<>();
    for (NodeInfo node : nodes.values()) {
      if (node.getInfo() instanceof TensorInfo info) {
        List<Long> shape = Arrays.stream(info.getShape()).boxed().toList();
        specs.add(new TensorSpec(node.getName(), datatype(node.getName(), info), shape));
      } else if (all) {
        throw new LoadFailure("the graph's input %s is not a tensor".formatted(node.getName()));
      }
    }
    return specs;
  }

  private static Datatype datatype(String name, TensorInfo info) {
    return switch (info.onnxType) {
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BOOL -> Datatype.BOOL;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT8 -> Datatype.UINT8;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT16 -> Datatype.UINT16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT32 -> Datatype.UINT32;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_UINT64 -> Datatype.UINT64;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT8 -> Datatype.INT8;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT16 -> Datatype.INT16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT32 -> Datatype.INT32;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_INT64 -> Datatype.INT64;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT16 -> Datatype.FP16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_BFLOAT16 -> Datatype.BF16;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_FLOAT -> Datatype.FP32;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_DOUBLE -> Datatype.FP64;
      case ONNX_TENSOR_ELEMENT_DATA_TYPE_STRING -> Datatype.BYTES;
      default ->
          throw new LoadFailure(
              "the graph's %s is of type %s, which is not supported"
                  .formatted(name, info.onnxType));
    };
  }

  private static OnnxJavaType javaType(Datatype type) {
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
      case UINT16, UINT32, UINT64, BYTES ->
          throw new IllegalStateException(type + " goes through the C API");
    };
  }
}
