package dev.pilotlight.bench.measure;

import dev.pilotlight.bench.setup.Events;
import dev.pilotlight.bench.setup.Texts;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/// Lines of mixed lengths in both forms: a third of the texts repeat earlier ones, and some lines
/// are wrong, always the same. Checks the output. Keeps no line in memory.
///
/// @param count of lines
record MixedLines(int count) {
  private static final int CHECKED = 40;
  private static final int WRONG_EACH = 33;
  private static final int REPEATED_EACH = 3;
  private static final int FORMS = 2;

  void write(Path file) throws IOException {
    try (BufferedWriter lines = Files.newBufferedWriter(file)) {
      for (int i = 0; i < count; i++) {
        lines.write(isWrong(i) ? wrong(i) : isRequest(i) ? request(i) : simple(i));
        lines.write('\n');
      }
    }
  }

  /// Compares the output's lines with the input's, and some answers with what the API computes.
  ///
  /// @throws IllegalStateException if one is missing, in a wrong place or not right
  void check(InputStream out, URI api) throws IOException, InterruptedException {
    try (HttpClient client = HttpClient.newHttpClient();
        BufferedReader lines =
            new BufferedReader(new InputStreamReader(out, StandardCharsets.UTF_8))) {
      for (int i = 0; i < count; i++) {
        String line = lines.readLine();
        if (line == null || !line.startsWith(start(i)) || !line.contains(id(i))) {
          throw new IllegalStateException("line %d is not in its place: %s".formatted(i + 1, line));
        }
        if (isWrong(i) == line.contains("\"embedding\"")) {
          throw new IllegalStateException("a wrong answer: " + line);
        }
        if (!isWrong(i) && isSample(i)) {
          check(i, line, answer(client, api, body(i)));
        }
      }
      if (lines.readLine() != null) {
        throw new IllegalStateException("there are more than %d lines".formatted(count));
      }
    }
  }

  private boolean isSample(int i) {
    return i % Math.max(1, count / CHECKED) < FORMS;
  }

  /// A request has the API's very body; another line the same digits.
  private static void check(int i, String line, String answer) {
    String wanted =
        isRequest(i)
            ? "\"body\":" + answer + "},\"error\":null}"
            : answer.substring(answer.indexOf("\"embedding\":["), answer.indexOf(']') + 1);
    if (!line.contains(wanted)) {
      throw new IllegalStateException("the API answers\n%s\nand not\n%s".formatted(answer, line));
    }
  }

  /// Computes the answer again.
  private static String answer(HttpClient client, URI api, String body)
      throws IOException, InterruptedException {
    return client
        .send(
            HttpRequest.newBuilder(api.resolve("/v1/embeddings"))
                .header("Content-Type", "application/json")
                .header("Cache-Control", "no-cache")
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            BodyHandlers.ofString())
        .body();
  }

  private static String start(int i) {
    if (isWrong(i)) {
      return "{\"line\":%d,".formatted(i + 1);
    }
    return isRequest(i) ? "{\"id\":\"batch_req_" : "{\"line\":%d,".formatted(i + 1);
  }

  /// The id of an unreadable line is not checked.
  private static String id(int i) {
    return isRequest(i)
        ? isWrong(i) ? "" : "\"custom_id\":\"c%d\",".formatted(i)
        : "\"id\":\"s%d\",".formatted(i);
  }

  private static boolean isRequest(int i) {
    return i % FORMS == 0;
  }

  private static boolean isWrong(int i) {
    return i % WRONG_EACH == WRONG_EACH - 1;
  }

  private static String request(int i) {
    return "{\"custom_id\":\"c%d\",\"method\":\"POST\",\"url\":\"/v1/embeddings\",\"body\":%s}"
        .formatted(i, body(i));
  }

  private static String body(int i) {
    return "{\"model\":\"%s\",\"input\":\"%s\"}".formatted(Events.MODEL, text(i));
  }

  private static String simple(int i) {
    return "{\"id\":\"s%d\",\"text\":\"%s\"}".formatted(i, text(i));
  }

  private static String wrong(int i) {
    return isRequest(i)
        ? simple(i).replace('}', ',')
        : "{\"id\":\"s%d\",\"text\":%d}".formatted(i, i);
  }

  private static String text(int i) {
    int first = i;
    while (first % REPEATED_EACH == REPEATED_EACH - 1) {
      first /= 2;
    }
    return Texts.of(first, Texts.mixedTokens(first));
  }
}
