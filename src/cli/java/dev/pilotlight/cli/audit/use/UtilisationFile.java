package dev.pilotlight.cli.audit.use;

import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import dev.pilotlight.cli.audit.bill.BillException;
import dev.pilotlight.cli.audit.use.Utilisation.Advice;
import dev.pilotlight.cli.audit.use.Utilisation.Cpu;
import dev.pilotlight.cli.audit.use.Utilisation.Export;
import java.io.IOException;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads one export with a header: Compute Optimizer's, Cost Optimization Hub's, or a table of
/// CloudWatch's averages.
public final class UtilisationFile {
  private static final int PERCENT_MAX = 100;
  private static final List<String> IDS =
      List.of("instancearn", "resourcearn", "resourceid", "instanceid", "resource", "id");
  private static final List<String> AVERAGES =
      List.of(
          "utilizationmetricscpuaverage",
          "cpuutilizationaverage",
          "cpuaverage",
          "average",
          "cpuutilization",
          "cpu");
  private static final List<String> MAXIMA =
      List.of("utilizationmetricscpumaximum", "cpumaximum", "maximum");
  // what AWS's command line and others print in place of a value
  private static final List<String> ABSENT = List.of("None", "-", "NaN", "null");
  private static final String ACCEPTED =
      "accepted: an export of Compute Optimizer (instanceArn, utilizationMetrics_CPU_MAXIMUM) or of"
          + " Cost Optimization Hub (action_type, resource_arn), or a table with resource_id and"
          + " average, which docs/audit.md makes by aws cloudwatch get-metric-statistics; the CSV"
          + " that CloudWatch's console downloads has times in place of resources";

  private final String name;
  private final Map<String, Integer> columns = new LinkedHashMap<>();
  private final Map<String, Cpu> cpu = new HashMap<>();
  private final List<Advice> advice = new ArrayList<>();
  private long unnamed;
  private long unmeasured;

  private UtilisationFile(String name) {
    this.name = name;
  }

  /// Reads a file.
  ///
  /// @throws BillException if it is none of the accepted exports, or a number is wrong
  public static Utilisation read(Path path) {
    UtilisationFile file = new UtilisationFile(path.toString());
    try (CsvReader<CsvRecord> csv =
        CsvReader.builder().detectBomHeader(true).allowMissingFields(true).ofCsvRecord(path)) {
      file.rows(csv.iterator());
    } catch (IOException | RuntimeException e) {
      if (e instanceof BillException known) {
        throw known;
      }
      throw new BillException(path + " cannot be read: " + e.getMessage(), e);
    }
    return new Utilisation(
        Map.copyOf(file.cpu),
        List.copyOf(file.advice),
        file.hub(),
        file.notes(),
        List.of(new Export(file.name, file.hub())));
  }

  private boolean hub() {
    return columns.containsKey("actiontype");
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    if (unnamed > 0) {
      notes.add("%s: rows without a resource are left out: %d.".formatted(name, unnamed));
    }
    if (unmeasured > 0) {
      notes.add("%s: values such as None count as unknown: %d.".formatted(name, unmeasured));
    }
    return notes;
  }

  private void rows(Iterator<CsvRecord> rows) {
    if (!rows.hasNext()) {
      throw new BillException(name + " is empty; " + ACCEPTED);
    }
    CsvRecord header = rows.next();
    for (int i = 0; i < header.getFieldCount(); i++) {
      String column = header.getField(i).toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]", "");
      columns.putIfAbsent(column, i);
    }
    Optional<Integer> id = column(IDS);
    Optional<Integer> average = column(AVERAGES);
    Optional<Integer> maximum = column(MAXIMA);
    if (id.isEmpty() || (!hub() && average.isEmpty() && maximum.isEmpty())) {
      throw new BillException(name + ", line 1: these columns are not known; " + ACCEPTED);
    }
    while (rows.hasNext()) {
      CsvRecord row = rows.next();
      String resource = resource(row);
      if (resource.isEmpty()) {
        unnamed++;
      } else if (hub()) {
        advise(row, resource);
      } else if (cpu.put(resource, new Cpu(percent(row, average), percent(row, maximum))) != null) {
        throw wrong(row, id, "one row for each resource, such as its average of the month");
      }
    }
  }

  // an export may have several columns of names, of which a row fills one
  private String resource(CsvRecord row) {
    for (String column : IDS) {
      String text = text(row, Optional.ofNullable(columns.get(column)));
      if (!text.isEmpty()) {
        return text;
      }
    }
    return "";
  }

  private void advise(CsvRecord row, String resource) {
    Optional<Integer> saving =
        column(
            List.of(
                "estimatedmonthlysavingsafterdiscount",
                "estimatedmonthlysavingsafterdiscounts",
                "estimatedmonthlysavings"));
    Optional<BigDecimal> amount = number(row, saving);
    String type = text(row, column(List.of("currentresourcetype", "resourcetype")));
    advice.add(
        new Advice(
            text(row, column(List.of("actiontype"))),
            type,
            resource,
            text(row, column(List.of("currentresourcesummary", "recommendedresourcesummary"))),
            amount,
            text(row, column(List.of("currencycode"))),
            text(row, column(List.of("implementationeffort"))),
            text(row, column(List.of("restartneeded"))).equalsIgnoreCase("true"),
            text(row, column(List.of("rollbackpossible"))).equalsIgnoreCase("true"),
            name,
            row.getStartingLineNumber()));
  }

  private Optional<Integer> column(List<String> names) {
    return names.stream().filter(columns::containsKey).map(columns::get).findFirst();
  }

  private static String text(CsvRecord row, Optional<Integer> column) {
    return column.filter(at -> at < row.getFieldCount()).map(row::getField).orElse("").strip();
  }

  private Optional<Double> percent(CsvRecord row, Optional<Integer> column) {
    Optional<Double> percent = number(row, column).map(BigDecimal::doubleValue);
    if (percent.isPresent() && (percent.get() < 0 || percent.get() > PERCENT_MAX)) {
      throw wrong(row, column, "a percentage from 0 to 100");
    }
    return percent;
  }

  private Optional<BigDecimal> number(CsvRecord row, Optional<Integer> column) {
    String text = text(row, column);
    if (text.isEmpty()) {
      return Optional.empty();
    }
    if (ABSENT.contains(text)) {
      unmeasured++;
      return Optional.empty();
    }
    try {
      return Optional.of(new BigDecimal(text));
    } catch (NumberFormatException e) {
      throw wrong(row, column, "a number such as 23.5");
    }
  }

  private BillException wrong(CsvRecord row, Optional<Integer> column, String accepted) {
    return new BillException(
        "%s, line %d, column %d is '%s'; accepted: %s"
            .formatted(
                name,
                row.getStartingLineNumber(),
                column.orElse(0) + 1,
                text(row, column),
                accepted));
  }
}
