package dev.pilotlight.protocol.tei;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.Question;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.MediaTypes;
import dev.pilotlight.protocol.tei.inputs.Inputs;
import dev.pilotlight.support.json.JsonBytes;
import java.util.Optional;

/// `POST /decode`: the texts of token ids.
///
/// @param model the model's name; empty if the request names none
/// @param ids at least one list
/// @param bytesMax the most bytes of an answer
/// @param others the fields to ignore
public record DecodeRequest(
    String model, Inputs ids, boolean skipsSpecial, int bytesMax, OtherFields others)
    implements Question {
  private static final int OK = 200;

  /// Reads a request.
  ///
  /// @throws Refusal INVALID, naming the field; EMPTY without ids; UNSUPPORTED_MEDIA_TYPE
  public static Question read(HttpRequest request, Terms terms) {
    MediaTypes.requireJson(request);
    return request.readJson(json -> new DecodeReader(json, terms).read());
  }

  @Override
  public boolean suits(ModelInfo info) {
    return info.takesText();
  }

  @Override
  public HttpResponse answer(Subject subject) {
    TokenizeRequest.requireText(subject.info(), this);
    JsonBytes json = new JsonBytes().array();
    for (int i = 0; i < ids.all().size(); i++) {
      json.string(decode(i, subject));
      TokenizeRequest.requireFits(json, ids.field(i), bytesMax);
    }
    return others.name(HttpResponse.json(OK, json.endArray().toByteArray()));
  }

  private String decode(int index, Subject subject) {
    try {
      int[] list = ((Inputs.Ids) ids.all().get(index)).ids();
      return subject.tokens().decode(list, skipsSpecial);
    } catch (Refusal refusal) {
      throw refusal.field().equals(Optional.of(Item.FIELD))
          ? refusal.at(ids.field(index))
          : refusal;
    }
  }
}
