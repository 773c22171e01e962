package dev.pilotlight.model.text;

import dev.pilotlight.wordpiece.Rules.Pair;
import dev.pilotlight.wordpiece.Rules.Special;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The tokens that the `post_processor` of a `tokenizer.json` puts around a text, and around two.
///
/// @param typeId of the text's own tokens
/// @param pair empty if the file does not put both texts into a pair once
record SpecialTokens(List<Special> before, int typeId, List<Special> after, Optional<Pair> pair) {
  private static final String SEQUENCE = "Sequence";
  private static final String TOKEN = "SpecialToken";
  private static final String FIRST = "A";
  private static final String SECOND = "B";

  SpecialTokens {
    before = List.copyOf(before);
    after = List.copyOf(after);
  }

  /// @throws ExactObject.Unexpected if it is of another kind
  static SpecialTokens read(ExactObject root) {
    if (root.isNull("post_processor")) {
      Pair pair = new Pair(List.of(), 0, List.of(), 1, List.of(), false);
      return new SpecialTokens(List.of(), 0, List.of(), Optional.of(pair));
    }
    return switch (String.valueOf(root.get("post_processor", Map.class).get("type"))) {
      case "TemplateProcessing" ->
          template(root.object("post_processor", "type", "single", "pair", "special_tokens"));
      case "BertProcessing" -> bert(root.object("post_processor", "type", "sep", "cls"));
      case "RobertaProcessing" -> {
        ExactObject roberta =
            root.object("post_processor", "type", "sep", "cls", "trim_offsets", "add_prefix_space");
        // both concern offsets in the text
        roberta.flag("trim_offsets");
        roberta.flag("add_prefix_space");
        yield roberta(roberta);
      }
      default -> throw new ExactObject.Unexpected();
    };
  }

  /// `[CLS] A [SEP] B [SEP]`; the second text and the token after it have type 1.
  private static SpecialTokens bert(ExactObject processor) {
    Special cls = named(processor.list("cls"));
    Special sep = named(processor.list("sep"));
    Special last = new Special(sep.id(), 1);
    Pair pair = new Pair(List.of(cls), 0, List.of(sep), 1, List.of(last), false);
    return new SpecialTokens(List.of(cls), 0, List.of(sep), Optional.of(pair));
  }

  /// `<s> A </s></s> B </s>`, all of type 0.
  private static SpecialTokens roberta(ExactObject processor) {
    Special cls = named(processor.list("cls"));
    Special sep = named(processor.list("sep"));
    Pair pair = new Pair(List.of(cls), 0, List.of(sep, sep), 0, List.of(sep), false);
    return new SpecialTokens(List.of(cls), 0, List.of(sep), Optional.of(pair));
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
    Optional<Pair> pair = pair(processor.list("pair"), known);
    List<Special> before = new ArrayList<>();
    List<Special> after = new ArrayList<>();
    int typeId = -1;
    for (Object piece : processor.list("single")) {
      if (isSequence(piece)) {
        ExactObject sequence = sequence(piece);
        sequence.expect("id", FIRST);
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
    return new SpecialTokens(before, typeId, after, pair);
  }

  /// Both texts once, in either order. Every piece is read, so that a file which the library would
  /// not read is not read here, either.
  private static Optional<Pair> pair(List<?> pieces, Map<?, ?> known) {
    List<List<Special>> groups = List.of(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
    boolean[] second = new boolean[2];
    int[] typeIds = new int[2];
    int texts = 0;
    for (Object piece : pieces) {
      if (isSequence(piece)) {
        ExactObject sequence = sequence(piece);
        boolean isSecond = isSecond(sequence);
        int typeId = sequence.count("type_id");
        if (texts < 2) {
          second[texts] = isSecond;
          typeIds[isSecond ? 1 : 0] = typeId;
        }
        texts++;
      } else {
        groups.get(Math.min(texts, 2)).addAll(specials(piece, known));
      }
    }
    if (texts != 2 || second[0] == second[1]) {
      return Optional.empty();
    }
    return Optional.of(
        new Pair(groups.get(0), typeIds[0], groups.get(1), typeIds[1], groups.get(2), second[0]));
  }

  private static boolean isSecond(ExactObject sequence) {
    String id = sequence.text("id");
    if (!id.equals(FIRST)) {
      sequence.expect("id", SECOND);
    }
    return !id.equals(FIRST);
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
