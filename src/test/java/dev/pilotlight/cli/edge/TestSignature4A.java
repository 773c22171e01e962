package dev.pilotlight.cli.edge;

import com.sun.net.httpserver.HttpExchange;
import dev.pilotlight.cli.aws.Urls;
import dev.pilotlight.support.Sha256;
import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.Signature;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Verifies signatures of Version 4A, as AWS does: with the public key of a pair that both sides
/// derive from the access key.
final class TestSignature4A {
  private static final String ALGORITHM = "AWS4-ECDSA-P256-SHA256";
  private static final Pattern HEADER =
      Pattern.compile(
          ALGORITHM + " Credential=([^/]+)/(.+), SignedHeaders=([^,]+), Signature=([0-9a-f]+)");

  private TestSignature4A() {}

  /// Whether the request is signed with this access key for this service in all regions.
  static boolean isSigned(
      HttpExchange request, byte[] body, String service, String id, String secret) {
    Matcher header =
        HEADER.matcher(String.valueOf(request.getRequestHeaders().getFirst("Authorization")));
    if (!header.matches() || !header.group(1).equals(id)) {
      return false;
    }
    String date = header(request, "x-amz-date");
    String scope = date.substring(0, 8) + "/" + service + "/aws4_request";
    if (!header.group(2).equals(scope) || !header(request, "x-amz-region-set").equals("*")) {
      return false;
    }
    String toSign =
        String.join("\n", ALGORITHM, date, scope, hex(canonical(request, body, header.group(3))));
    try {
      ECParameterSpec curve = curve();
      BigInteger secretKey = privateKey(id, secret, curve.getOrder());
      ECPoint publicKey = times(secretKey, curve.getGenerator(), curve);
      Signature verify = Signature.getInstance("SHA256withECDSA");
      verify.initVerify(
          KeyFactory.getInstance("EC").generatePublic(new ECPublicKeySpec(publicKey, curve)));
      verify.update(toSign.getBytes(StandardCharsets.UTF_8));
      return verify.verify(HexFormat.of().parseHex(header.group(4)));
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }

  private static String canonical(HttpExchange request, byte[] body, String signed) {
    String headers =
        Arrays.stream(signed.split(";", -1))
            .map(name -> name + ":" + header(request, name).strip() + "\n")
            .collect(Collectors.joining());
    // each segment of the path is encoded once more than it is sent
    String path =
        Arrays.stream(request.getRequestURI().getRawPath().split("/", -1))
            .map(Urls::encode)
            .collect(Collectors.joining("/"));
    String query = String.valueOf(request.getRequestURI().getRawQuery());
    String sorted =
        query.equals("null")
            ? ""
            : Arrays.stream(query.split("&", -1)).sorted().collect(Collectors.joining("&"));
    return String.join(
        "\n",
        request.getRequestMethod(),
        path,
        sorted,
        headers,
        signed,
        HexFormat.of().formatHex(Sha256.of(body)));
  }

  private static String hex(String text) {
    return HexFormat.of().formatHex(Sha256.of(text.getBytes(StandardCharsets.UTF_8)));
  }

  private static String header(HttpExchange request, String name) {
    return String.valueOf(request.getRequestHeaders().getFirst(name));
  }

  private static ECParameterSpec curve() throws GeneralSecurityException {
    AlgorithmParameters parameters = AlgorithmParameters.getInstance("EC");
    parameters.init(new ECGenParameterSpec("secp256r1"));
    return parameters.getParameterSpec(ECParameterSpec.class);
  }

  private static BigInteger privateKey(String id, String secret, BigInteger order)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance("HmacSHA256");
    mac.init(new SecretKeySpec(("AWS4A" + secret).getBytes(StandardCharsets.UTF_8), "HmacSHA256"));
    for (int counter = 1; counter < 255; counter++) {
      ByteArrayOutputStream input = new ByteArrayOutputStream();
      input.writeBytes(new byte[] {0, 0, 0, 1});
      input.writeBytes(ALGORITHM.getBytes(StandardCharsets.UTF_8));
      input.write(0);
      input.writeBytes(id.getBytes(StandardCharsets.UTF_8));
      input.write(counter);
      input.writeBytes(new byte[] {0, 0, 1, 0});
      BigInteger candidate = new BigInteger(1, mac.doFinal(input.toByteArray()));
      if (candidate.compareTo(order.subtract(BigInteger.TWO)) <= 0) {
        return candidate.add(BigInteger.ONE);
      }
    }
    throw new AssertionError("no key");
  }

  private static ECPoint times(BigInteger factor, ECPoint point, ECParameterSpec curve) {
    ECPoint sum = ECPoint.POINT_INFINITY;
    for (int bit = factor.bitLength() - 1; bit >= 0; bit--) {
      sum = plus(sum, sum, curve);
      if (factor.testBit(bit)) {
        sum = plus(sum, point, curve);
      }
    }
    return sum;
  }

  private static ECPoint plus(ECPoint a, ECPoint b, ECParameterSpec curve) {
    if (a.equals(ECPoint.POINT_INFINITY)) {
      return b;
    }
    BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
    BigInteger x = a.getAffineX();
    BigInteger rise;
    BigInteger run;
    if (a.equals(b)) {
      rise = x.multiply(x).multiply(BigInteger.valueOf(3)).add(curve.getCurve().getA());
      run = a.getAffineY().shiftLeft(1);
    } else {
      rise = b.getAffineY().subtract(a.getAffineY());
      run = b.getAffineX().subtract(x);
    }
    BigInteger slope = rise.multiply(run.modInverse(p)).mod(p);
    BigInteger sumX = slope.multiply(slope).subtract(x).subtract(b.getAffineX()).mod(p);
    BigInteger sumY = slope.multiply(x.subtract(sumX)).subtract(a.getAffineY()).mod(p);
    return new ECPoint(sumX, sumY);
  }
}
