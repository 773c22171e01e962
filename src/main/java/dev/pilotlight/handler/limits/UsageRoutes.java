package dev.pilotlight.handler.limits;

import dev.pilotlight.domain.Deadline;
import dev.pilotlight.domain.Refusal;
import dev.pilotlight.domain.Refusal.Reason;
import dev.pilotlight.domain.limits.UsageRow;
import dev.pilotlight.limits.Account;
import dev.pilotlight.limits.usage.Accounts;
import dev.pilotlight.protocol.http.HttpRequest;
import dev.pilotlight.protocol.http.HttpResponse;
import dev.pilotlight.protocol.http.Route;
import dev.pilotlight.protocol.usage.OrganizationPage;
import dev.pilotlight.protocol.usage.OrganizationQuery;
import dev.pilotlight.protocol.usage.UsagePage;
import dev.pilotlight.protocol.usage.UsageQuery;
import dev.pilotlight.store.StoreException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Answers the routes of usage.
public final class UsageRoutes {
  private UsageRoutes() {}

  /// Answers a request.
  ///
  /// @param account of its caller; null if nothing is counted
  /// @throws Refusal INVALID, naming a parameter; FORBIDDEN if only the operator may ask; NOT_FOUND
  ///   if nothing is counted
  public static HttpResponse answer(
      Route.Usage route, HttpRequest request, @Nullable Account account, Deadline deadline) {
    if (account == null) {
      throw Refusal.notFound(
          null, "usage is counted only where keys identify callers: PILOTLIGHT_AUTH=keys");
    }
    return switch (route) {
      case Route.OwnUsage() -> own(request, account, deadline);
      case Route.OrganizationUsage() -> organization(request, account, deadline);
    };
  }

  private static HttpResponse own(HttpRequest request, Account account, Deadline deadline) {
    Accounts accounts = account.accounts();
    UsageQuery query = UsageQuery.of(request, accounts.today());
    List<UsageRow> rows =
        reading(() -> accounts.rows(account.tenant(), query.first(), query.last(), deadline));
    return UsagePage.of(account.tenant(), account.plan(), query, rows);
  }

  private static HttpResponse organization(
      HttpRequest request, Account account, Deadline deadline) {
    if (!account.isOperator()) {
      throw Refusal.of(
          Reason.FORBIDDEN,
          "authorization",
          "only a key of the operator's tenant reads the usage of all tenants; yours: /v1/usage");
    }
    Accounts accounts = account.accounts();
    OrganizationQuery query = OrganizationQuery.of(request, accounts.today());
    List<UsageRow> rows =
        reading(
            () -> {
              List<UsageRow> all = new ArrayList<>();
              for (String tenant : tenants(accounts, query, deadline)) {
                all.addAll(accounts.rows(tenant, query.first(), query.last(), deadline));
              }
              return all;
            });
    return OrganizationPage.of(query, rows);
  }

  private static Set<String> tenants(
      Accounts accounts, OrganizationQuery query, Deadline deadline) {
    return query.projects().isEmpty()
        ? accounts.tenants(query.first(), query.last(), deadline)
        : query.projects();
  }

  private static List<UsageRow> reading(Supplier<List<UsageRow>> read) {
    try {
      return read.get();
    } catch (StoreException e) {
      throw Refusal.unavailable(
          "the table of clients could not be read; try again", Duration.ofSeconds(1), e);
    } catch (IllegalArgumentException e) {
      throw Refusal.broken("a row of usage in the table of clients cannot be read", e);
    }
  }
}
