package dev.pilotlight.costs;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.List;

/// Builds `docs/calculator/index.html`: one file with its style, its scripts and the table of terms
/// in it, so that it works when it is opened as a file. Its policy allows these and nothing else.
final class CalculatorPage {
  static final Path PAGE = Path.of("docs/calculator/index.html");
  private static final Path SOURCES = Path.of("src/calculator");
  private static final List<String> SCRIPTS =
      List.of("formula.js", "fields.js", "chart.js", "page.js");

  private CalculatorPage() {}

  static String build() throws IOException {
    String style = "\n" + source("page.css");
    String script = script();
    return source("page.html")
        .replace("@policy@", policy(style, script))
        .replace("@style@", style)
        .replace("@script@", script);
  }

  private static String script() throws IOException {
    StringBuilder script = new StringBuilder("\nconst TERMS = ");
    script.append(Files.readString(Script.TERMS).strip()).append(";\n");
    for (String name : SCRIPTS) {
      script.append(source(name));
    }
    return script.toString();
  }

  private static String source(String name) throws IOException {
    return Files.readString(SOURCES.resolve(name));
  }

  private static String policy(String style, String script) {
    return String.join(
        "; ",
        "default-src 'none'",
        "script-src '" + digest(script) + "'",
        "style-src '" + digest(style) + "'",
        "img-src data:",
        "base-uri 'none'",
        "form-action 'none'");
  }

  private static String digest(String text) {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(text.getBytes(UTF_8));
      return "sha256-" + Base64.getEncoder().encodeToString(hash);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // every Java has it
    }
  }
}
