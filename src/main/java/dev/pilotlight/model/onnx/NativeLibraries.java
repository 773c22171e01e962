package dev.pilotlight.model.onnx;

import java.nio.file.Files;
import java.nio.file.Path;

/// Points ONNX Runtime and the tokenizers library to their native parts in the Lambda package: in
/// `native/` under the function's root. Otherwise they unpack them from their jars, which needs
/// start-up time, space in `/tmp` and a writable directory.
///
/// Both read these properties on first use; a property that is already set stays.
public final class NativeLibraries {
  private static final String ROOT = "LAMBDA_TASK_ROOT";
  private static final String ONNXRUNTIME = "onnxruntime.native.path";
  private static final String TOKENIZERS = "RUST_LIBRARY_PATH";

  private NativeLibraries() {}

  public static void locate() {
    String root = System.getenv(ROOT);
    if (root != null) {
      Path directory = Path.of(root, "native");
      use(ONNXRUNTIME, directory, System.mapLibraryName("onnxruntime"));
      use(TOKENIZERS, directory.resolve(System.mapLibraryName("tokenizers")), "");
    }
  }

  private static void use(String property, Path value, String file) {
    if (System.getProperty(property) == null && Files.isRegularFile(value.resolve(file))) {
      System.setProperty(property, value.toString());
    }
  }
}
