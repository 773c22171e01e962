package dev.pilotlight.store.direct;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.pilotlight.support.Sha256;
import dev.pilotlight.support.http.HttpRequest;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.LocalDate;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// Signs requests to DynamoDB by AWS Signature Version 4, with the day's key kept. Thread-safe.
///
/// See https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html
final class Signer {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final String SERVICE = "dynamodb";
  private static final String CONTENT_TYPE = "application/x-amz-json-1.0";
  private static final int SECONDS_A_DAY = 86_400;
  private static final int SECONDS_AN_HOUR = 3_600;
  private static final int MINUTE = 60;
  private static final HexFormat HEX = HexFormat.of();

  private final String host;
  private final String region;
  private volatile @Nullable DayKey known;

  /// @param credentials that the key was derived from
  private record DayKey(String day, Credentials credentials, Hmac key) {}

  Signer(String host, String region) {
    this.host = host;
    this.region = region;
  }

  /// Returns the bytes of a signed request.
  ///
  /// @param target such as `DynamoDB_20120810.GetItem`
  /// @param length of the body, which begins at the array's start
  byte[] signed(String target, byte[] body, int length, Credentials credentials, Instant now) {
    LocalDate date = LocalDate.ofEpochDay(Math.floorDiv(now.getEpochSecond(), SECONDS_A_DAY));
    String day =
        number(date.getYear()) + number(date.getMonthValue()) + number(date.getDayOfMonth());
    String time = day + time(Math.floorMod(now.getEpochSecond(), SECONDS_A_DAY));
    String token = credentials.token();
    String names =
        token == null
            ? "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-target"
            : "content-type;host;x-amz-content-sha256;x-amz-date;x-amz-security-token"
                + ";x-amz-target";
    String digest = sha256(body, length);
    String canonical =
        ("POST\n/\n\ncontent-type:" + CONTENT_TYPE + "\nhost:" + host)
            + ("\nx-amz-content-sha256:" + digest + "\nx-amz-date:" + time)
            + (token == null ? "" : "\nx-amz-security-token:" + token)
            + ("\nx-amz-target:" + target + "\n\n" + names + "\n" + digest);
    String scope = day + "/" + region + "/" + SERVICE + "/aws4_request";
    byte[] hashed = canonical.getBytes(UTF_8);
    String text = ALGORITHM + "\n" + time + "\n" + scope + "\n" + sha256(hashed, hashed.length);
    String signature = HEX.formatHex(key(day, credentials).of(text.getBytes(UTF_8)));
    HttpRequest request =
        HttpRequest.of("POST", "/")
            .header("Host", host)
            .header("Content-Type", CONTENT_TYPE)
            .header("User-Agent", "Pilotlight")
            .header("X-Amz-Content-Sha256", digest)
            .header("X-Amz-Date", time)
            .header("X-Amz-Target", target);
    if (token != null) {
      request.header("X-Amz-Security-Token", token);
    }
    return request
        .header(
            "Authorization",
            (ALGORITHM + " Credential=" + credentials.id() + "/" + scope)
                + (", SignedHeaders=" + names + ", Signature=" + signature))
        .bytes(body, length);
  }

  private Hmac key(String day, Credentials credentials) {
    DayKey last = known;
    if (last != null && last.day.equals(day) && isSame(last.credentials, credentials)) {
      return last.key;
    }
    byte[] key = ("AWS4" + credentials.secret()).getBytes(UTF_8);
    for (String part : new String[] {day, region, SERVICE, "aws4_request"}) {
      key = new Hmac(key).of(part.getBytes(UTF_8));
    }
    Hmac made = new Hmac(key);
    known = new DayKey(day, credentials, made);
    return made;
  }

  // a record's own equals is generated at its first call
  private static boolean isSame(Credentials one, Credentials other) {
    return one.id().equals(other.id()) && one.secret().equals(other.secret());
  }

  private static String sha256(byte[] bytes, int length) {
    MessageDigest digest = Sha256.start();
    digest.update(bytes, 0, length);
    return HEX.formatHex(digest.digest());
  }

  private static String time(int second) {
    int hour = second / SECONDS_AN_HOUR;
    int minute = second % SECONDS_AN_HOUR / MINUTE;
    return "T" + number(hour) + number(minute) + number(second % MINUTE) + "Z";
  }

  private static String number(int value) {
    return value < 10 ? "0" + value : Integer.toString(value);
  }
}
