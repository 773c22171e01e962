package dev.pilotlight.protocol.kserve;

import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.protocol.door.OtherFields;
import dev.pilotlight.protocol.door.Terms;
import dev.pilotlight.protocol.http.Names;
import dev.pilotlight.protocol.json.JsonReader;
import dev.pilotlight.protocol.kserve.KServePredict.Form;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Reads the body of a request for predictions. Not thread-safe.
final class InstancesReader {
  static final String INSTANCES = "instances";
  static final String PARAMETERS = "parameters";
  private static final List<String> FIELDS = List.of(INSTANCES, PARAMETERS);
  private static final String MODEL = "model";
  private static final List<String> NAMES_WITH_MODEL =
      List.of(MODEL, "return_probabilities", "return_raw_logits", "truncate");
  private static final List<String> PARAMETER_NAMES =
      List.of("return_probabilities", "return_raw_logits", "truncate");
  private static final String ACCEPTED = "a string that is not empty";

  private final JsonReader json;
  private final Terms terms;
  private final List<String> parameterNames;
  private final OtherFields others;
  private final OtherFields otherParameters;
  private final List<String> texts = new ArrayList<>();
  private boolean listed;
  private boolean probabilities;
  private boolean logits;
  private Optional<Boolean> truncate = Optional.empty();
  private String model;

  private InstancesReader(JsonReader json, Terms terms, String model, List<String> names) {
    this.json = json;
    this.terms = terms;
    this.model = model;
    this.parameterNames = names;
    this.others = new OtherFields(FIELDS, terms.settings().unknownFields());
    this.otherParameters = others.inside(PARAMETERS, names);
  }

  /// A reader of requests whose path names the model.
  static InstancesReader of(JsonReader json, Terms terms, String model) {
    return new InstancesReader(json, terms, model, PARAMETER_NAMES);
  }

  /// A reader of requests in which `parameters.model` may name the model.
  static InstancesReader ofAnyModel(JsonReader json, Terms terms) {
    return new InstancesReader(json, terms, "", NAMES_WITH_MODEL);
  }

  KServePredict read() throws IOException {
    json.object(this::field);
    if (!listed) {
      throw Refusal.invalid(INSTANCES, "instances is missing; accepted: an array of strings");
    }
    if (texts.isEmpty()) {
      throw Refusal.empty(INSTANCES, "instances is empty; accepted: one string or more");
    }
    boolean truncates = truncate.orElse(terms.truncate().orElse(true));
    List<Item> items = new ArrayList<>(texts.size());
    for (String text : texts) {
      items.add(new Item.Text(text, truncates));
    }
    return new KServePredict(model, items, form(), others);
  }

  private Form form() {
    if (probabilities && logits) {
      throw Refusal.invalid(
          PARAMETERS,
          "parameters has both return_probabilities and return_raw_logits; accepted: one of them");
    }
    return probabilities ? Form.PROBABILITIES : logits ? Form.LOGITS : Form.INDEX;
  }

  private void field(String name) throws IOException {
    switch (name) {
      case INSTANCES -> {
        listed = true;
        json.array(index -> texts.add(text()));
      }
      case PARAMETERS -> {
        if (!json.isNull()) {
          json.object(this::parameter);
        }
      }
      default -> others.read(json, name);
    }
  }

  private void parameter(String name) throws IOException {
    if (!parameterNames.contains(name)) {
      otherParameters.read(json, name);
      return;
    }
    if (json.isNull()) {
      return;
    }
    switch (name) {
      case MODEL -> model = Names.model(json.string());
      case "return_probabilities" -> probabilities = json.bool();
      case "return_raw_logits" -> logits = json.bool();
      case "truncate" -> truncate = Optional.of(json.bool());
      default -> throw new IllegalStateException("no parameter has the name " + name);
    }
  }

  private String text() throws IOException {
    if (texts.size() == terms.itemsMax()) {
      throw Refusal.invalid(
          INSTANCES,
          "instances has more than %d elements; accepted: up to %d; send several requests, or use"
                  .formatted(terms.itemsMax(), terms.itemsMax())
              + " a batch");
    }
    return json.text(ACCEPTED);
  }
}
