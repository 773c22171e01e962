package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.use.Utilisation;
import dev.pilotlight.cli.audit.use.Utilisation.Advice;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// A resource of the bill that an export calls idle.
///
/// @param cost all that the bill has about it in the month
record Idle(Advice advice, BigDecimal cost, Source source) {

  static List<Idle> of(Books books, Utilisation use) {
    Map<String, Advice> advice = new HashMap<>();
    use.advice().stream().filter(Advice::idle).forEach(each -> advice.put(each.resource(), each));
    List<Idle> idle = new ArrayList<>();
    if (advice.isEmpty()) {
      return idle;
    }
    for (Resource resource : books.ledger().resources()) {
      Advice found = advice.get(Utilisation.id(resource.key().id()));
      if (found != null && resource.cost(books.now()).signum() > 0) {
        Filter filter = books.filter().and("resource", resource.key().id());
        Amount amount = books.amount(resource.all(), filter);
        idle.add(new Idle(found, amount.cost(), amount.source()));
      }
    }
    idle.sort((one, other) -> other.cost.compareTo(one.cost));
    return idle;
  }
}
