package dev.pilotlight.batch;

import java.util.ArrayList;
import java.util.List;

/// All orders of a few things.
public final class Permutations {
  private Permutations() {}

  public static <T> List<List<T>> of(List<T> things) {
    if (things.isEmpty()) {
      return List.of(List.of());
    }
    List<List<T>> all = new ArrayList<>();
    for (int i = 0; i < things.size(); i++) {
      List<T> rest = new ArrayList<>(things);
      T first = rest.remove(i);
      for (List<T> order : of(rest)) {
        List<T> one = new ArrayList<>(List.of(first));
        one.addAll(order);
        all.add(one);
      }
    }
    return all;
  }
}
