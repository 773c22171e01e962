package dev.pilotlight.suite.leaks;

import dev.pilotlight.access.ApiKey;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// Searches files for planted secrets, as they are and in base64, and for API keys of any origin.
final class LeakScan {
  /// A text of the form of a key; one with the right checksum is a key.
  private static final Pattern KEY =
      Pattern.compile("pl_[a-z0-9][a-z0-9-]{0,39}_[A-Za-z0-9_-]{49}");

  /// The secrets to look for, each with its name.
  private static final Map<String, String> WANTED = wanted();

  private long lines;

  /// How many lines were read.
  long lines() {
    return lines;
  }

  /// Names the place of each leak without the secret, or the next scan would find it there.
  List<String> leaks(Path folder) throws IOException {
    List<String> leaks = new ArrayList<>();
    if (Files.isDirectory(folder)) {
      try (Stream<Path> files = Files.walk(folder)) {
        for (Path file : files.filter(Files::isRegularFile).sorted().toList()) {
          scan(file, leaks);
        }
      }
    }
    return leaks;
  }

  private void scan(Path file, List<String> leaks) throws IOException {
    try (BufferedReader reader = Files.newBufferedReader(file, StandardCharsets.ISO_8859_1)) {
      int number = 0;
      for (String line = reader.readLine(); line != null; line = reader.readLine()) {
        number++;
        String found = found(line);
        if (!found.isEmpty()) {
          leaks.add("%s:%d has %s".formatted(file, number, found));
        }
      }
      lines += number;
    }
  }

  private static String found(String line) {
    for (Map.Entry<String, String> wanted : WANTED.entrySet()) {
      if (line.contains(wanted.getKey())) {
        return wanted.getValue();
      }
    }
    if (line.contains("pl_")) {
      Matcher keys = KEY.matcher(line);
      while (keys.find()) {
        if (ApiKey.parse(keys.group()) != null) {
          return "an API key";
        }
      }
    }
    return "";
  }

  private static Map<String, String> wanted() {
    Map<String, String> wanted = new LinkedHashMap<>();
    for (String mark : Planted.MARKS) {
      String name =
          mark.equals(Planted.KEY)
              ? "the secret of an API key"
              : mark.equals(Planted.TEXT) ? "a text" : "a password";
      wanted.put(mark, name);
      for (int before = 0; before < 3; before++) {
        wanted.put(inBase64(mark, before), name + " in base64");
      }
    }
    return wanted;
  }

  /// The characters of base64 that depend on the mark alone, after so many other bytes.
  private static String inBase64(String mark, int before) {
    byte[] bytes = ("x".repeat(before) + mark).getBytes(StandardCharsets.US_ASCII);
    String text = Base64.getEncoder().withoutPadding().encodeToString(bytes);
    int first = (before * 8 + 5) / 6;
    int last = bytes.length * 8 / 6;
    return text.substring(first, last);
  }
}
