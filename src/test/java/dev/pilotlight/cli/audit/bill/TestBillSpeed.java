package dev.pilotlight.cli.audit.bill;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/// Reads a bill some times and prints lines, exact sum and lines a second of the fastest time, as a
/// process whose heap a test limits: `FILE TIMES`.
final class TestBillSpeed {
  private TestBillSpeed() {}

  public static void main(String[] args) {
    double fastest = 0;
    BillSummary bill = null;
    for (int i = 0; i < Integer.parseInt(args[1]); i++) {
      Map<String, Total> resources = new HashMap<>();
      long begun = System.nanoTime();
      bill =
          Bill.read(
              List.of(Path.of(args[0])),
              charge ->
                  resources.computeIfAbsent(charge.resource(), _ -> new Total()).add(charge.cost()),
              BillProgress.NONE);
      double seconds = (System.nanoTime() - begun) / 1e9;
      fastest = Math.max(fastest, bill.lines() / seconds);
    }
    if (bill != null) {
      System.out.printf(
          Locale.ROOT,
          "%d %s %.0f%n",
          bill.lines(),
          bill.files().getFirst().cost().toPlainString(),
          fastest);
    }
  }
}
