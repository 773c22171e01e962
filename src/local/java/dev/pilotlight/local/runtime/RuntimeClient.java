package dev.pilotlight.local.runtime;

import com.amazonaws.services.lambda.runtime.api.client.AWSLambda;
import com.amazonaws.services.lambda.runtime.serialization.PojoSerializer;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;

/// Lambda's Java client for the Runtime API, which the managed Java runtime brings and the package
/// does not: its jars, and its native library, unpacked once for all processes that run classes.
///
/// By itself the client unpacks it at each start to one fixed file in `/tmp`. A process that starts
/// while another writes that file maps half a library and crashes (SIGBUS, exit status 134).
final class RuntimeClient {
  private static final String PROPERTY =
      "com.amazonaws.services.lambda.runtime.api.client.runtimeapi.NativeClient.JNI";
  private static final Path MUSL = Path.of("/etc/alpine-release");

  private RuntimeClient() {}

  private static final class Unpacked {
    private static final List<String> OPTIONS = unpack();
  }

  /// The jars of the client, as part of a class path.
  static String jars() {
    return jar(AWSLambda.class) + File.pathSeparator + jar(PojoSerializer.class);
  }

  private static Path jar(Class<?> type) {
    try {
      return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Java options by which the client finds it; none where the client has no library for this
  /// machine.
  static List<String> options() {
    return Unpacked.OPTIONS;
  }

  private static List<String> unpack() {
    try (InputStream library = RuntimeClient.class.getResourceAsStream(name())) {
      if (library == null) {
        return List.of();
      }
      Path file = Files.createTempFile("pilotlight-runtime-client-", ".so");
      file.toFile().deleteOnExit();
      Files.copy(library, file, StandardCopyOption.REPLACE_EXISTING);
      return List.of("-D" + PROPERTY + "=" + file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String name() {
    String system = System.getProperty("os.name").startsWith("Linux") ? "linux" : "other";
    String library = Files.exists(MUSL) ? "_musl" : "";
    String processor = System.getProperty("os.arch").equals("aarch64") ? "aarch_64" : "x86_64";
    return "/jni/libaws-lambda-jni.%s%s-%s.so".formatted(system, library, processor);
  }
}
