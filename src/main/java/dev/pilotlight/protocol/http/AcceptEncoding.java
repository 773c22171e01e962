package dev.pilotlight.protocol.http;

import java.util.Locale;

/// `Accept-Encoding` with its weights (RFC 9110, 12.5.3), as far as gzip is concerned.
final class AcceptEncoding {
  private static final double UNSET = -1;

  private AcceptEncoding() {}

  /// Whether gzip is acceptable and weighs no less than the plain form. A header that we cannot
  /// read counts as absent.
  static boolean prefersGzip(String header) {
    double gzip = UNSET;
    double identity = UNSET;
    double any = UNSET;
    for (String part : header.toLowerCase(Locale.ROOT).split(",", -1)) {
      String[] pieces = part.split(";", -1);
      double weight = weight(pieces);
      switch (pieces[0].strip()) {
        case "gzip", "x-gzip" -> gzip = weight;
        case "identity" -> identity = weight;
        case "*" -> any = weight;
        default -> {}
      }
    }
    double effective = gzip == UNSET ? any : gzip;
    return effective > 0 && effective >= identity;
  }

  private static double weight(String[] pieces) {
    for (int i = 1; i < pieces.length; i++) {
      String piece = pieces[i].strip();
      if (piece.startsWith("q=")) {
        try {
          return Double.parseDouble(piece.substring(2));
        } catch (NumberFormatException e) {
          return 0;
        }
      }
    }
    return 1;
  }
}
