package dev.pilotlight.support;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Objects;
import java.util.Properties;

/// What AWS asks, in USD, each for one; for estimates.
///
/// @param date when this was so: `2026-11`
/// @param region where
/// @param gbSecondX86 of a function's memory and time, where one GB is 1,024 MB
/// @param gbSecondArm the same
/// @param invocation of a function
/// @param readUnit of DynamoDB: two eventually consistent reads of 4 KB
/// @param writeUnit of DynamoDB: a write of 1 KB
/// @param put a PUT, POST, COPY or LIST of S3
/// @param get any other of S3's requests; deletions cost nothing
public record Prices(
    String date,
    String region,
    double gbSecondX86,
    double gbSecondArm,
    double invocation,
    double readUnit,
    double writeUnit,
    double put,
    double get) {
  private static final String FILE = "prices.properties";
  private static final double THOUSAND = 1e3;
  private static final double MILLION = 1e6;

  /// What a function runs on.
  public enum Processor {
    X86,
    ARM;

    /// The one of a machine.
    ///
    /// @param osArch as Java's property `os.arch` has it
    public static Processor of(String osArch) {
      return osArch.equals("aarch64") ? ARM : X86;
    }
  }

  /// Those that this version knows.
  public static Prices load() {
    Properties file = new Properties();
    try (InputStream in = Prices.class.getResourceAsStream(FILE)) {
      file.load(Objects.requireNonNull(in, FILE));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Prices(
        text(file, "date"),
        text(file, "region"),
        usd(file, "lambda.gb-second.x86"),
        usd(file, "lambda.gb-second.arm"),
        usd(file, "lambda.requests.million") / MILLION,
        usd(file, "dynamodb.read-units.million") / MILLION,
        usd(file, "dynamodb.write-units.million") / MILLION,
        usd(file, "s3.puts.thousand") / THOUSAND,
        usd(file, "s3.gets.thousand") / THOUSAND);
  }

  public double gbSecond(Processor processor) {
    return switch (processor) {
      case X86 -> gbSecondX86;
      case ARM -> gbSecondArm;
    };
  }

  private static double usd(Properties file, String name) {
    return Double.parseDouble(text(file, name));
  }

  private static String text(Properties file, String name) {
    return Objects.requireNonNull(file.getProperty(name), name);
  }
}
