package dev.pilotlight.e2e.batch;

import dev.pilotlight.e2e.Client;
import dev.pilotlight.e2e.Texts;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/// Objects of lines, the same for the same seed.
final class BatchLines {
  private static final int FORMS = 10;
  private static final String REQUEST =
      """
      {"custom_id":"c%d","method":"POST","url":"/v1/embeddings",\
      "body":{"model":"%s","input":%s}}""";

  private BatchLines() {}

  /// Lines of all forms and of mixed length, one of ten bad; the last one has no end.
  static String mixed(long seed, int count) {
    List<String> texts = Texts.of(seed, count, 24);
    return IntStream.range(0, count)
        .mapToObj(i -> line(i, texts.get(i)))
        .collect(Collectors.joining("\n"));
  }

  /// Lines of which none is bad.
  static String good(long seed, int count) {
    List<String> texts = Texts.of(seed, count, 24);
    return IntStream.range(0, count)
        .mapToObj(i -> simple(i, texts.get(i)))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  /// Many lines that have few different texts, so that they are answered fast.
  static String repeated(long seed, int count, int different) {
    List<String> texts = Texts.of(seed, different, 12);
    return IntStream.range(0, count)
        .mapToObj(i -> i % 500 == 7 ? bad(i) : simple(i, texts.get(i % different)))
        .collect(Collectors.joining("\n", "", "\n"));
  }

  private static String line(int i, String text) {
    return switch (i % FORMS) {
      case 1, 6 -> REQUEST.formatted(i, Client.MODEL, '"' + text + '"');
      case 3 -> REQUEST.formatted(i, Client.MODEL, "[\"" + text + "\",\"and " + i + "\"]");
      case 5 -> "{\"id\":%d,\"inputs\":[\"%s\",\"more of %d\"]}".formatted(i, text, i);
      case 8 -> bad(i / FORMS);
      default -> simple(i, text);
    };
  }

  private static String simple(int i, String text) {
    return "{\"id\":\"s%d\",\"text\":\"%s\"}".formatted(i, text);
  }

  private static String bad(int i) {
    return switch (i % 5) {
      case 0 -> "{\"id\":\"broken";
      case 1 -> "";
      case 2 -> "{\"id\":\"b%d\",\"text\":\"\"}".formatted(i);
      case 3 -> REQUEST.formatted(i, "no-such-model", "\"x\"");
      default -> "{\"id\":\"b%d\"}".formatted(i);
    };
  }
}
