package dev.pilotlight.batch.lines;

import dev.pilotlight.batch.input.FurtherFields;
import dev.pilotlight.batch.input.FurtherFields.Rule;
import dev.pilotlight.batch.input.Line;
import dev.pilotlight.batch.input.ObjectOptions;
import dev.pilotlight.call.Call;
import dev.pilotlight.call.Calls;
import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.model.Model;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.protocol.http.UnknownFields;
import dev.pilotlight.support.Log;
import dev.pilotlight.support.Sha256;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Tells what is to be done for each line of one object. Whatever a line holds, it gets exactly one
/// line of the output, whose bytes follow from the object and the models alone. For one thread at a
/// time, which gives it the lines in their order.
public final class LineTasks {
  private static final int ID_CHARS = 22;

  private final Calls calls;
  private final Function<Optional<String>, Model> models;
  private final ObjectOptions options;
  private final Rule fields;
  private final CustomIds customIds;
  private final String batch;
  private final int itemsMax;
  private final Log log;

  /// @param calls those of a batch
  /// @param models gives the model of a name, or the default; throws a [Refusal] NOT_FOUND or
  ///   UNAVAILABLE
  /// @param options for what a line does not choose itself
  /// @param customIds those of the object's lines so far
  /// @param batchId with `identity` and a line's number makes the id of its answer
  /// @param itemsMax the most texts a line may hold
  /// @param log told of internal errors, of which the lines tell nothing
  public LineTasks(
      Calls calls,
      Function<Optional<String>, Model> models,
      ObjectOptions options,
      CustomIds customIds,
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
    this.batch = batchId + "/" + identity + "/";
    this.itemsMax = itemsMax;
    this.log = log;
  }

  /// What is to be done for a line.
  ///
  /// @throws Refusal UNAVAILABLE if the line's model cannot be loaded now: that says nothing of the
  ///   line, which is to be tried again
  public LineTask of(Line line) {
    FurtherFields further = new FurtherFields(fields);
    return with(further, task(line.number(), read(line, further)));
  }

  private BatchLine read(Line line, FurtherFields further) {
    return switch (line.content()) {
      case Line.Content.Json(byte[] utf8) -> BatchLineReader.read(utf8, itemsMax, further);
      case Line.Content.Text(Line.Row row, String text) -> {
        row.others().forEach(further::add);
        yield BatchLineReader.text(LineId.of(row.id()), text);
      }
      case Line.Content.Wrong(Line.Row row, String reason) ->
          BatchLine.Wrong.of(LineId.of(row.id()), reason);
    };
  }

  private LineTask task(long number, BatchLine asked) {
    return switch (asked) {
      case BatchLine.Request request -> request(number, request);
      case BatchLine.Texts texts -> texts(number, texts);
      case BatchLine.Tensors tensors -> tensors(number, tensors);
      case BatchLine.Wrong wrong -> {
        wrong.requestId().ifPresent(id -> customIds.firstLine(id, number));
        yield new LineTask.Wrong(wrong(number, wrong));
      }
    };
  }

  /// Adds the line's further fields to its answer, also to an error.
  private static LineTask with(FurtherFields further, LineTask task) {
    return switch (task) {
      case LineTask.Wrong(byte[] answer) -> new LineTask.Wrong(further.addTo(answer));
      case LineTask.Ask ask ->
          new LineTask.Ask(
              ask.model(),
              ask.items(),
              ask.fieldOf(),
              answers -> {
                LineTask.Said said = ask.say().apply(answers);
                return new LineTask.Said(further.addTo(said.line()), said.failed());
              },
              failure -> further.addTo(ask.sayError().apply(failure)));
    };
  }

  private LineTask request(long number, BatchLine.Request asked) {
    HttpRequest http = asked.http(idOf(number));
    Errors errors =
        failure -> BatchLineWriter.failedResponse(number, asked.customId(), http, failure);
    return orWrong(
        number,
        errors,
        () -> {
          requireNewId(asked.customId(), number);
          Call call = calls.of(http, Router.route(http), options.truncate());
          return ask(
              number,
              call,
              answers ->
                  BatchLineWriter.response(
                      http.requestId(), asked.customId(), call.response().apply(answers)),
              errors);
        });
  }

  private void requireNewId(String customId, long number) {
    long first = customIds.firstLine(customId, number);
    if (first != number) {
      throw Refusal.invalid(
          "custom_id",
          "line %d has this custom_id, too; accepted: one that no other line has".formatted(first));
    }
  }

  private LineTask texts(long number, BatchLine.Texts asked) {
    Errors errors = failure -> BatchLineWriter.failed(number, asked.id(), failure);
    return orWrong(
        number,
        errors,
        () -> {
          Model model = models.apply(asked.model());
          ModelInfo info = named(model, asked.model());
          asked.requireModel(info);
          return new LineTask.Ask(
              model,
              asked.itemsFor(model.info(), options.truncate()),
              asked::field,
              said(
                  number,
                  answers ->
                      BatchLineWriter.texts(number, asked, info, answers, options.encoding()),
                  errors),
              errors);
        });
  }

  private LineTask tensors(long number, BatchLine.Tensors asked) {
    Errors errors = failure -> BatchLineWriter.failed(number, asked.id(), failure);
    return orWrong(
        number,
        errors,
        () -> {
          Model model = models.apply(asked.model());
          ModelInfo info = named(model, asked.model());
          Route route = new Route.Infer(model.info().name(), Optional.of(info.version()));
          Call call = calls.of(asked.http(), route, options.truncate());
          return ask(
              number,
              call,
              answers ->
                  BatchLineWriter.tensors(
                      number, asked.id(), info, call.response().apply(answers), answers),
              errors);
        });
  }

  /// The answer has the name by which the model was asked for.
  private static ModelInfo named(Model model, Optional<String> name) {
    return name.map(model.info()::named).orElse(model.info());
  }

  private byte[] wrong(long number, BatchLine.Wrong line) {
    return switch (line.form()) {
      case REQUEST ->
          BatchLineWriter.failedResponse(
              number, line.customId(), line.http(idOf(number)), line.refusal());
      case SIMPLE -> BatchLineWriter.failed(number, line.id(), line.refusal());
      case UNCLEAR ->
          BatchLineWriter.unreadable(number, line.id(), line.customId(), line.refusal());
    };
  }

  /// Says why there is no answer.
  private interface Errors extends Function<Throwable, byte[]> {}

  private LineTask ask(long number, Call call, Function<List<Answer>, byte[]> say, Errors errors) {
    return new LineTask.Ask(
        call.model(), call.items(), call.fieldOf(), said(number, say, errors), errors);
  }

  private Function<List<Answer>, LineTask.Said> said(
      long number, Function<List<Answer>, byte[]> say, Errors errors) {
    return answers -> {
      try {
        return new LineTask.Said(say.apply(answers), false);
      } catch (Refusal refusal) {
        return new LineTask.Said(errors.apply(refusal), true);
      } catch (RuntimeException e) {
        log.error("internal error", e, "line", number);
        return new LineTask.Said(errors.apply(e), true);
      }
    };
  }

  /// What is wrong with a line is said in its answer; that a model is not there now is no answer.
  /// What is wrong with an export stays so, and is an error of the lines that ask for it.
  private LineTask orWrong(long number, Errors errors, Supplier<LineTask> task) {
    try {
      return task.get();
    } catch (Refusal refusal) {
      if (refusal.reason() == Reason.UNAVAILABLE && refusal.retryAfter().isPresent()) {
        throw refusal;
      }
      return new LineTask.Wrong(errors.apply(refusal));
    } catch (RuntimeException | StackOverflowError e) {
      log.error("internal error", e, "line", number);
      return new LineTask.Wrong(errors.apply(e));
    }
  }

  private String idOf(long number) {
    byte[] digest = Sha256.of((batch + number).getBytes(StandardCharsets.UTF_8));
    return Base64.getUrlEncoder().withoutPadding().encodeToString(digest).substring(0, ID_CHARS);
  }
}
