package dev.pilotlight.call;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.model.Model;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.openai.OpenAiEmbeddings;
import dev.pilotlight.protocol.openinference.InferCall;
import dev.pilotlight.protocol.openinference.InferResponseWriter;
import java.util.List;

/// A request that is read and checked against its model.
public sealed interface Call {
  Model model();

  /// The items to answer, at least one.
  List<Item> items();

  /// The field of an item in the request, such as `input[3]`.
  String field(int index);

  /// Whether the request's body asks for new answers in place of stored ones.
  default boolean recomputes() {
    return false;
  }

  /// Writes the answers, one an item, in the request's protocol.
  ///
  /// @throws dev.pilotlight.domain.Refusal if the protocol cannot express them
  HttpResponse response(List<Answer> answers);

  /// A request of OpenAI's embeddings API.
  ///
  /// @param info with the name by which the request asked for the model
  record Embeddings(Model model, OpenAiEmbeddings.Request asked, ModelInfo info, List<Item> items)
      implements Call {
    @Override
    public String field(int index) {
      return asked.field(index);
    }

    @Override
    public HttpResponse response(List<Answer> answers) {
      return OpenAiEmbeddings.write(asked, info, answers);
    }
  }

  /// A request of a further door.
  record AtDoor(Model model, Bound bound) implements Call {
    @Override
    public List<Item> items() {
      return bound.items();
    }

    @Override
    public String field(int index) {
      return bound.field(index);
    }

    @Override
    public boolean recomputes() {
      return bound.recomputes();
    }

    @Override
    public HttpResponse response(List<Answer> answers) {
      return bound.response(answers);
    }
  }

  /// A request of the Open Inference Protocol.
  record Infer(Model model, InferCall asked) implements Call {
    @Override
    public List<Item> items() {
      return asked.items();
    }

    @Override
    public String field(int index) {
      return asked.field(index);
    }

    @Override
    public HttpResponse response(List<Answer> answers) {
      return InferResponseWriter.write(asked, answers);
    }
  }
}
