package dev.pilotlight.local.support;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/// The JDK's tool that makes certificates.
public final class Keytool {
  private Keytool() {}

  /// Makes a key and a self-signed certificate.
  ///
  /// @param store the PKCS 12 file to be made
  /// @param algorithm `RSA` or `EC`
  /// @param name such as `ip:127.0.0.1` or `dns:localhost`, the only name that it is valid for
  public static void makePair(
      Path store, String password, String alias, String algorithm, String name)
      throws IOException, InterruptedException {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-storetype",
                "PKCS12",
                "-keystore",
                store.toString(),
                "-storepass",
                password,
                "-alias",
                alias,
                "-keyalg",
                algorithm,
                "-dname",
                "CN=" + alias,
                "-ext",
                "san=" + name)
            .redirectErrorStream(true)
            .start();
    String output = new String(keytool.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (keytool.waitFor() != 0) {
      throw new IllegalStateException("keytool made no certificate: " + output.strip());
    }
  }
}
