package dev.pilotlight.support;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.support.Prices.GbSecond;
import dev.pilotlight.support.Prices.Processor;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.Properties;
import org.junit.jupiter.api.Test;

final class PricesTest {
  private static final double THOUSAND = 1e3;
  private static final double MILLION = 1e6;

  private final Properties file = new Properties();

  @Test
  void constantsEqualTheFile() throws IOException {
    try (InputStream in = Prices.class.getResourceAsStream("prices.properties")) {
      file.load(in);
    }
    assertThat(Prices.KNOWN)
        .isEqualTo(
            new Prices(
                text("date"),
                text("region"),
                gbSecond("lambda.gb-second"),
                gbSecond("lambda.provisioned.duration.gb-second"),
                usd("lambda.requests.million") / MILLION,
                usd("api-gateway.http.requests.million") / MILLION,
                usd("dynamodb.read-units.million") / MILLION,
                usd("dynamodb.write-units.million") / MILLION,
                usd("s3.puts.thousand") / THOUSAND,
                usd("s3.gets.thousand") / THOUSAND));
  }

  @Test
  void armIsCheaper() {
    assertThat(Prices.KNOWN.gbSecond(Processor.of("amd64"), false)).isEqualTo(0.0000166667);
    assertThat(Prices.KNOWN.gbSecond(Processor.of("aarch64"), false)).isEqualTo(0.0000133334);
    assertThat(Prices.KNOWN.gbSecond(Processor.of("amd64"), true)).isEqualTo(0.0000097222);
    assertThat(Prices.KNOWN.gbSecond(Processor.of("aarch64"), true)).isEqualTo(0.0000077778);
  }

  private GbSecond gbSecond(String name) {
    return new GbSecond(usd(name + ".x86"), usd(name + ".arm"));
  }

  private double usd(String name) {
    return Double.parseDouble(text(name));
  }

  private String text(String name) {
    return Objects.requireNonNull(file.getProperty(name), name);
  }
}
