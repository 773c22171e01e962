package dev.pilotlight.batch.lines;

import dev.pilotlight.call.Doors;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.Entities;
import dev.pilotlight.protocol.http.Errors;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.ProtocolSettings;
import dev.pilotlight.protocol.http.ResponseHeaders;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings.Encoding;
import dev.pilotlight.support.json.JsonBytes;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Writes the lines of a batch's output, each with its newline. Their bytes depend on the arguments
/// alone. Thread-safe.
public final class BatchLineWriter {
  private static final int LINE_BYTES = 256;

  private BatchLineWriter() {}

  /// `{"id","custom_id","response":{"status_code","request_id","body"},"error":null}`, as OpenAI's
  /// batches have it. A line has no headers, so `ignored` before the body replaces the header for
  /// ignored fields.
  ///
  /// @param requestId names request and line; the same whenever the line is answered
  public static byte[] response(String requestId, String customId, HttpResponse response) {
    JsonBytes json = new JsonBytes(LINE_BYTES + response.body().length);
    start(json, requestId, customId);
    return response(json, requestId, response);
  }

  /// `{"id","custom_id","response":null,"error":{"code","message"}}`, as OpenAI's batches have it
  /// for a request that was not executed.
  ///
  /// @param customId null if it is invalid
  static byte[] unanswered(
      String requestId, @Nullable String customId, String code, String message) {
    JsonBytes json = new JsonBytes(LINE_BYTES);
    start(json, requestId, customId);
    json.name("response").literal("null").name("error").object();
    json.field("code", code).field("message", message).endObject();
    return json.endObject().newline().toByteArray();
  }

  /// The answer of a line that failed, in the form that the line asked for.
  ///
  /// @param requestId as in [#response]
  /// @param failure a [Refusal] is explained; anything else becomes an internal error without
  ///   details
  public static byte[] error(long line, BatchLine asked, String requestId, Throwable failure) {
    return switch (asked) {
      case BatchLine.Request request ->
          failedResponse(line, request.customId(), request.http(requestId), failure);
      case BatchLine.Texts texts -> failed(line, texts.id(), failure);
      case BatchLine.Tensors tensors -> failed(line, tensors.id(), failure);
      case BatchLine.Wrong wrong ->
          switch (wrong.form()) {
            case REQUEST ->
                failedResponse(line, wrong.customId(), wrong.http(requestId), wrong.refusal());
            case SIMPLE -> failed(line, wrong.id(), wrong.refusal());
            case UNCLEAR -> unreadable(line, wrong.id(), wrong.customId(), wrong.refusal());
          };
    };
  }

  /// As [#response], with the line's number.
  ///
  /// @param customId null if it is invalid itself
  private static byte[] failedResponse(
      long line, @Nullable String customId, HttpRequest request, Throwable failure) {
    JsonBytes json = new JsonBytes();
    start(json, request.requestId(), customId);
    json.field("line", line);
    return response(json, request.requestId(), Doors.failed(failure, request));
  }

  private static void start(JsonBytes json, String requestId, @Nullable String customId) {
    json.object().field("id", "batch_req_" + requestId).field("custom_id", customId);
  }

  private static byte[] response(JsonBytes json, String requestId, HttpResponse response) {
    json.name("response").object().field("status_code", response.status());
    json.field("request_id", requestId);
    String ignored = response.headers().get(ResponseHeaders.IGNORED);
    if (ignored != null) {
      json.field("ignored", ignored);
    }
    json.name("body").raw(response.body()).endObject();
    return json.name("error").literal("null").endObject().newline().toByteArray();
  }

  /// `{"line","id","error":{"message","type","param","code"}}`
  private static byte[] failed(long line, LineId id, Throwable failure) {
    JsonBytes json = new JsonBytes();
    id.write(json.object().field("line", line));
    Errors.write(json.name("error"), failure);
    return json.endObject().newline().toByteArray();
  }

  /// `{"line","id","custom_id","response":null,"error":{…}}` for a line of neither form, which
  /// readers of both forms understand.
  ///
  /// @param id and `customId` as far as they are known
  private static byte[] unreadable(
      long line, LineId id, @Nullable String customId, Refusal refusal) {
    JsonBytes json = new JsonBytes();
    id.write(json.object().field("line", line));
    json.field("custom_id", customId).name("response").literal("null");
    int status = Errors.status(refusal.reason());
    Errors.write(json.name("error"), status, Errors.message(refusal), null, "invalid_line");
    return json.endObject().newline().toByteArray();
  }

  /// `{"line","id","model","embedding","tokens","result_id"}`, or `label` and `score` instead of
  /// the embedding, or `entities`; without the ids of results that are not kept. The names for a
  /// list of texts are plural, except `tokens`, which is the sum; `entities` is a list for each
  /// text then.
  ///
  /// @param answers one for each text, in their order
  /// @param entities of the tokens' labels; null unless the model classifies tokens
  public static byte[] texts(
      long line,
      BatchLine.Texts asked,
      ModelInfo model,
      List<Answer> answers,
      Encoding encoding,
      @Nullable Entities entities) {
    JsonBytes json = new JsonBytes(bytes(model, answers.size()));
    asked.id().write(json.object().field("line", line));
    json.field("model", model.name());
    String plural = asked.listed() ? "s" : "";
    switch (model.task()) {
      case EMBEDDING ->
          perItem(json, asked, "embedding" + plural, answers, a -> embedding(json, a, encoding));
      case TEXT_CLASSIFICATION -> {
        perItem(json, asked, "label" + plural, answers, a -> json.string(label(a)));
        perItem(json, asked, "score" + plural, answers, a -> score(json, a));
      }
      case TOKEN_CLASSIFICATION -> {
        Entities its = Objects.requireNonNull(entities);
        perItem(json, asked, "entities", answers, a -> its.write(json, a.result()));
      }
      case IMAGE_CLASSIFICATION, IMAGE_EMBEDDING, FILL_MASK, SPARSE_EMBEDDING, TENSORS ->
          throw new IllegalStateException(model.name() + " answers no texts");
    }
    json.field("tokens", answers.stream().mapToLong(a -> a.result().tokens()).sum());
    return ids(json, asked.listed(), answers);
  }

  /// `{"line","id","model","body":{…},"result_id"}`
  ///
  /// @param body in the Open Inference Protocol
  public static byte[] tensors(
      long line, LineId id, ModelInfo model, HttpResponse body, List<Answer> answers) {
    JsonBytes json = new JsonBytes(LINE_BYTES + body.body().length);
    id.write(json.object().field("line", line));
    json.field("model", model.name()).name("body").raw(body.body());
    return ids(json, answers.size() > 1, answers);
  }

  private static int bytes(ModelInfo model, int items) {
    long expected = LINE_BYTES + (long) items * OpenAiEmbeddings.itemBytes(model);
    return (int) Math.min(expected, ProtocolSettings.LAMBDA_BYTES_MAX);
  }

  private static void perItem(
      JsonBytes json,
      BatchLine.Texts asked,
      String name,
      List<Answer> answers,
      Consumer<Answer> value) {
    json.name(name);
    if (!asked.listed()) {
      value.accept(answers.getFirst());
      return;
    }
    json.array();
    answers.forEach(value);
    json.endArray();
  }

  private static byte[] ids(JsonBytes json, boolean listed, List<Answer> answers) {
    boolean kept = answers.stream().allMatch(answer -> answer.id() != null);
    if (kept && listed) {
      json.name("result_ids").array();
      answers.forEach(answer -> json.string(Objects.requireNonNull(answer.id())));
      json.endArray();
    } else if (kept) {
      json.field("result_id", answers.getFirst().id());
    }
    return json.endObject().newline().toByteArray();
  }

  private static void embedding(JsonBytes json, Answer answer, Encoding encoding) {
    byte[] data = answer.result().output(ModelInfo.EMBEDDING_OUTPUT).data();
    switch (encoding) {
      case BASE64 -> json.base64(data);
      case FLOAT -> {
        if (!json.floats(data)) {
          throw notFinite();
        }
      }
    }
  }

  private static byte[] label(Answer answer) {
    return answer.result().output(ModelInfo.LABEL_OUTPUT).bytes().getFirst();
  }

  private static void score(JsonBytes json, Answer answer) {
    float score = answer.result().output(ModelInfo.SCORE_OUTPUT).floats()[0];
    if (!Float.isFinite(score)) {
      throw notFinite();
    }
    json.literal(Float.toString(score));
  }

  private static IllegalStateException notFinite() {
    return new IllegalStateException("a stored result holds NaN or infinity");
  }
}
