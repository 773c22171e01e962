package dev.pilotlight.suite.leaks;

import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// The texts of all objects of our classes that an object leads to, through fields, collections,
/// maps, arrays and optionals.
public final class Reachable {
  private static final String OURS = "dev.pilotlight.";

  private final Set<Object> seen = Collections.newSetFromMap(new IdentityHashMap<>());
  private final Deque<Object> next = new ArrayDeque<>();
  private final List<String> texts = new ArrayList<>();

  private Reachable() {}

  /// Calls `toString` of each.
  public static List<String> texts(Object root) {
    Reachable walk = new Reachable();
    walk.add(root);
    while (!walk.next.isEmpty()) {
      walk.visit(walk.next.pop());
    }
    return walk.texts;
  }

  private void add(@Nullable Object object) {
    if (object != null && seen.add(object)) {
      next.push(object);
    }
  }

  private void visit(Object object) {
    switch (object) {
      case Object[] array -> {
        for (Object each : array) {
          add(each);
        }
      }
      case Map<?, ?> map -> new ArrayList<>(map.entrySet()).forEach(this::addBoth);
      case Collection<?> all -> new ArrayList<Object>(all).forEach(this::add);
      case Optional<?> optional -> optional.ifPresent(this::add);
      default -> {
        if (object.getClass().getName().startsWith(OURS)) {
          texts.add(object.toString());
          addFields(object);
        }
      }
    }
  }

  private void addBoth(Map.Entry<?, ?> entry) {
    add(entry.getKey());
    add(entry.getValue());
  }

  private void addFields(Object object) {
    for (Class<?> type = object.getClass(); type != null; type = type.getSuperclass()) {
      for (Field field : type.getDeclaredFields()) {
        boolean ours = type.getName().startsWith(OURS);
        if (ours && !field.getType().isPrimitive() && !Modifier.isStatic(field.getModifiers())) {
          field.setAccessible(true);
          try {
            add(field.get(object));
          } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
          }
        }
      }
    }
  }
}
