package dev.pilotlight.support;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/// Reads the process's environment variables, and decodes settings as UTF-8 in every locale.
///
/// Java decodes them by the locale, and in the POSIX locale it replaces every byte that is not
/// ASCII. If a setting has such a character, this class decodes the raw bytes from Linux instead.
public final class EnvironmentVariables {
  private static final Path LINUX = Path.of("/proc/self/environ");

  private EnvironmentVariables() {}

  /// Returns all variables.
  ///
  /// @throws IllegalArgumentException if a setting is not UTF-8
  public static Map<String, String> ofProcess() {
    return of(System.getenv(), LINUX);
  }

  /// @param decoded the variables as Java decoded them
  /// @param raw a file of `name=value` pairs, each followed by a zero byte
  static Map<String, String> of(Map<String, String> decoded, Path raw) {
    for (Map.Entry<String, String> variable : decoded.entrySet()) {
      if (variable.getKey().startsWith(Settings.PREFIX) && !isAscii(variable.getValue())) {
        return withUtf8(decoded, raw);
      }
    }
    return decoded;
  }

  private static Map<String, String> withUtf8(Map<String, String> decoded, Path raw) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(raw);
    } catch (IOException e) {
      return decoded; // not Linux: on other systems Java always decodes UTF-8
    }
    Map<String, String> variables = new HashMap<>(decoded);
    int start = 0;
    for (int end = 0; end < bytes.length; end++) {
      if (bytes[end] == 0) {
        put(bytes, start, end, variables);
        start = end + 1;
      }
    }
    return variables;
  }

  private static void put(byte[] bytes, int start, int end, Map<String, String> variables) {
    int equals = start;
    while (equals < end && bytes[equals] != '=') {
      equals++;
    }
    String name = new String(bytes, start, equals - start, StandardCharsets.UTF_8);
    if (equals == end || !name.startsWith(Settings.PREFIX)) {
      return;
    }
    ByteBuffer value = ByteBuffer.wrap(bytes, equals + 1, end - equals - 1);
    try {
      variables.put(name, StandardCharsets.UTF_8.newDecoder().decode(value).toString());
    } catch (CharacterCodingException e) {
      throw new IllegalArgumentException(name + " is not UTF-8", e);
    }
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) > 0x7F) {
        return false;
      }
    }
    return true;
  }
}
