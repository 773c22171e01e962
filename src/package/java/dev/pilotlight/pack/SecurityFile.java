package dev.pilotlight.pack;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// Shortens the runtime's security properties for a quick start. It removes a thousand lines of
/// comments, which every start would read. It moves the provider of ciphers and MACs before those
/// of signatures, because Java loads every earlier provider to find the MAC for a request to AWS.
///
/// It neither adds nor removes a provider. A failed look-up of a host name is remembered for one
/// second, as on Lambda's managed Java runtimes, and not for ten.
final class SecurityFile {
  private static final String PROVIDER = "security.provider.";
  private static final String FAILED_NAMES = "networkaddress.cache.negative.ttl=";

  /// The first is needed by all others, the second by every request.
  private static final List<String> FIRST = List.of("SUN", "SunJCE");

  private SecurityFile() {}

  /// @param runtime the directory of a Java runtime
  static void shorten(Path runtime) throws IOException {
    Path file = runtime.resolve("conf/security/java.security");
    Files.write(file, shortened(Files.readAllLines(file)));
  }

  static List<String> shortened(List<String> lines) {
    List<String> providers = new ArrayList<>();
    List<String> others = new ArrayList<>();
    boolean goesOn = false;
    for (String line : lines) {
      boolean comment = !goesOn && (line.isBlank() || line.strip().startsWith("#"));
      goesOn = !comment && line.endsWith("\\");
      if (line.startsWith(PROVIDER)) {
        providers.add(line.substring(line.indexOf('=') + 1).strip());
      } else if (line.startsWith(FAILED_NAMES)) {
        others.add(FAILED_NAMES + "1");
      } else if (!comment) {
        others.add(line);
      }
    }
    List<String> ordered = new ArrayList<>(FIRST);
    ordered.retainAll(providers);
    providers.removeAll(ordered);
    ordered.addAll(providers);
    List<String> result = new ArrayList<>();
    for (int i = 0; i < ordered.size(); i++) {
      result.add(PROVIDER + (i + 1) + "=" + ordered.get(i));
    }
    result.addAll(others);
    return result;
  }
}
