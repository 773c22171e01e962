package dev.pilotlight.cli.audit;

import dev.pilotlight.cli.audit.bill.Kind;
import dev.pilotlight.cli.audit.score.Percent;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Predicate;
import java.util.stream.Stream;

/// The rules that find storage, network, commitments and leftovers in a month.
final class Findings {
  static final String GP2 = "disks-gp2";
  static final String ADDRESSES = "addresses-idle";
  static final String SNAPSHOTS = "snapshots-kept";
  static final String SAME_SIZE = "same-size";
  static final String NAT = "nat";
  static final String TRANSFER = "transfer";
  static final String UNUSED = "commitments-unused";
  static final String NIGHTS = "nights-weekends";

  private static final double SAME = 1.5;
  private static final double SLOW_GB = 170;
  private static final Set<Role> DISKS = Set.of(Role.DISK_GP2, Role.DISK_GP3, Role.DISK_OTHER);
  private static final Set<Role> OBJECTS =
      Set.of(Role.OBJECTS_STANDARD, Role.OBJECTS_TIERED, Role.OBJECTS_OTHER);

  private final Books books;
  private final Assumptions assumptions;
  private final Saving savings;
  private final List<Finding> findings = new ArrayList<>();

  private Findings(Books books, Assumptions assumptions, List<Advised> advised) {
    this.books = books;
    this.savings = new Saving(books, advised);
    this.assumptions = assumptions;
  }

  /// @param advised resources for which an export has advice, so that no rule saves them again
  static List<Finding> of(Books books, Assumptions assumptions, List<Advised> advised) {
    Findings rules = new Findings(books, assumptions, advised);
    rules.gp2();
    rules.standard();
    rules.addresses();
    rules.snapshots();
    rules.sameSize();
    rules.network();
    rules.unused();
    rules.nights();
    return rules.findings;
  }

  private Amount amount(Role role) {
    return books.amount(meter -> meter.role() == role, books.filter().and("role = '" + role + "'"));
  }

  private void gp2() {
    Amount all = amount(Role.DISK_GP2);
    if (all.cost().signum() <= 0) {
      return;
    }
    Optional<BigDecimal> saving =
        savings.of(Role.DISK_GP2, Prices.Item.GP2_GB_MONTH, Prices.Item.GP3_GB_MONTH, 1);
    findings.add(
        new Finding(
            GP2,
            "Disks of type gp2",
            gb(all)
                + " of gp2. gp3 has 3,000 IOPS and 125 MB/s. gp2 has up to 250 MB/s from 171 GB,"
                + " and over 3,000 IOPS above 1,000 GB: who needs that pays extra, which reduces"
                + " the saving."
                + (savings.covers(Role.DISK_GP2)
                    ? ""
                    : " Disks with advice of an export save there.")
                + (saving.isPresent() ? Saving.source(Prices.Item.GP3_GB_MONTH) : ""),
            all,
            saving,
            false));
  }

  /// Counts the gp2 disks. A bill has GB-months in place of sizes.
  ///
  /// @param fast those of over 170 GB, which have a higher throughput than gp3 has by itself; at
  ///   least so many, because a disk may be younger than the month
  /// @param all empty if some have no id or no quantity
  record Disks(long fast, OptionalLong all) {
    static Disks of(Books books) {
      int now = books.now();
      double part = books.ledger().coveredHours(now) / books.ledger().wholeHours(now);
      List<Resource> disks =
          books.ledger().resources().stream()
              .filter(
                  resource ->
                      resource.quantity(Role.DISK_GP2, now) > 0
                          || resource.cost(Role.DISK_GP2, now).signum() > 0)
              .toList();
      List<Resource> known =
          disks.stream()
              .filter(disk -> disk.key().identified() && disk.quantity(Role.DISK_GP2, now) > 0)
              .toList();
      long fast =
          known.stream().filter(disk -> disk.quantity(Role.DISK_GP2, now) > SLOW_GB * part).count();
      boolean all = !disks.isEmpty() && known.size() == disks.size();
      return new Disks(fast, all ? OptionalLong.of(disks.size()) : OptionalLong.empty());
    }
  }

  private void standard() {
    Amount all = amount(Role.OBJECTS_STANDARD);
    if (all.quantity() < Measures.TERABYTE_GB) {
      return;
    }
    double cold = assumptions.coldShare();
    if (cold > 0) {
      Optional<BigDecimal> saving =
          savings.of(
              Role.OBJECTS_STANDARD,
              Prices.Item.S3_STANDARD_GB_MONTH,
              Prices.Item.S3_INFREQUENT_GB_MONTH,
              cold);
      findings.add(
          new Finding(
              Finding.STANDARD,
              "Objects in S3 Standard",
              gb(all)
                  + " in S3 Standard, of which %s are assumed unread for 30 days (--cold-share)."
                      .formatted(Percent.of(cold))
                  + " The fee of Intelligent-Tiering for each object is not in the saving."
                  + (saving.isPresent() ? Saving.source(Prices.Item.S3_INFREQUENT_GB_MONTH) : ""),
              all,
              saving,
              false));
    } else {
      findings.add(
          Finding.question(
              Finding.STANDARD,
              "Objects in S3 Standard",
              gb(all)
                  + " in S3 Standard. How much of it is read in 30 days? A bill does not show it;"
                  + " state the rest with --cold-share.",
              all));
    }
  }

  private void addresses() {
    Tally idle = books.sum(meter -> meter.role() == Role.IDLE_ADDRESS);
    if (months(idle) < 2) {
      return;
    }
    Amount all = amount(Role.IDLE_ADDRESS);
    findings.add(
        new Finding(
            ADDRESSES,
            "Idle public addresses",
            "%.0f hours of addresses without a machine, in %d months."
                .formatted(all.quantity(), months(idle)),
            all,
            Optional.of(savings.all(Role.IDLE_ADDRESS)),
            false));
  }

  /// The months up to the report's with a cost, counted back from it.
  private int months(Tally tally) {
    int count = 0;
    List<BigDecimal> costs = books.byMonth(tally);
    for (int i = costs.size() - 1; i >= 0 && costs.get(i).signum() > 0; i--) {
      count++;
    }
    return count;
  }

  private void snapshots() {
    Tally kept = books.sum(meter -> meter.role() == Role.SNAPSHOT);
    List<BigDecimal> costs = books.byMonth(kept);
    if (months(kept) < 3) {
      return;
    }
    BigDecimal last = costs.getLast();
    if (last.compareTo(costs.get(costs.size() - 2)) >= 0
        && costs.get(costs.size() - 2).compareTo(costs.get(costs.size() - 3)) >= 0) {
      findings.add(
          Finding.question(
              SNAPSHOTS,
              "Snapshots that never shrink",
              "Snapshots cost at least as much each month for %d months. Who deletes old ones?"
                  .formatted(months(kept)),
              amount(Role.SNAPSHOT)));
    }
  }

  private void sameSize() {
    record Store(String name, double gb) {}
    Predicate<Meter> stored =
        meter ->
            DISKS.contains(meter.role())
                || OBJECTS.contains(meter.role())
                || meter.role() == Role.DATABASE_DISK;
    List<Store> large =
        Stream.of(
                new Store("S3", quantity(meter -> OBJECTS.contains(meter.role()))),
                new Store("EBS", quantity(meter -> DISKS.contains(meter.role()))),
                new Store("RDS", quantity(meter -> meter.role() == Role.DATABASE_DISK)))
            .filter(store -> store.gb >= Measures.TERABYTE_GB)
            .toList();
    double least = large.stream().mapToDouble(Store::gb).min().orElse(0);
    double most = large.stream().mapToDouble(Store::gb).max().orElse(0);
    if (large.size() >= 2 && most <= SAME * least) {
      String sizes =
          String.join(
              ", ",
              large.stream()
                  .map(store -> String.format(Locale.ROOT, "%s %,.0f GB", store.name, store.gb))
                  .toList());
      findings.add(
          Finding.question(
              SAME_SIZE,
              "Stores of the same size",
              sizes + ". Is it the same data, kept more than once? Sizes alone do not show it.",
              books.amount(
                  stored,
                  books
                      .filter()
                      .and(
                          "role in ('OBJECTS_STANDARD', 'OBJECTS_TIERED', 'OBJECTS_OTHER',"
                              + " 'DISK_GP2', 'DISK_GP3', 'DISK_OTHER', 'DATABASE_DISK')"))));
    }
  }

  private double quantity(Predicate<Meter> which) {
    return books.sum(which).quantity(books.now());
  }

  private void network() {
    Set<Role> roles = Set.of(Role.NAT_HOURS, Role.NAT_BYTES);
    Amount nat =
        books.amount(
            meter -> roles.contains(meter.role()),
            books.filter().and("role in ('NAT_HOURS', 'NAT_BYTES')"));
    if (nat.cost().signum() > 0) {
      findings.add(
          Finding.question(
              NAT,
              "NAT gateways",
              "How much of the traffic goes to S3 and DynamoDB? Gateway endpoints carry that for"
                  + " nothing; a bill does not show the destination.",
              nat));
    }
    Amount transfer = amount(Role.TRANSFER);
    if (transfer.cost().signum() > 0) {
      findings.add(
          Finding.fact(
              TRANSFER, "Data transfer", "Between zones, regions and to the internet.", transfer));
    }
  }

  private void unused() {
    Amount unused =
        books.amount(
            meter -> meter.kind() == Kind.UNUSED_COMMITMENT,
            books.filter().and("kind = 'UNUSED_COMMITMENT'"));
    if (unused.cost().signum() > 0) {
      findings.add(
          Finding.fact(
              UNUSED,
              "Unused commitments",
              "Paid for reservations or Savings Plans that nothing used. They cannot be returned:"
                  + " move load under them, and let them end.",
              unused));
    }
  }

  private void nights() {
    if (!books.ledger().span(books.now()).hourly()) {
      return;
    }
    Filter filter =
        books.filter().and("role in ('MACHINE', 'ENDPOINT') and hour outside working hours");
    Amount off =
        books.sum(meter -> meter.role().serves()).nightsAndWeekends(books.now(), filter.text());
    if (off.cost().signum() > 0) {
      findings.add(
          Finding.question(
              NIGHTS,
              "Machines at night and on weekends",
              "The cost outside %s. Which of them does nobody need then?"
                  .formatted(assumptions.hours()),
              off));
    }
  }

  private static String gb(Amount amount) {
    return String.format(Locale.ROOT, "%,.0f GB-months", amount.quantity());
  }
}
