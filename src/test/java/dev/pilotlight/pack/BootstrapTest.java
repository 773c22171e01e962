package dev.pilotlight.pack;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The options that `bootstrap` starts Java with, on a `java` that prints them.
@DisabledOnOs(OS.WINDOWS)
final class BootstrapTest {
  private static final String ALL = "-Djavax.net.ssl.trustStore=jre/lib/security/cacerts.all";

  @TempDir private Path task;

  @BeforeEach
  void putJava() throws IOException {
    Path java = task.resolve("jre/bin/java");
    Files.createDirectories(java.getParent());
    Files.writeString(java, "#!/bin/sh\nprintf '%s\\n' \"$@\"\n");
    assertThat(java.toFile().setExecutable(true)).isTrue();
  }

  @Test
  void tlsHasJavasGroupsInAnotherOrder() throws Exception {
    String name = "-Djdk.tls.namedGroups=";
    String own = "-Djdk.tls.namedGroups=secp256r1";

    List<String> groups =
        options(Map.of()).stream()
            .filter(option -> option.startsWith(name))
            .flatMap(option -> Stream.of(option.substring(name.length()).split(",", -1)))
            .toList();

    assertThat(groups).startsWith("x25519", "secp384r1", "secp256r1");
    assertThat(groups)
        .containsExactlyInAnyOrder(
            SSLContext.getDefault().getDefaultSSLParameters().getNamedGroups());
    assertThat(options(Map.of("JAVA_TOOL_OPTIONS", own)))
        .noneMatch(option -> option.startsWith(name));
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_REGION, us-east-1",
    "AWS_REGION, eu-central-1",
    "PILOTLIGHT_REDIS, rediss://c-x1.serverless.use1.cache.amazonaws.com:6379",
    "PILOTLIGHT_REDIS, rediss+cluster://a.cache.amazonaws.com:6379",
    "PILOTLIGHT_REDIS, 'rediss+cluster://a.cache.amazonaws.com,b.cache.amazonaws.com:6379/'",
    "PILOTLIGHT_REDIS, redis://cache.example.com:6379",
    "PILOTLIGHT_REDIS, off",
    "AWS_ENDPOINT_URL_DYNAMODB, http://127.0.0.1:8000",
  })
  void amazonsRootsDoWhereOnlyAwsIsCalled(String name, String value) throws Exception {
    assertThat(options(Map.of(name, value))).doesNotContain(ALL);
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_REGION, cn-north-1",
    "AWS_REGION, us-gov-west-1",
    "AWS_REGION, us-iso-east-1",
    "AWS_REGION, us-isob-east-1",
    "AWS_REGION, eusc-de-east-1",
    "PILOTLIGHT_REDIS, rediss://eu1-x.upstash.io:6379",
    "PILOTLIGHT_REDIS, rediss+cluster://cache.example.com:6379",
    "PILOTLIGHT_REDIS, rediss://cache.amazonaws.com.example.com:6379",
    "PILOTLIGHT_REDIS, 'rediss+cluster://a.cache.amazonaws.com:6379,cache.example.com:6379'",
    "PILOTLIGHT_REDIS, 'rediss+cluster://cache.example.com,a.cache.amazonaws.com:6379/'",
    "AWS_ENDPOINT_URL, https://minio.example.com",
    "AWS_ENDPOINT_URL_S3, https://minio.example.com",
    "AWS_ENDPOINT_URL_DYNAMODB, https://vpce-1.dynamodb.example.com",
  })
  void everyAuthorityOfJavaIsTrustedWhereOthersMayHaveSigned(String name, String value)
      throws Exception {
    assertThat(options(Map.of(name, value))).contains(ALL);
  }

  @Test
  void trustStoreOfTheFunctionsOwnComesFirst() throws Exception {
    assertThat(
            options(
                Map.of(
                    "AWS_REGION", "cn-north-1",
                    "JAVA_TOOL_OPTIONS", "-Xlog:disable -Djavax.net.ssl.trustStore=own.jks")))
        .doesNotContain(ALL);
  }

  @Test
  void earlierFileOfAllAuthoritiesStillHasAll() throws Exception {
    String earlier = "-Djavax.net.ssl.trustStore=jre/lib/security/cacerts";
    assertThat(options(Map.of("JAVA_TOOL_OPTIONS", earlier))).contains(ALL);
    assertThat(options(Map.of("JAVA_TOOL_OPTIONS", earlier + " -Xlog:disable"))).contains(ALL);
    assertThat(options(Map.of("JAVA_TOOL_OPTIONS", earlier + "2"))).doesNotContain(ALL);
  }

  @Test
  void heapIsHalfOfTheMemory() throws Exception {
    assertThat(options(Map.of("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "3538")))
        .contains("-Xmx1769m", "-XX:ActiveProcessorCount=2");
  }

  private List<String> options(Map<String, String> environment) throws Exception {
    ProcessBuilder builder =
        new ProcessBuilder("sh", Path.of("src/package/bootstrap").toAbsolutePath().toString());
    builder.environment().clear();
    builder.environment().put("PATH", System.getenv("PATH"));
    builder.environment().put("LAMBDA_TASK_ROOT", task.toString());
    builder.environment().put("_HANDLER", "dev.pilotlight.handler.ApiHandler::handleRequest");
    builder.environment().putAll(environment);
    Process process = builder.redirectErrorStream(true).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(printed).isZero();
    return printed.lines().toList();
  }
}
