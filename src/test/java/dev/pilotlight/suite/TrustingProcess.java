package dev.pilotlight.suite;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.pack.TrainingTls;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// A TLS server of this process, and processes that trust its certificate: Java reads its trust
/// store once a process.
public final class TrustingProcess {
  private TrustingProcess() {}

  /// Listens on a free port of this machine.
  public static ServerSocket listen(TrainingTls tls) throws Exception {
    return tls.server()
        .getServerSocketFactory()
        .createServerSocket(0, 5, InetAddress.getLoopbackAddress());
  }

  /// Runs a class that trusts the server's certificate, and returns its output.
  public static String output(TrainingTls tls, Class<?> main, String... arguments)
      throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-Djavax.net.ssl.trustStore=" + tls.trustStore(),
            main.getName());
    builder.command().addAll(List.of(arguments));
    builder.environment().put("CLASSPATH", System.getProperty("java.class.path"));
    Process process = builder.redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), US_ASCII).strip();
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    return output;
  }
}
