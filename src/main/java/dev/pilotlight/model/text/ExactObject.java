package dev.pilotlight.model.text;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A JSON object that must have exactly the expected keys, with values of the expected types.
///
/// All methods throw [Unexpected] if it does not.
record ExactObject(Map<?, ?> map) {
  /// The JSON has another form.
  static final class Unexpected extends RuntimeException {
    private static final long serialVersionUID = 1;

    Unexpected() {
      super("unexpected JSON", null, false, false);
    }
  }

  static ExactObject of(@Nullable Object value, String... keys) {
    if (value instanceof Map<?, ?> map && map.keySet().equals(Set.of(keys))) {
      return new ExactObject(map);
    }
    throw new Unexpected();
  }

  ExactObject object(String key, String... keys) {
    return of(map.get(key), keys);
  }

  boolean isNull(String key) {
    return map.get(key) == null;
  }

  String text(String key) {
    return get(key, String.class);
  }

  boolean flag(String key) {
    return get(key, Boolean.class);
  }

  List<?> list(String key) {
    return get(key, List.class);
  }

  /// A whole number from 0 on.
  int count(String key) {
    return count(map.get(key));
  }

  static int count(@Nullable Object value) {
    if (value instanceof Long number && number >= 0 && number <= Integer.MAX_VALUE) {
      return number.intValue();
    }
    throw new Unexpected();
  }

  void expect(String key, Object value) {
    if (!value.equals(map.get(key))) {
      throw new Unexpected();
    }
  }

  <T> T get(String key, Class<T> type) {
    Object value = map.get(key);
    if (type.isInstance(value)) {
      return type.cast(value);
    }
    throw new Unexpected();
  }
}
