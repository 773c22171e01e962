package dev.pilotlight.cli.audit;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Savings of resources for which no export has advice: the advice saves there. All are net of the
/// account's discounts.
final class Saving {
  private static final int CENTS = 2;

  private final Books books;
  private final Set<Resource.Key> advised = new HashSet<>();

  Saving(Books books, List<Advised> advised) {
    this.books = books;
    advised.forEach(each -> this.advised.addAll(each.resources()));
  }

  /// The part of the billed cost by which another price of the same region is lower. Regions
  /// without a price file save nothing.
  Optional<BigDecimal> of(Role role, Prices.Item from, Prices.Item to, double share) {
    BigDecimal saving = BigDecimal.ZERO;
    for (var region : byRegion(role).entrySet()) {
      Optional<Prices> prices = Prices.of(region.getKey());
      Optional<BigDecimal> dear = prices.flatMap(file -> file.of(from));
      Optional<BigDecimal> cheap = prices.flatMap(file -> file.of(to));
      if (dear.isPresent() && cheap.isPresent()) {
        BigDecimal part =
            dear.get().subtract(cheap.get()).divide(dear.get(), MathContext.DECIMAL64);
        saving = saving.add(region.getValue().multiply(part).multiply(BigDecimal.valueOf(share)));
      }
    }
    return saving.signum() > 0
        ? Optional.of(saving.setScale(CENTS, RoundingMode.DOWN))
        : Optional.empty();
  }

  /// The whole cost of a role.
  BigDecimal all(Role role) {
    return sum(byRegion(role));
  }

  /// The whole cost of a role in some regions.
  BigDecimal all(Role role, Set<String> regions) {
    Map<String, BigDecimal> costs = byRegion(role);
    costs.keySet().retainAll(regions);
    return sum(costs);
  }

  private static BigDecimal sum(Map<String, BigDecimal> costs) {
    return costs.values().stream()
        .reduce(BigDecimal.ZERO, BigDecimal::add)
        .setScale(CENTS, RoundingMode.DOWN);
  }

  private Map<String, BigDecimal> byRegion(Role role) {
    Map<String, BigDecimal> costs = new HashMap<>();
    for (Resource resource : books.ledger().resources()) {
      if (!advised.contains(resource.key())) {
        BigDecimal left = books.afterDiscounts(resource.key().service());
        for (Resource.Part part : resource.parts()) {
          if (part.role() == role) {
            BigDecimal net = part.tally().cost(books.now()).multiply(left);
            costs.merge(part.region(), net, BigDecimal::add);
          }
        }
      }
    }
    return costs;
  }

  /// Whether no resource of a role has advice.
  boolean covers(Role role) {
    return books.ledger().resources().stream()
        .filter(resource -> resource.quantity(role, books.now()) > 0)
        .noneMatch(resource -> advised.contains(resource.key()));
  }

  /// A sentence on where a price is from.
  static String source(Prices.Item item) {
    return Prices.of("us-east-1")
        .map(prices -> " Price of us-east-1: " + prices.source(item) + ".")
        .orElse("");
  }
}
