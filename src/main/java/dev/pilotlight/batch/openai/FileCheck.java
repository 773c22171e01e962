package dev.pilotlight.batch.openai;

import dev.pilotlight.batch.input.FurtherFields;
import dev.pilotlight.batch.input.Line;
import dev.pilotlight.batch.input.Lines;
import dev.pilotlight.batch.lines.BatchLine;
import dev.pilotlight.batch.lines.BatchLineReader;
import dev.pilotlight.batch.lines.CustomIds;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.support.json.JsonBytes;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/// Checks all lines of a file before the first one is answered. Used once; not thread-safe.
final class FileCheck {
  /// The list of errors has so many, and then their number.
  static final int LISTED_MAX = 100;

  private static final int MESSAGE_CHARS_MAX = 500;

  private final String endpoint;
  private final int requestsMax;
  private final CustomIds ids = new CustomIds(_ -> {});
  private final JsonBytes errors = new JsonBytes().array();
  private long requests;
  private long faults;

  /// @param endpoint the URL of all requests
  FileCheck(String endpoint, int requestsMax) {
    this.endpoint = endpoint;
    this.requestsMax = requestsMax;
  }

  /// The result of a check.
  ///
  /// @param errors a JSON array; empty if the file is valid
  record Result(long requests, String errors) {
    boolean isValid() {
      return errors.isEmpty();
    }
  }

  /// One error that is not a line's, as a JSON array.
  static String error(String code, String message) {
    JsonBytes json = new JsonBytes().array();
    write(json, code, message, null, 0);
    return text(json.endArray());
  }

  /// Reads all lines.
  ///
  /// @param deadline to have read them
  /// @throws BatchException.Unavailable if it passes before
  Result check(Lines lines, Deadline deadline) {
    for (Optional<Line> line = lines.next(); line.isPresent(); line = lines.next()) {
      if (deadline.passed()) {
        throw new BatchException.Unavailable(
            "in the function's time the file could not be checked; a longer time-out, or a smaller"
                + " file, may help",
            null);
      }
      requests++;
      if (requests > requestsMax) {
        fault(
            "too_many_requests",
            "the file has more than %d requests; accepted: 1 to %d"
                .formatted(requestsMax, requestsMax),
            null,
            0);
        break;
      }
      check(line.get());
    }
    if (requests == 0) {
      fault("empty_file", "the file has no requests; accepted: at least one", null, 0);
    }
    if (faults > LISTED_MAX) {
      String message = "%d further lines have errors".formatted(faults - LISTED_MAX);
      write(errors, "further_errors", message, null, 0);
    }
    return new Result(requests, faults == 0 ? "" : text(errors.endArray()));
  }

  private void check(Line line) {
    switch (line.content()) {
      case Line.Content.Json(byte[] utf8) -> {
        FurtherFields further = new FurtherFields(FurtherFields.Rule.IGNORE);
        check(line, BatchLineReader.read(utf8, Integer.MAX_VALUE, further));
      }
      case Line.Content.Text _ -> throw new IllegalStateException("the file is not JSON");
      case Line.Content.Wrong(var _, String reason) ->
          fault("invalid_line", reason, null, line.number());
    }
  }

  private void check(Line line, BatchLine asked) {
    switch (asked) {
      case BatchLine.Request(String customId, String url, byte[] _) -> {
        if (!url.equals(endpoint)) {
          fault(
              "mismatched_endpoint",
              "url is '%s'; accepted: the batch's endpoint %s"
                  .formatted(Text.shorten(url), endpoint),
              "url",
              line.number());
        }
        requireOnce(customId, line);
      }
      case BatchLine.Wrong wrong -> {
        Refusal refusal = wrong.refusal();
        wrong.requestId().ifPresent(id -> requireOnce(id, line));
        fault(code(wrong), refusal.message(), param(wrong), line.number());
      }
      case BatchLine.Texts _, BatchLine.Tensors _ ->
          fault(
              "missing_required_parameter",
              "custom_id is missing; accepted: custom_id, method, url and body",
              "custom_id",
              line.number());
    }
  }

  private void requireOnce(String customId, Line line) {
    long first = ids.firstLine(customId, line);
    if (first != line.number()) {
      fault(
          "duplicate_custom_id",
          "line %d has this custom_id, too; accepted: one that no other line has".formatted(first),
          "custom_id",
          line.number());
    }
  }

  private static String code(BatchLine.Wrong wrong) {
    if (wrong.form() == BatchLine.Form.UNCLEAR) {
      return "invalid_json_line";
    }
    if (wrong.fieldMissing()) {
      return "missing_required_parameter";
    }
    return switch (wrong.refusal().field().orElse("")) {
      case "custom_id" -> "invalid_custom_id";
      case "method" -> "invalid_method";
      case "url" -> "invalid_url";
      default -> "invalid_line";
    };
  }

  private static @Nullable String param(BatchLine.Wrong wrong) {
    return wrong.form() == BatchLine.Form.UNCLEAR ? null : wrong.refusal().field().orElse(null);
  }

  private void fault(String code, String message, @Nullable String param, long line) {
    faults++;
    if (faults <= LISTED_MAX) {
      write(errors, code, message, param, line);
    }
  }

  /// @param line 0 for none
  private static void write(
      JsonBytes json, String code, String message, @Nullable String param, long line) {
    String cut = Text.shorten(message, MESSAGE_CHARS_MAX);
    json.object().field("code", code).field("message", cut).field("param", param);
    json.name("line").literal(line == 0 ? "null" : Long.toString(line)).endObject();
  }

  private static String text(JsonBytes json) {
    return new String(json.toByteArray(), StandardCharsets.UTF_8);
  }
}
