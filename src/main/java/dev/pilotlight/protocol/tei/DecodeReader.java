package dev.pilotlight.protocol.tei;

import com.fasterxml.jackson.core.JsonToken;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.tei.inputs.Inputs;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the body of `POST /decode`. An optional field that is null counts as absent. Not
/// thread-safe.
final class DecodeReader {
  private static final String IDS = "ids";
  private static final List<String> FIELDS = List.of(IDS, "skip_special_tokens", "model");

  private final JsonReader json;
  private final Terms terms;
  private final OtherFields others;
  private @Nullable Inputs ids;
  private boolean skipsSpecial = true;
  private @Nullable String model;

  DecodeReader(JsonReader json, Terms terms) {
    this.json = json;
    this.terms = terms;
    this.others = new OtherFields(FIELDS, terms.settings().unknownFields());
  }

  DecodeRequest read() throws IOException {
    json.object(this::field);
    if (ids == null) {
      throw Refusal.invalid(IDS, "ids is missing; accepted: " + accepted());
    }
    String name = model == null ? "" : Names.model(model);
    int bytesMax = terms.settings().responseBytesMax();
    return new DecodeRequest(name, ids, skipsSpecial, bytesMax, others);
  }

  private String accepted() {
    return "an array of token ids, or an array of 1 to %d such arrays".formatted(terms.itemsMax());
  }

  private void field(String name) throws IOException {
    if (json.isNull() && FIELDS.contains(name) && !name.equals(IDS)) {
      return;
    }
    switch (name) {
      case IDS -> ids = ids();
      case "skip_special_tokens" -> skipsSpecial = json.bool();
      case "model" -> model = json.string();
      default -> others.read(json, name);
    }
  }

  /// The first element determines whether the array is one list.
  private Inputs ids() throws IOException {
    if (json.token() != JsonToken.START_ARRAY) {
      throw json.wrongType(accepted());
    }
    List<Inputs.Input> lists = new ArrayList<>();
    Inputs.IdList one = new Inputs.IdList();
    json.array(
        index -> {
          if (index == 0 ? json.token() != JsonToken.START_ARRAY : one.count() > 0) {
            one.add(json);
          } else if (index == terms.itemsMax()) {
            throw Inputs.tooMany(IDS, terms.itemsMax());
          } else {
            lists.add(Inputs.ids(json));
          }
        });
    if (one.count() > 0) {
      return new Inputs(IDS, List.of(new Inputs.Ids(one.toArray())), false);
    }
    if (lists.isEmpty()) {
      throw Refusal.empty(IDS, "ids is empty; accepted: " + accepted());
    }
    return new Inputs(IDS, lists, true);
  }
}
