package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.use.Joins;
import dev.pilotlight.cli.audit.use.Utilisation;
import dev.pilotlight.cli.audit.use.Utilisation.Advice;
import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A resource of the bill for which an export has advice.
///
/// @param advice about one resource; the idle ones first, then those that save most
/// @param resources its keys in the bill, one for each service
/// @param cost all that the bill has about it in the month, in every service
/// @param net the part of the cost that ends with the resource, after discounts
record Advised(List<Advice> advice, Set<Resource.Key> resources, BigDecimal cost, BigDecimal net) {
  private static final int CENTS = 2;

  /// Those with a cost, the most expensive first.
  static List<Advised> of(Books books, Utilisation use) {
    Map<String, List<Advice>> advice = new LinkedHashMap<>();
    use.advice()
        .forEach(each -> advice.computeIfAbsent(each.resource(), _ -> new ArrayList<>()).add(each));
    Joins joins = new Joins(advice.keySet());
    Map<String, List<Resource>> found = new LinkedHashMap<>();
    if (!advice.isEmpty()) {
      for (Resource each : books.ledger().resources()) {
        Resource.Key key = each.key();
        if (key.identified()) {
          joins
              .find(key.account(), key.service(), key.id())
              .ifPresent(name -> found.computeIfAbsent(name, _ -> new ArrayList<>()).add(each));
        }
      }
    }
    List<Advised> all = new ArrayList<>();
    found.forEach(
        (name, resources) -> {
          Advised one = sum(books, advice.getOrDefault(name, List.of()), resources);
          if (one.cost.signum() > 0) {
            all.add(one);
          }
        });
    all.sort((one, other) -> other.cost.compareTo(one.cost));
    return all;
  }

  private static Advised sum(Books books, List<Advice> advice, List<Resource> resources) {
    List<Advice> best = new ArrayList<>(advice);
    best.sort(
        (one, other) ->
            one.idle() == other.idle()
                ? worth(other).compareTo(worth(one))
                : Boolean.compare(other.idle(), one.idle()));
    BigDecimal cost = BigDecimal.ZERO;
    BigDecimal net = BigDecimal.ZERO;
    Set<Resource.Key> keys = new LinkedHashSet<>();
    for (Resource resource : resources) {
      BigDecimal own = resource.cost(books.now());
      cost = cost.add(own);
      net = net.add(own.multiply(books.afterDiscounts(resource.key().service())));
      keys.add(resource.key());
    }
    return new Advised(best, keys, cost, net);
  }

  private static BigDecimal worth(Advice advice) {
    return advice.saving().orElse(BigDecimal.ZERO);
  }

  /// The best of several.
  Advice best() {
    return advice.getFirst();
  }

  boolean idle() {
    return best().idle();
  }

  /// The saving that the export promises, but no more than the resource costs.
  Optional<BigDecimal> saving() {
    return best()
        .saving()
        .map(value -> value.min(net).max(BigDecimal.ZERO).setScale(CENTS, RoundingMode.DOWN));
  }

  String effort() {
    return best().effort().isEmpty() ? "unknown" : best().effort();
  }

  /// The command of AWS that follows the advice.
  String command() {
    String id = best().id();
    if (id.matches("i-[0-9a-f]+")) {
      return switch (best().action()) {
        case "Stop" -> "aws ec2 stop-instances --instance-ids " + id;
        case "Delete" -> "aws ec2 terminate-instances --instance-ids " + id;
        default ->
            "aws ec2 modify-instance-attribute --instance-id " + id + " --instance-type TYPE";
      };
    }
    return id.matches("vol-[0-9a-f]+") && best().action().equals("Delete")
        ? "aws ec2 delete-volume --volume-id " + id
        : "aws cost-optimization-hub list-recommendations";
  }
}
