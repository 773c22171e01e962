package dev.pilotlight.protocol.openai;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Task;
import dev.pilotlight.protocol.door.Asked;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import java.util.List;

/// `POST /openai/deployments/{model}/embeddings`, as Azure's clients call OpenAI's API: the path
/// names the model, whatever the body's `model` is; `api-version` is not read.
public record AzureEmbeddings(OpenAiEmbeddings.Request asked) implements Asked {
  /// Reads a request.
  ///
  /// @throws dev.pilotlight.domain.Refusal INVALID, naming the field; UNSUPPORTED_MEDIA_TYPE
  public static AzureEmbeddings read(HttpRequest request, String model, Terms terms) {
    return new AzureEmbeddings(
        OpenAiEmbeddings.read(request, terms.itemsMax(), terms.settings().unknownFields())
            .withModel(model)
            .withDefaultTruncate(terms.truncate()));
  }

  @Override
  public String model() {
    return asked.model();
  }

  @Override
  public boolean suits(ModelInfo model) {
    return model.task() == Task.EMBEDDING;
  }

  @Override
  public Bound bind(ModelInfo model) {
    OpenAiEmbeddings.requireModel(asked, model);
    return new Embeddings(asked, model, asked.itemsFor(model));
  }

  private record Embeddings(OpenAiEmbeddings.Request asked, ModelInfo model, List<Item> items)
      implements Bound {
    @Override
    public String field(int index) {
      return asked.field(index);
    }

    @Override
    public long answerBytesMin() {
      return OpenAiEmbeddings.itemBytesMin(asked, model);
    }

    @Override
    public HttpResponse response(List<Answer> answers) {
      return OpenAiEmbeddings.write(asked, model, answers);
    }
  }
}
