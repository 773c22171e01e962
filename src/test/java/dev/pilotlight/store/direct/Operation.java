package dev.pilotlight.store.direct;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.ResultKey;
import dev.pilotlight.store.DynamoCalls;
import dev.pilotlight.store.Pointer;
import dev.pilotlight.store.PutOutcome;
import dev.pilotlight.store.TableItem;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The calls that are compared, with the answer to each that is a success.
enum Operation {
  GET {
    @Override
    String make(DynamoCalls calls, Deadline end) {
      return calls.get(ONE.key(), end).map(Operation::text).orElse("absent");
    }

    @Override
    String success() {
      return "{\"Item\":" + JSON + "}";
    }
  },
  GET_ALL {
    @Override
    String make(DynamoCalls calls, Deadline end) {
      return calls.getAll(List.of(ONE.key(), TWO.key()), end).stream()
          .map(Operation::text)
          .sorted()
          .toList()
          .toString();
    }

    @Override
    String success() {
      return "{\"Responses\":{\"results\":[" + JSON + "]},\"UnprocessedKeys\":{}}";
    }
  },
  PUT {
    @Override
    String make(DynamoCalls calls, Deadline end) {
      calls.put(ONE, end);
      return "put";
    }
  },
  PUT_IF_ABSENT {
    @Override
    String make(DynamoCalls calls, Deadline end) {
      PutOutcome outcome = calls.putIfAbsent(ONE, 1_700_000_000, end);
      TableItem existing = outcome.existing();
      return outcome.written() + " " + (existing == null ? "none" : text(existing));
    }
  },
  PUT_ALL {
    @Override
    String make(DynamoCalls calls, Deadline end) {
      calls.putAll(List.of(ONE, TWO), end);
      return "put all";
    }

    @Override
    String success() {
      return "{\"UnprocessedItems\":{}}";
    }
  },
  PUT_REFUSED {
    @Override
    String make(DynamoCalls calls, Deadline end) {
      calls.putRefused(ONE.key(), end);
      return "refused or written";
    }
  };

  static final TableItem ONE =
      new TableItem(
          new ResultKey("k%042d".formatted(1)),
          "tenant",
          "model",
          "1",
          1_700_000_000,
          1_700_086_400,
          "a value of some bytes".getBytes(UTF_8),
          null);
  static final TableItem TWO =
      new TableItem(
          new ResultKey("k%042d".formatted(2)),
          "ten\"ant\\",
          "mod\u00e9l \ud83d\ude00",
          "\u0001\n",
          1,
          2,
          null,
          new Pointer("results/x", 1 << 20, new byte[] {1, 2, 3}));

  static final String JSON = json(ONE);

  /// @throws RuntimeException as the call does
  abstract String make(DynamoCalls calls, Deadline end);

  String success() {
    return "{}";
  }

  static String json(TableItem item) {
    byte[] value = item.value();
    return """
        {"pk":{"S":"%s"},"tenant":{"S":"%s"},"model":{"S":"%s"},"version":{"S":"%s"},\
        "created":{"N":"%d"},"expires_at":{"N":"%d"},"value":{"B":"%s"}}"""
        .formatted(
            item.key(),
            item.tenant(),
            item.model(),
            item.version(),
            item.created(),
            item.expires(),
            Base64.getEncoder().encodeToString(value == null ? new byte[0] : value));
  }

  static String text(TableItem item) {
    Pointer pointer = item.pointer();
    return List.of(
            item.key(),
            item.tenant(),
            item.model(),
            item.version(),
            item.created(),
            item.expires(),
            hex(item.value()),
            pointer == null
                ? "no pointer"
                : pointer.key() + " " + pointer.bytes() + " " + hex(pointer.sha256()))
        .toString();
  }

  private static String hex(byte @Nullable [] bytes) {
    return bytes == null ? "none" : HexFormat.of().formatHex(bytes);
  }
}
