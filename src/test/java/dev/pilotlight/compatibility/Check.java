package dev.pilotlight.compatibility;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/// One requirement for a folder; [Probe] verifies it.
sealed interface Check {
  String TEXT = "hello world";

  /// The requirement, as Markdown.
  String text();

  /// The embedding of a text, by the embeddings route and by the infer route.
  record Embeds(String input, List<Double> vector) implements Check {
    @Override
    public String text() {
      return (input.equals(TEXT) ? "" : Markdown.code(input) + " → ") + numbers(vector);
    }
  }

  /// The embedding that a request to the embeddings route gives.
  record Gives(Request request, List<Double> vector) implements Check {
    @Override
    public String text() {
      return request.shown() + " → " + numbers(vector);
    }
  }

  /// The label and score of a text.
  record Labels(String input, String label, double score) implements Check {
    @Override
    public String text() {
      return "%s, %s".formatted(Markdown.code(label), number(score));
    }
  }

  /// An answer of status 200 whose body has all the fragments.
  record Answers(Request request, List<String> fragments) implements Check {
    @Override
    public String text() {
      return request.shown() + " → " + joined(fragments);
    }
  }

  /// A refusal whose message has all the fragments.
  record Refuses(Request request, int status, List<String> fragments) implements Check {
    @Override
    public String text() {
      boolean plain = request.equals(Request.embed(TEXT)) || request.equals(Request.infer(TEXT));
      return (plain ? "" : request.shown() + " → ") + status + ": " + joined(fragments);
    }
  }

  /// A header of an answer of status 200.
  record Header(Request request, String name, String value) implements Check {
    @Override
    public String text() {
      return request.shown() + " → header " + Markdown.code(name + ": " + value);
    }
  }

  /// A resolved property and its source, as the metadata shows it.
  record Shows(String property, String value, String source) implements Check {
    @Override
    public String text() {
      String shown = property + " " + Markdown.code(value);
      return source.isEmpty() ? shown : shown + " (" + source + ")";
    }
  }

  /// A warning or error in the log that has all the fragments.
  record Warns(List<String> fragments) implements Check {
    @Override
    public String text() {
      return "log: " + joined(fragments);
    }
  }

  static Check embeds(double... vector) {
    return new Embeds(TEXT, list(vector));
  }

  static Check embedsText(String text, double... vector) {
    return new Embeds(text, list(vector));
  }

  static Check gives(Request request, double... vector) {
    return new Gives(request, list(vector));
  }

  static Check labels(String label, double score) {
    return new Labels(TEXT, label, score);
  }

  static Check answers(Request request, String... fragments) {
    return new Answers(request, List.of(fragments));
  }

  static Check refuses(Request request, int status, String... fragments) {
    return new Refuses(request, status, List.of(fragments));
  }

  /// The model cannot be loaded; a text gets 503 and the reason.
  static Check fails(String... fragments) {
    return new Refuses(Request.infer(TEXT), 503, List.of(fragments));
  }

  static Check shows(String property, String value, String source) {
    return new Shows(property, value, source);
  }

  static Check warns(String... fragments) {
    return new Warns(List.of(fragments));
  }

  /// The vector at unit length.
  static double[] unit(double... vector) {
    double length = Math.sqrt(Arrays.stream(vector).map(place -> place * place).sum());
    return Arrays.stream(vector).map(place -> place / length).toArray();
  }

  private static List<Double> list(double... vector) {
    return Arrays.stream(vector).boxed().toList();
  }

  private static String numbers(List<Double> vector) {
    return vector.stream().map(Check::number).collect(Collectors.joining(", ", "[", "]"));
  }

  private static String number(double value) {
    String digits = String.format(Locale.ROOT, "%.5f", value);
    return digits.replaceAll("\\.?0+$", "");
  }

  private static String joined(List<String> fragments) {
    return fragments.stream().map(Markdown::code).collect(Collectors.joining(" … "));
  }
}
