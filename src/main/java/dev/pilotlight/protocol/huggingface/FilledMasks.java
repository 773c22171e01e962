package dev.pilotlight.protocol.huggingface;

import dev.pilotlight.domain.Answer;
import dev.pilotlight.domain.Item;
import dev.pilotlight.domain.ModelInfo;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Result;
import dev.pilotlight.domain.task.ResultForm;
import dev.pilotlight.domain.task.ResultForm.FillMask;
import dev.pilotlight.domain.text.TokenCoder;
import dev.pilotlight.protocol.door.Bound;
import dev.pilotlight.protocol.door.MaskSequences;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.json.Text;
import dev.pilotlight.support.json.JsonBytes;
import java.nio.IntBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/// The task fill-mask: `[{"score", "token", "token_str", "sequence"},…]` for a text with one mask,
/// a list of these for a text with several. As transformers answers it, a list of one text is
/// answered as that text.
record FilledMasks(PipelineRequest asked, List<Item> items, FillMask form) implements Bound {
  private static final int OK = 200;
  private static final String SMALLER = "send fewer texts, or lower top_k";

  FilledMasks {
    items = List.copyOf(items);
  }

  /// @throws Refusal INVALID for a target that is not a token, and for too high a number of tokens
  static Bound of(PipelineRequest asked, ModelInfo model, List<Item> items, TokenCoder tokens) {
    int top = asked.parameters().top();
    String field = asked.parameters().path(ParameterReader.TOP);
    if (top > FillMask.TOP_MAX) {
      throw Refusal.invalid(
          field, "%s is %d; accepted: 1 to %d".formatted(field, top, FillMask.TOP_MAX));
    }
    FillMask form = new FillMask(top == 0 ? FillMask.TOP_DEFAULT : top, targets(asked, tokens));
    MaskSequences.require(model, items, form, field, SMALLER);
    return new FilledMasks(asked, Item.InForm.all(items, form), form);
  }

  private static List<Integer> targets(PipelineRequest asked, TokenCoder tokens) {
    List<String> names = asked.parameters().targets();
    if (names.isEmpty()) {
      return List.of();
    }
    String field = asked.parameters().path(ParameterReader.TARGETS);
    OptionalInt[] ids = tokens.tokenIds(names);
    List<Integer> targets = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      if (ids[i].isEmpty()) {
        throw Refusal.invalid(
            field,
            "%s has \"%s\", which is not one token of the model; accepted: tokens of its vocabulary"
                .formatted(field, Text.shorten(names.get(i))));
      }
      targets.add(ids[i].getAsInt());
    }
    return targets;
  }

  @Override
  public String field(int index) {
    return asked.field(index);
  }

  @Override
  public boolean recomputes() {
    return asked.recomputes();
  }

  @Override
  public long answerBytesMin() {
    return (long) MaskSequences.LEAST * form.count();
  }

  @Override
  public HttpResponse response(List<Answer> answers) {
    JsonBytes json = new JsonBytes();
    boolean listed = answers.size() > 1;
    if (listed) {
      json.array();
    }
    for (int i = 0; i < answers.size(); i++) {
      write(json, answers.get(i).result());
      if (json.length() > MaskSequences.BYTES_MAX) {
        String what = "the answer up to here has %d bytes".formatted(json.length());
        throw MaskSequences.tooLarge(field(i), what, SMALLER);
      }
    }
    if (listed) {
      json.endArray();
    }
    return asked.name(HttpResponse.json(OK, json.toByteArray()));
  }

  private static void write(JsonBytes json, Result result) {
    long[] shape = result.output(ResultForm.TOKENS).shape();
    int masks = Math.toIntExact(shape[0]);
    int count = Math.toIntExact(shape[1]);
    IntBuffer tokens = result.output(ResultForm.TOKENS).buffer().asIntBuffer();
    float[] scores = result.output(ResultForm.SCORES).floats();
    List<byte[]> strings = result.output(ResultForm.STRINGS).bytes();
    List<byte[]> sequences = result.output(ResultForm.SEQUENCES).bytes();
    if (masks > 1) {
      json.array();
    }
    for (int mask = 0; mask < masks; mask++) {
      json.array();
      for (int i = mask * count; i < (mask + 1) * count; i++) {
        json.object().name("score").literal(Float.toString(scores[i]));
        json.field("token", tokens.get(i)).name("token_str").string(strings.get(i));
        json.name("sequence").string(sequences.get(i)).endObject();
      }
      json.endArray();
    }
    if (masks > 1) {
      json.endArray();
    }
  }
}
