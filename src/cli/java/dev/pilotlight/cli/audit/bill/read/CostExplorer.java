package dev.pilotlight.cli.audit.bill.read;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.bill.BillFile;
import dev.pilotlight.cli.audit.bill.Charge;
import dev.pilotlight.cli.audit.bill.Kind;
import dev.pilotlight.cli.audit.bill.Payment;
import dev.pilotlight.cli.audit.bill.Tagging;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.time.DateTimeException;
import java.time.LocalDate;
import java.time.YearMonth;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/// Reads Cost Explorer's CSV: a column for each service, a line for each day or month.
final class CostExplorer {
  private static final String TOTAL = "Total costs";
  private static final Set<String> SERVICE = Set.of("Service", "Services");
  private static final BigDecimal CENT = new BigDecimal("0.01");

  private final BillFile file;
  private final Run run;

  CostExplorer(BillFile file, Run run) {
    this.file = file;
    this.run = run;
  }

  /// Whether every column but the first ends with a currency, such as `EC2-Instances($)`.
  static boolean isHeader(List<String> names) {
    return names.size() > 1
        && names.subList(1, names.size()).stream().noneMatch(name -> symbol(name).isEmpty());
  }

  private static String symbol(String name) {
    int open = name.lastIndexOf('(');
    String symbol =
        open > 0 && name.endsWith(")") ? name.substring(open + 1, name.length() - 1).strip() : "";
    boolean code = symbol.length() == 3 && symbol.equals(symbol.toUpperCase(Locale.ROOT));
    return code || Set.of("$", "€", "£", "¥").contains(symbol) ? symbol : "";
  }

  void read(Text text) throws IOException {
    List<CsvRecord> records = new ArrayList<>();
    try (CsvReader<CsvRecord> reader =
        CsvReader.builder()
            .fieldSeparator(text.separator())
            .detectBomHeader(false)
            .ofCsvRecord(text.reader())) {
      reader.forEach(records::add);
    } catch (CsvParseException | UncheckedIOException e) {
      long line = records.isEmpty() ? 1 : records.getLast().getStartingLineNumber();
      throw new BillException(
          file.at(line)
              + ": after this line: "
              + (e.getCause() == null ? e.getMessage() : e.getCause().getMessage())
              + "; accepted: Cost Explorer's CSV as it was downloaded",
          e);
    }
    List<String> names = records.getFirst().getFields().stream().map(String::strip).toList();
    checkGrouping(names.getFirst());
    String currency = currency(names);
    List<CsvRecord> rows = records.subList(1, records.size());
    List<CsvRecord> days = days(rows);
    LocaleNumbers numbers = LocaleNumbers.of(file, names, rows);
    boolean monthly =
        days.stream().allMatch(day -> date(day).getDayOfMonth() == 1)
            && days.stream().map(CostExplorer::date).distinct().count() == days.size();
    run.notes.add(
        file.name()
            + ": Cost Explorer's CSV names no metric; assumed: unblended costs, so commitments are"
            + " not amortised, and there are no accounts, resources or usage types");
    for (CsvRecord day : days) {
      take(day, names, numbers, currency, monthly);
    }
    if (rows.size() > days.size()) {
      checkTotals(rows.getFirst(), days, names, numbers);
    }
  }

  private void checkGrouping(String dimension) {
    if (!SERVICE.contains(dimension)) {
      throw new BillException(
          file.at(1)
              + ": column 1 is '"
              + dimension
              + "'; accepted: Service, the name in English when grouped by service");
    }
  }

  private String currency(List<String> names) {
    String symbol = symbol(names.get(1));
    for (String name : names.subList(1, names.size())) {
      if (!symbol(name).equals(symbol)) {
        throw new BillException(
            file.at(1) + ": column " + name + " has another currency; accepted: one currency");
      }
    }
    String code =
        switch (symbol) {
          case "$" -> "USD";
          case "€" -> "EUR";
          case "£" -> "GBP";
          case "¥" ->
              throw new BillException(
                  file.at(1) + ": ¥ may be yen or yuan; accepted: a code such as (JPY) or (CNY)");
          default -> symbol;
        };
    if (symbol.equals("$")) {
      run.notes.add(file.name() + ": $ is taken for USD");
    }
    return run.currencies.of(code, file.at(1));
  }

  /// The lines without the total, which may only be the first.
  private List<CsvRecord> days(List<CsvRecord> records) {
    List<CsvRecord> days = new ArrayList<>();
    for (CsvRecord row : records) {
      String first = row.getField(0).strip();
      if (days.isEmpty() && first.endsWith("total")) {
        continue;
      }
      try {
        var _ = date(row);
      } catch (DateTimeException e) {
        throw new BillException(
            file.at(row.getStartingLineNumber())
                + ": column 1 is '"
                + first
                + "'; accepted: a date such as 2023-11-01",
            e);
      }
      days.add(row);
    }
    return days;
  }

  private static LocalDate date(CsvRecord row) {
    return LocalDate.parse(row.getField(0).strip().replace('/', '-'));
  }

  private void take(
      CsvRecord row, List<String> names, LocaleNumbers numbers, String currency, boolean monthly) {
    LocalDate date = date(row);
    BigDecimal sum = BigDecimal.ZERO;
    for (int i = 1; i < names.size(); i++) {
      String service = names.get(i).substring(0, names.get(i).lastIndexOf('('));
      BigDecimal cost = numbers.value(row, i);
      if (service.equals(TOTAL)) {
        checkTotal(row, cost, sum);
      } else if (!row.getField(i).isBlank()) {
        sum = sum.add(cost);
        run.serviceDays.add(
            service, date, monthly ? date.lengthOfMonth() : 1, file, row.getStartingLineNumber());
        run.take(charge(row, service, date, Decimals.money(cost), currency, monthly));
      }
    }
    run.show();
  }

  private void checkTotal(CsvRecord row, BigDecimal total, BigDecimal sum) {
    if (total.subtract(sum).abs().compareTo(CENT) > 0) {
      throw new BillException(
          file.at(row.getStartingLineNumber())
              + ": column Total costs is "
              + total.toPlainString()
              + ", but the services sum to "
              + sum.toPlainString()
              + "; accepted: Cost Explorer's CSV as it was downloaded");
    }
  }

  /// Refuses the file if its days are not all that its first line sums.
  private void checkTotals(
      CsvRecord totals, List<CsvRecord> days, List<String> names, LocaleNumbers numbers) {
    BigDecimal rounding = CENT.multiply(BigDecimal.valueOf(Math.max(1, days.size())));
    for (int i = 1; i < names.size(); i++) {
      BigDecimal total = numbers.value(totals, i);
      BigDecimal sum = BigDecimal.ZERO;
      for (CsvRecord day : days) {
        sum = sum.add(numbers.value(day, i));
      }
      if (total.subtract(sum).abs().compareTo(rounding) > 0) {
        throw new BillException(
            file.at(totals.getStartingLineNumber())
                + ": column "
                + names.get(i)
                + " is "
                + total.toPlainString()
                + ", but the lines below sum to "
                + sum.toPlainString()
                + "; accepted: the whole file as it was downloaded");
      }
    }
  }

  private Charge charge(
      CsvRecord row, String service, LocalDate date, long cost, String currency, boolean monthly) {
    Kind kind =
        switch (service) {
          case "Tax" -> Kind.TAX;
          case "Refund" -> Kind.REFUND;
          case "Credit", "Credits" -> Kind.CREDIT;
          default -> service.startsWith("Support") ? Kind.SUPPORT : Kind.USAGE;
        };
    return new Charge(
        file,
        row.getStartingLineNumber(),
        YearMonth.from(date),
        Math.toIntExact(date.toEpochDay() * 24),
        24 * (monthly ? date.lengthOfMonth() : 1),
        "",
        service,
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        "",
        0,
        cost,
        0,
        false,
        currency,
        kind,
        Payment.UNKNOWN,
        Tagging.UNKNOWN,
        "");
  }
}
