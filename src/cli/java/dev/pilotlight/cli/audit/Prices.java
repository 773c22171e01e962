package dev.pilotlight.cli.audit;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Properties;

/// Public prices of one region for estimates, each from `prices/<region>.properties`.
///
/// @param values by name, such as `ebs.gp3.gb-month`; in USD
public record Prices(String region, String date, Properties values) {

  /// The prices of a region.
  ///
  /// @return empty if there is no file of that region
  public static Optional<Prices> of(String region) {
    if (!region.matches("[a-z0-9-]+")) {
      return Optional.empty();
    }
    try (InputStream file = Prices.class.getResourceAsStream("prices/" + region + ".properties")) {
      if (file == null) {
        return Optional.empty();
      }
      Properties values = new Properties();
      Reader text = new InputStreamReader(file, StandardCharsets.UTF_8);
      values.load(text);
      return Optional.of(new Prices(region, values.getProperty("date", ""), values));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The price of a unit in USD.
  ///
  /// @return empty if the file does not have it
  public Optional<BigDecimal> of(Item item) {
    return Optional.ofNullable(values.getProperty(item.key)).map(BigDecimal::new);
  }

  /// Where a price was read, and when; AWS may ask for another.
  public String source(Item item) {
    return values.getProperty(item.key + ".source", "");
  }

  /// The prices that rules use.
  public enum Item {
    GP2_GB_MONTH("ebs.gp2.gb-month"),
    GP3_GB_MONTH("ebs.gp3.gb-month"),
    S3_STANDARD_GB_MONTH("s3.standard.gb-month"),
    S3_INFREQUENT_GB_MONTH("s3.intelligent-tiering.infrequent.gb-month");

    private final String key;

    Item(String key) {
      this.key = key;
    }
  }
}
