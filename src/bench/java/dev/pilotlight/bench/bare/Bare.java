package dev.pilotlight.bench.bare;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtLoggingLevel;
import ai.onnxruntime.OrtSession;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.LongBuffer;
import java.util.HashMap;
import java.util.Map;

/// Loads the model and runs it once, as fast as Java can, and does nothing else. The arguments are
/// the graph and the token ids; the mean of the tokens' vectors goes to standard output. Then it
/// waits for the end of standard input.
public final class Bare {
  /// For `java.util.logging.config.class`: there is nothing to configure, and no file is read.
  public Bare() {}

  public static void main(String[] args) throws OrtException, IOException {
    useLibraryPath();
    OrtEnvironment environment =
        OrtEnvironment.getEnvironment(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL, "bare");
    int tokens = args.length - 1;
    LongBuffer ids = longs(tokens);
    LongBuffer mask = longs(tokens);
    for (int i = 0; i < tokens; i++) {
      ids.put(i, Long.parseLong(args[i + 1]));
      mask.put(i, 1);
    }
    long[] shape = {1, tokens};
    Map<String, OnnxTensor> feeds = new HashMap<>();
    feeds.put("input_ids", OnnxTensor.createTensor(environment, ids, shape));
    feeds.put("attention_mask", OnnxTensor.createTensor(environment, mask, shape));
    feeds.put("token_type_ids", OnnxTensor.createTensor(environment, longs(tokens), shape));
    OrtSession session = environment.createSession(args[0], options());
    OnnxTensor hidden = (OnnxTensor) session.run(feeds).get(0);
    new FileOutputStream(FileDescriptor.out).write(mean(hidden.getFloatBuffer(), tokens));
    int _ = System.in.read();
  }

  /// Everywhere but on Android the Java API first makes a temporary directory that it does not need
  /// here; that takes it a secure random number, and 11 ms.
  private static void useLibraryPath() {
    System.setProperty("java.vendor", "The Android Project");
    System.loadLibrary("onnxruntime");
  }

  private static OrtSession.SessionOptions options() throws OrtException {
    OrtSession.SessionOptions options = new OrtSession.SessionOptions();
    options.setIntraOpNumThreads(1);
    options.setInterOpNumThreads(1);
    options.setOptimizationLevel(OrtSession.SessionOptions.OptLevel.NO_OPT);
    options.setSessionLogLevel(OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL);
    // to lay the weights out for speed takes longer than one run gains by it
    options.addConfigEntry("session.disable_prepacking", "1");
    return options;
  }

  private static LongBuffer longs(int count) {
    return ByteBuffer.allocateDirect(count * Long.BYTES)
        .order(ByteOrder.nativeOrder())
        .asLongBuffer();
  }

  /// @param hidden `[tokens, size]`
  /// @return little-endian
  private static byte[] mean(FloatBuffer hidden, int tokens) {
    int size = hidden.capacity() / tokens;
    ByteBuffer mean = ByteBuffer.allocate(size * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    for (int place = 0; place < size; place++) {
      double sum = 0;
      for (int token = 0; token < tokens; token++) {
        sum += hidden.get(token * size + place);
      }
      mean.putFloat((float) (sum / tokens));
    }
    return mean.array();
  }
}
