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
    for (String variable : new String(bytes, StandardCharsets.ISO_8859_1).split("\0", -1)) {
      int equals = variable.indexOf('=');
      if (equals > 0 && variable.startsWith(Settings.PREFIX)) {
        String name = variable.substring(0, equals);
        variables.put(name, utf8(name, variable.substring(equals + 1)));
      }
    }
    return variables;
  }

  /// @param value one char for each byte
  private static String utf8(String name, String value) {
    try {
      ByteBuffer bytes = ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1));
      return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
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
