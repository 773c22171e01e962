package dev.pilotlight.cli.tune;

import dev.pilotlight.cli.replay.RecordedRequest;
import dev.pilotlight.support.json.JsonBytes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.StringJoiner;

/// Makes the requests of a workload: by weights with new texts, or from recorded traffic.
final class Requests {
  private static final String[] WORDS =
      """
      a about after air all also always animal answer around ask back before between big bird blue
      boat body book both box boy bring brother build car carry change child city clear close cold
      color come country cut day door down draw dry each early earth east eat end even every eye
      """
          .strip()
          .split("\\s+", -1);

  private static final int SHORT_WORDS = 9;
  private static final int LONG_WORDS = 120;
  private static final int MANY_TEXTS = 16;
  private static final int NUMBER_WORDS = 4;
  private static final int WARM_UP = 10;
  private static final int CHECKS = 20;

  /// Long and many take more time: fewer of them are enough.
  private static final Map<String, Integer> DIVISORS = Map.of("long", 2, "many", 5);

  private final String model;
  private final boolean embeddings;
  private int count;

  /// @param embeddings whether the model embeds; else the infer route is asked
  Requests(String model, boolean embeddings) {
    this.model = model;
    this.embeddings = embeddings;
  }

  /// Makes requests of each kind that has a weight.
  ///
  /// @param requests of a kind that are measured
  static Workload weighted(
      String model, boolean embeddings, Map<String, Double> weights, int requests) {
    Requests make = new Requests(model, embeddings);
    Workload.Call first = make.call("short");
    Workload.Call known = new Workload.Call(Workload.HIT, first.event());
    List<Workload.Call> checks = new ArrayList<>(List.of(known));
    List<Workload.Call> warmUp = new ArrayList<>();
    List<Workload.Call> measured = new ArrayList<>();
    Map<String, Double> ordered = new LinkedHashMap<>();
    for (String kind : Weights.KINDS) {
      Double weight = weights.get(kind);
      if (weight == null) {
        continue;
      }
      ordered.put(kind, weight);
      boolean hit = kind.equals(Workload.HIT);
      if (!hit) {
        checks.add(make.call(kind));
      }
      int wanted = Math.max(1, requests / DIVISORS.getOrDefault(kind, 1));
      for (int i = 0; i < Math.min(WARM_UP, wanted); i++) {
        warmUp.add(hit ? known : make.call(kind));
      }
      for (int i = 0; i < wanted; i++) {
        measured.add(hit ? known : make.call(kind));
      }
    }
    String origin =
        ("Requests with new texts of about %d words (short), %d words (long), and %d short ones"
                + " (many); a hit is found in memory.")
            .formatted(SHORT_WORDS, LONG_WORDS, MANY_TEXTS);
    return new Workload(first, checks, warmUp, measured, ordered, origin);
  }

  /// Sends recorded requests in their order. The first one starts the environment, and is not
  /// measured.
  ///
  /// @param recorded at least two
  /// @param requests that are measured
  static Workload recorded(String file, List<RecordedRequest> recorded, int requests) {
    List<Workload.Call> calls =
        recorded.stream().limit(requests + 1L).map(request -> recorded(file, request)).toList();
    String origin =
        ("Requests of %s, in its order, to a new environment: the first starts it, the next %d are"
                + " measured. A hit is a repeat of an earlier one.")
            .formatted(file, calls.size() - 1);
    return new Workload(
        calls.getFirst(),
        calls.subList(0, Math.min(CHECKS, calls.size())),
        List.of(),
        calls.subList(1, calls.size()),
        Map.of(),
        origin);
  }

  /// There is no store here, and without one an idempotency key is refused.
  private static Workload.Call recorded(String file, RecordedRequest request) {
    Map<String, String> headers = new HashMap<>(request.headers());
    var _ = headers.remove("idempotency-key");
    String origin = "%s, line %d (%s)".formatted(file, request.line(), request.method());
    RecordedRequest sent =
        new RecordedRequest(
            request.line(), request.method(), request.path(), headers, request.body());
    return new Workload.Call(Workload.BY_ANSWER, origin, GatewayEvent.of(sent));
  }

  /// A request of a kind whose texts no earlier one had.
  Workload.Call call(String kind) {
    List<String> texts = new ArrayList<>();
    int wanted = kind.equals("many") ? MANY_TEXTS : 1;
    for (int i = 0; i < wanted; i++) {
      texts.add(text(kind.equals("long") ? LONG_WORDS : SHORT_WORDS));
    }
    return new Workload.Call(kind, GatewayEvent.of(request(texts)));
  }

  private String text(int words) {
    int number = count++;
    StringJoiner text = new StringJoiner(" ");
    for (int place = 0; place < words; place++) {
      int word = place < NUMBER_WORDS ? number : 7 * place;
      text.add(WORDS[word % WORDS.length]);
      number = place < NUMBER_WORDS ? number / WORDS.length : number;
    }
    return text.toString();
  }

  private RecordedRequest request(List<String> texts) {
    JsonBytes json = new JsonBytes().object();
    if (embeddings) {
      json.field("model", model).field("encoding_format", "base64").strings("input", texts);
    } else {
      json.name("inputs").array().object();
      json.field("name", "text")
          .field("datatype", "BYTES")
          .name("shape")
          .array()
          .number(texts.size())
          .endArray()
          .strings("data", texts)
          .endObject()
          .endArray();
    }
    String path = embeddings ? "/v1/embeddings" : "/v2/models/" + model + "/infer";
    return new RecordedRequest(0, "POST", path, Map.of(), json.endObject().toByteArray());
  }
}
