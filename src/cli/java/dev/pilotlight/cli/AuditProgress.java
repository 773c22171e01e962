package dev.pilotlight.cli;

import dev.pilotlight.cli.audit.bill.BillProgress;
import java.io.PrintWriter;
import java.util.Locale;

/// One line with a bar, on a terminal; [#close()] erases it.
final class AuditProgress implements BillProgress, AutoCloseable {
  private static final int WIDTH = 30;
  private static final double MEGABYTE = 1e6;
  private static final String ERASED = "\r\u001b[K";

  private final PrintWriter err;
  private final boolean shown;

  private AuditProgress(PrintWriter err, boolean shown) {
    this.err = err;
    this.shown = shown;
  }

  static AuditProgress start(PrintWriter err, Terminal terminal) {
    return new AuditProgress(err, terminal.interactive());
  }

  @Override
  public synchronized void at(long bytes, long ofBytes, long lines) {
    if (shown) {
      double share = ofBytes > 0 ? Math.clamp((double) bytes / ofBytes, 0, 1) : 0;
      int full = (int) (share * WIDTH);
      err.print(
          ERASED
              + String.format(
                  Locale.ROOT,
                  "[%s%s] %.0f of %.0f MB, %,d lines",
                  "#".repeat(full),
                  " ".repeat(WIDTH - full),
                  bytes / MEGABYTE,
                  ofBytes / MEGABYTE,
                  lines));
      err.flush();
    }
  }

  @Override
  public synchronized void close() {
    if (shown) {
      err.print(ERASED);
      err.flush();
    }
  }
}
