package dev.pilotlight.model.text;

import dev.pilotlight.wordpiece.Rules.Special;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// The tokens that the `post_processor` of a `tokenizer.json` puts around a single text.
///
/// @param typeId of the text's own tokens
record SpecialTokens(List<Special> before, int typeId, List<Special> after) {
  private static final String SEQUENCE = "Sequence";
  private static final String TOKEN = "SpecialToken";

  SpecialTokens {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /// @throws ExactObject.Unexpected if it is of another kind
  static SpecialTokens read(ExactObject root) {
    if (root.isNull("post_processor")) {
      return new SpecialTokens(List.of(), 0, List.of());
    }
    return switch (String.valueOf(root.get("post_processor", Map.class).get("type"))) {
      case "TemplateProcessing" ->
          template(root.object("post_processor", "type", "single", "pair", "special_tokens"));
      case "BertProcessing" -> pair(root.object("post_processor", "type", "sep", "cls"));
      case "RobertaProcessing" -> {
        ExactObject roberta =
            root.object("post_processor", "type", "sep", "cls", "trim_offsets", "add_prefix_space");
        // both concern offsets in the text
        roberta.flag("trim_offsets");
        roberta.flag("add_prefix_space");
        yield pair(roberta);
      }
      default -> throw new ExactObject.Unexpected();
    };
  }

  private static SpecialTokens pair(ExactObject processor) {
    return new SpecialTokens(
        List.of(named(processor.list("cls"))), 0, List.of(named(processor.list("sep"))));
  }

  /// From a name and an id.
  private static Special named(List<?> token) {
    if (token.size() == 2 && token.get(0) instanceof String) {
      return new Special(ExactObject.count(token.get(1)), 0);
    }
    throw new ExactObject.Unexpected();
  }

  private static SpecialTokens template(ExactObject processor) {
    Map<?, ?> known = processor.get("special_tokens", Map.class);
    known.keySet().forEach(name -> definition(known, name));
    checkPair(processor.list("pair"), known);
    List<Special> before = new ArrayList<>();
    List<Special> after = new ArrayList<>();
    int typeId = -1;
    for (Object piece : processor.list("single")) {
      if (isSequence(piece)) {
        ExactObject sequence = sequence(piece);
        sequence.expect("id", "A");
        if (typeId >= 0) {
          throw new ExactObject.Unexpected();
        }
        typeId = sequence.count("type_id");
      } else {
        (typeId < 0 ? before : after).addAll(specials(piece, known));
      }
    }
    if (typeId < 0) {
      throw new ExactObject.Unexpected();
    }
    return new SpecialTokens(before, typeId, after);
  }

  /// Not used here, but a file that the library would not read is not read here, either.
  private static void checkPair(List<?> pieces, Map<?, ?> known) {
    for (Object piece : pieces) {
      if (isSequence(piece)) {
        ExactObject sequence = sequence(piece);
        sequence.count("type_id");
        if (!sequence.text("id").equals("A")) {
          sequence.expect("id", "B");
        }
      } else {
        specials(piece, known);
      }
    }
  }

  private static boolean isSequence(Object piece) {
    return piece instanceof Map<?, ?> map && map.containsKey(SEQUENCE);
  }

  private static ExactObject sequence(Object piece) {
    return ExactObject.of(piece, SEQUENCE).object(SEQUENCE, "id", "type_id");
  }

  private static List<Special> specials(Object piece, Map<?, ?> known) {
    ExactObject token = ExactObject.of(piece, TOKEN).object(TOKEN, "id", "type_id");
    int typeId = token.count("type_id");
    List<Special> specials = new ArrayList<>();
    for (int id : definition(known, token.text("id"))) {
      specials.add(new Special(id, typeId));
    }
    return specials;
  }

  /// The ids that a special token stands for.
  private static List<Integer> definition(Map<?, ?> known, Object name) {
    ExactObject definition = ExactObject.of(known.get(name), "id", "ids", "tokens");
    definition.expect("id", name);
    List<?> ids = definition.list("ids");
    List<?> tokens = definition.list("tokens");
    if (ids.size() != tokens.size() || !tokens.stream().allMatch(String.class::isInstance)) {
      throw new ExactObject.Unexpected();
    }
    return ids.stream().map(ExactObject::count).toList();
  }
}
