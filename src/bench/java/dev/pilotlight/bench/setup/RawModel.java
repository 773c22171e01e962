package dev.pilotlight.bench.setup;

import ai.djl.huggingface.tokenizers.HuggingFaceTokenizer;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.io.IOException;
import java.nio.LongBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// The sample model by ONNX Runtime and Hugging Face's tokenizer alone, without any code of the
/// product: the reference for answers and times.
///
/// Thread-safe; a run has one thread.
public final class RawModel implements AutoCloseable {
  private static final double DISTANCE_MAX = 1e-5;

  private final OrtEnvironment environment = OrtEnvironment.getEnvironment();
  private final OrtSession session;
  private final HuggingFaceTokenizer tokenizer;
  private final int dimensions;

  private RawModel(OrtSession session, HuggingFaceTokenizer tokenizer) {
    this.session = session;
    this.tokenizer = tokenizer;
    this.dimensions = run(tokens("a")).length;
  }

  /// From an export's directory, optimised as it is opened.
  static RawModel original(Path directory) throws IOException {
    try (OrtSession.SessionOptions options = new OrtSession.SessionOptions()) {
      options.setIntraOpNumThreads(1);
      options.setInterOpNumThreads(1);
      options.addConfigEntry("session.intra_op.allow_spinning", "0");
      options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.EXTENDED_OPT);
      OrtSession session =
          OrtEnvironment.getEnvironment()
              .createSession(directory.resolve("model.onnx").toString(), options);
      Map<String, String> whole = Map.of("truncation", "false", "padding", "false");
      return new RawModel(
          session, HuggingFaceTokenizer.newInstance(directory.resolve("tokenizer.json"), whole));
    } catch (OrtException e) {
      throw new IllegalStateException("the model cannot be opened", e);
    }
  }

  /// The length of a vector.
  public int dimensions() {
    return dimensions;
  }

  /// A text's tokens, special ones included.
  public long[] tokens(String text) {
    return tokenizer.encode(text).getIds();
  }

  /// Runs tokens as one item.
  ///
  /// @return the mean of the tokens' vectors, of any length
  public float[] run(long[] ids) {
    long[] mask = new long[ids.length];
    Arrays.fill(mask, 1);
    long[] shape = {1, ids.length};
    Map<String, OnnxTensor> feeds = HashMap.newHashMap(3);
    try {
      feeds.put("input_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(ids), shape));
      feeds.put(
          "attention_mask", OnnxTensor.createTensor(environment, LongBuffer.wrap(mask), shape));
      long[] types = new long[ids.length];
      feeds.put(
          "token_type_ids", OnnxTensor.createTensor(environment, LongBuffer.wrap(types), shape));
      try (OrtSession.Result result = session.run(feeds)) {
        return mean(((float[][][]) result.get(0).getValue())[0]);
      }
    } catch (OrtException e) {
      throw new IllegalStateException("the model cannot be run", e);
    } finally {
      feeds.values().forEach(OnnxTensor::close);
    }
  }

  /// Compares a vector with the one that this model gives.
  ///
  /// @throws IllegalStateException if it is not this text's vector
  public void check(String text, float[] vector) {
    double distance = cosineDistance(run(tokens(text)), vector);
    if (!(distance <= DISTANCE_MAX)) {
      throw new IllegalStateException(
          "a wrong answer, %.1e away from the model's, to: %s".formatted(distance, text));
    }
  }

  /// One less the cosine between two vectors of any length but zero.
  public static double cosineDistance(float[] one, float[] other) {
    if (one.length != other.length) {
      throw new IllegalStateException(
          "%d dimensions instead of %d".formatted(other.length, one.length));
    }
    double product = 0;
    double ones = 0;
    double others = 0;
    for (int i = 0; i < one.length; i++) {
      product += (double) one[i] * other[i];
      ones += (double) one[i] * one[i];
      others += (double) other[i] * other[i];
    }
    return 1 - product / Math.sqrt(ones * others);
  }

  private static float[] mean(float[][] hidden) {
    float[] mean = new float[hidden[0].length];
    for (int place = 0; place < mean.length; place++) {
      double sum = 0;
      for (float[] token : hidden) {
        sum += token[place];
      }
      mean[place] = (float) (sum / hidden.length);
    }
    return mean;
  }

  @Override
  public void close() {
    tokenizer.close();
    try {
      session.close();
    } catch (OrtException e) {
      throw new IllegalStateException("a session cannot be closed", e);
    }
  }
}
