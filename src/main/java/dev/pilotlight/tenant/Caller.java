package dev.pilotlight.tenant;

import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/// The sender of a request, and what it may use.
///
/// @param tenant whose limits and usage the request counts for, such as `key:ada`
/// @param key the public id of the key; empty if no key identifies the caller
/// @param plan the tenant's plan; empty if it has none
/// @param generation how many times the tenant was deleted; 0 without keys
/// @param models the names that the repository has for the models it may use; null for all
/// @param routes the families of the routes it may use; null for all
public record Caller(
    String tenant,
    String key,
    String plan,
    long generation,
    @Nullable Set<String> models,
    @Nullable Set<String> routes) {

  /// A caller that no key identifies.
  public static Caller of(String tenant) {
    return new Caller(tenant, "", "", 0, null, null);
  }

  /// The owner of the caller's results, part of every result's key. A tenant's later generation
  /// finds nothing of an earlier one; the first has the tenant's name.
  public String owner() {
    return generation == 0 ? tenant : tenant + "#" + generation;
  }

  /// Whether it may use a model.
  ///
  /// @param model the name that the repository has for it
  public boolean mayUse(String model) {
    return models == null || models.contains(model);
  }

  /// The caller, limited to some of its models.
  ///
  /// @param names the only models it may use; null for all of its models
  public Caller limitedTo(@Nullable Set<String> names) {
    if (names == null) {
      return this;
    }
    Set<String> both = names.stream().filter(this::mayUse).collect(Collectors.toUnmodifiableSet());
    return new Caller(tenant, key, plan, generation, both, routes);
  }

  // written by hand: Java generates a record's methods on their first call
  @Override
  public String toString() {
    return tenant + " with key " + key;
  }
}
