package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.input.FurtherFields;
import dev.pilotlight.batch.input.FurtherFields.Rule;
import dev.pilotlight.batch.input.Line;
import dev.pilotlight.batch.input.ObjectOptions;
import dev.pilotlight.batch.s3.BatchException;
import dev.pilotlight.call.Call;
import dev.pilotlight.call.Calls;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.Task;
import dev.pilotlight.model.Model;
import dev.pilotlight.protocol.door.Aggregation;
import dev.pilotlight.protocol.door.Entities;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.protocol.http.UnknownFields;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Sha256;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Makes the task of each line of one object. Every line gets exactly one line of the output, whose
/// bytes follow from the object and the models alone. For one thread at a time, which passes the
/// lines in their order.
public final class LineTasks {
  private static final int ID_CHARS = 22;

  private final Calls calls;
  private final Function<Optional<String>, Model> models;
  private final ObjectOptions options;
  private final Rule fields;
  private final CustomIdIndex customIds;
  private final ResultIds ids;
  private final String batch;
  private final int itemsMax;
  private final Log log;

  /// @param calls those of a batch
  /// @param models gives the model of a name, or the default; throws a [Refusal] NOT_FOUND or
  ///   UNAVAILABLE
  /// @param options for lines that do not choose themselves
  /// @param customIds those of the object's lines so far
  /// @param ids those of the results
  /// @param batchId with `identity` and a line's number makes the id of its answer
  /// @param itemsMax the most texts a line may hold
  /// @param log gets internal errors, which the lines do not describe
  public LineTasks(
      Calls calls,
      Function<Optional<String>, Model> models,
      ObjectOptions options,
      CustomIdIndex customIds,
      ResultIds ids,
      String batchId,
      String identity,
      int itemsMax,
      Log log) {
    this.calls = calls;
    this.models = models;
    this.options = options;
    this.fields =
        options
            .fields()
            .orElse(calls.unknownFields() == UnknownFields.REFUSE ? Rule.REFUSE : Rule.NAME);
    this.customIds = customIds;
    this.ids = ids;
    this.batch = batchId + "/" + identity + "/";
    this.itemsMax = itemsMax;
    this.log = log;
  }

  /// The task of a line. An invalid line, and one whose model is broken, has a task without items.
  ///
  /// @throws Refusal UNAVAILABLE if the line's model cannot be loaded now: the line itself may be
  ///   valid, and must be tried again
  /// @throws BatchException if the ids of earlier lines cannot be read
  public LineTask of(Line line) {
    FurtherFields further = new FurtherFields(fields);
    BatchLine asked = read(line, further);
    String requestId = asked.isRequest() ? idOf(line.number()) : "";
    try {
      LineTask.Ask ask = ask(line, asked, requestId).withResultIds(ids, line.number());
      return LineTask.of(line, asked, requestId, further, ask);
    } catch (Refusal refusal) {
      if (refusal.reason() == Reason.UNAVAILABLE && refusal.retryAfter().isPresent()) {
        throw refusal;
      }
      return LineTask.failed(line, asked, requestId, further, refusal);
    } catch (BatchException e) {
      throw e; // the ids of earlier lines cannot be read again now
    } catch (RuntimeException | StackOverflowError e) {
      log.error("internal error", e, "line", line.number());
      return LineTask.failed(line, asked, requestId, further, e);
    }
  }

  /// The task of a request that its batch ends without an answer.
  ///
  /// @param code of the error
  public LineTask unanswered(Line line, String code, String message) {
    FurtherFields further = new FurtherFields(Rule.IGNORE);
    BatchLine asked = read(line, further);
    @Nullable String customId =
        switch (asked) {
          case BatchLine.Request request -> request.customId();
          case BatchLine.Wrong wrong -> wrong.customId();
          case BatchLine.Texts _, BatchLine.Tensors _ -> null;
        };
    byte[] json = BatchLineWriter.unanswered(idOf(line.number()), customId, code, message);
    return LineTask.unanswered(line, asked, further, json);
  }

  private BatchLine read(Line line, FurtherFields further) {
    return switch (line.content()) {
      case Line.Content.Json(byte[] utf8) -> BatchLineReader.read(utf8, itemsMax, further);
      case Line.Content.Text(Line.Row row, String text) -> {
        row.others().forEach(further::add);
        yield BatchLineReader.text(LineId.of(row.id()), text);
      }
      case Line.Content.Wrong(Line.Row row, String reason) -> {
        row.others().forEach(further::add);
        yield BatchLine.Wrong.of(LineId.of(row.id()), reason);
      }
    };
  }

  private LineTask.Ask ask(Line line, BatchLine asked, String requestId) {
    if (options.parquet()) {
      RowRules.requireForm(asked);
    }
    return switch (asked) {
      case BatchLine.Request request -> request(line, request, requestId);
      case BatchLine.Texts texts -> texts(line.number(), texts);
      case BatchLine.Tensors tensors -> tensors(line.number(), tensors);
      case BatchLine.Wrong wrong -> {
        wrong.requestId().ifPresent(id -> customIds.firstLine(id, line));
        throw wrong.refusal();
      }
    };
  }

  private LineTask.Ask request(Line line, BatchLine.Request asked, String requestId) {
    long first = customIds.firstLine(asked.customId(), line);
    if (first != line.number()) {
      throw Refusal.invalid(
          "custom_id",
          "line %d has this custom_id, too; accepted: one that no other line has".formatted(first));
    }
    HttpRequest http = asked.http(requestId);
    Call call = calls.of(http, Router.route(http), options.truncate());
    return new LineTask.Ask(
        call.model(),
        call.items(),
        call::field,
        answers -> BatchLineWriter.response(requestId, asked.customId(), call.response(answers)));
  }

  private LineTask.Ask texts(long number, BatchLine.Texts asked) {
    Model model = models.apply(asked.model());
    ModelInfo info = named(model, asked.model());
    asked.requireModel(info);
    if (options.parquet()) {
      RowRules.requireModel(info);
    }
    return new LineTask.Ask(
        model,
        asked.itemsFor(model.info(), options.truncate()),
        asked::field,
        texts(number, asked, info, entities(model)));
  }

  private Function<List<Answer>, byte[]> texts(
      long number, BatchLine.Texts asked, ModelInfo info, @Nullable Entities entities) {
    return answers ->
        BatchLineWriter.texts(number, asked, info, answers, options.encoding(), entities);
  }

  /// A line chooses no aggregation.
  private static @Nullable Entities entities(Model model) {
    return model.info().task() == Task.TOKEN_CLASSIFICATION
        ? new Entities(
            model.info().labels().orElseThrow(),
            model.tokens().joiner(),
            Aggregation.SIMPLE,
            Entities.OUTSIDE)
        : null;
  }

  private LineTask.Ask tensors(long number, BatchLine.Tensors asked) {
    Model model = models.apply(asked.model());
    ModelInfo info = named(model, asked.model());
    Route route = new Route.Infer(model.info().name(), Optional.of(info.version()));
    Call call = calls.of(asked.http(), route, options.truncate());
    return new LineTask.Ask(
        call.model(),
        call.items(),
        call::field,
        answers ->
            BatchLineWriter.tensors(number, asked.id(), info, call.response(answers), answers));
  }

  /// The answer has the name by which the model was asked for.
  private static ModelInfo named(Model model, Optional<String> name) {
    return name.map(model.info()::named).orElse(model.info());
  }

  private String idOf(long number) {
    return Sha256.base64Url(batch + number).substring(0, ID_CHARS);
  }
}
