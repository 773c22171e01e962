package dev.pilotlight.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.amazonaws.services.lambda.runtime.RequestStreamHandler;
import dev.pilotlight.handler.TakenSettings;
import dev.pilotlight.local.template.FunctionSettings;
import dev.pilotlight.local.template.Template;
import dev.pilotlight.local.template.TemplateRoutes;
import dev.pilotlight.protocol.http.Router;
import dev.pilotlight.support.Settings;
import java.io.InputStream;
import java.io.OutputStream;
import java.lang.reflect.Modifier;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/// `template.yaml` agrees with the code. (`.ci/template` checks it against AWS's rules.)
class TemplateTest {
  private static final Template TEMPLATE = Template.read(Path.of("template.yaml"));
  private static final TemplateRoutes ROUTES = new TemplateRoutes(TEMPLATE);

  /// An HTTP API waits this long.
  private static final Duration API_MAX = Duration.ofSeconds(30);

  private static final Duration LAMBDA_MAX = Duration.ofMinutes(15);

  /// The largest that the sample models, the JVM and the caches have been measured to need.
  private static final int MEMORY_MB_MIN = 512;

  static List<FunctionSettings> functions() {
    return TEMPLATE.functions();
  }

  @Test
  void thereAreTheTwoFunctions() {
    assertThat(functions())
        .extracting(FunctionSettings::name)
        .containsExactlyInAnyOrder("ApiFunction", "BatchFunction");
  }

  @ParameterizedTest
  @MethodSource("functions")
  void itsHandlerIsOneThatLambdaCanMakeAndCall(FunctionSettings function) throws Exception {
    String[] handler = function.handler().split("::", -1);
    Class<?> type = Class.forName(handler[0]);
    assertThat(type).isAssignableTo(RequestStreamHandler.class).isPublic();
    assertThat(Modifier.isPublic(type.getConstructor().getModifiers())).isTrue();
    assertThat(
            type.getMethod(
                handler[1],
                InputStream.class,
                OutputStream.class,
                com.amazonaws.services.lambda.runtime.Context.class))
        .isNotNull();
  }

  @ParameterizedTest
  @MethodSource("functions")
  void itTakesEverySettingThatItIsGiven(FunctionSettings function) {
    Map<String, String> environment = environment(function);
    List<String> known = TakenSettings.of(environment).stream().map(Settings.Entry::name).toList();
    assertThat(environment.keySet())
        .filteredOn(name -> name.startsWith(Settings.PREFIX))
        .isNotEmpty()
        .isSubsetOf(known);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void aSettingThatNobodyReadsOrAWrongValueWouldBeRefused(FunctionSettings function) {
    Map<String, String> mistyped = environment(function);
    mistyped.put("PILOTLIGHT_STOER", "required");
    assertThatThrownBy(() -> TakenSettings.of(mistyped)).hasMessageContaining("PILOTLIGHT_STOER");

    Map<String, String> wrong = environment(function);
    wrong.put("PILOTLIGHT_STORE", "perhaps");
    assertThatThrownBy(() -> TakenSettings.of(wrong)).hasMessageContaining("PILOTLIGHT_STORE");
  }

  @ParameterizedTest
  @CsvSource({
    "PILOTLIGHT_STORE, best-effort",
    "PILOTLIGHT_STORE, off",
    "PILOTLIGHT_MODELS, s3://pilotlight-models/models",
    "PILOTLIGHT_REDIS, off",
    "PILOTLIGHT_REDIS_IAM, off",
    "PILOTLIGHT_REDIS_IAM, serverless:shared",
    "PILOTLIGHT_REDIS_IAM, replication-group:shared",
    "PILOTLIGHT_TENANT_FROM, principal",
    "PILOTLIGHT_TENANT_FROM, cognito",
    "PILOTLIGHT_TENANT_FROM, claim:sub",
    "PILOTLIGHT_TENANT_FROM, claim:custom:tenant"
  })
  void otherParametersGiveWhatIsTakenToo(String setting, String value) {
    for (FunctionSettings function : functions()) {
      assertThat(function.variables()).containsKey(setting);
      Map<String, String> environment = environment(function);
      environment.put(setting, value);
      assertThatCode(() -> TakenSettings.of(environment)).doesNotThrowAnyException();
    }
  }

  @Test
  void theOnlyRouteLeadsToTheApi() {
    assertThat(ROUTES.functionsByKey()).isEqualTo(Map.of("$default", "ApiFunction"));
  }

  /// The function answers 404 and 405 itself.
  @Test
  void theOnlyRouteTakesEveryRouteOfTheRouterAndAllOthers() {
    assertThat(Router.routes())
        .isNotEmpty()
        .allSatisfy(
            known ->
                assertThat(ROUTES.takenBy(known.method(), example(known.path())))
                    .isEqualTo("$default"));
    assertThat(ROUTES.takenBy("GET", "/nothing")).isEqualTo("$default");
    assertThat(ROUTES.takenBy("DELETE", "/v1/embeddings")).isEqualTo("$default");
  }

  @Test
  void theApiAnswersBeforeTheGatewayGivesUpAndABatchHasAllTheTimeThereIs() {
    Map<String, Duration> timeouts =
        functions().stream()
            .collect(Collectors.toMap(FunctionSettings::name, FunctionSettings::timeout));
    assertThat(timeouts).isEqualTo(Map.of("ApiFunction", API_MAX, "BatchFunction", LAMBDA_MAX));
  }

  @ParameterizedTest
  @MethodSource("functions")
  void itHasMemoryForItsModel(FunctionSettings function) {
    assertThat(function.memoryMb()).isBetween(MEMORY_MB_MIN, 10_240);
  }

  @ParameterizedTest
  @MethodSource("functions")
  void nothingCallsHome(FunctionSettings function) {
    assertThat(function.variables())
        .containsEntry("OPT_OUT_TRACKING", "true")
        .containsEntry("ORT_DISABLE_TELEMETRY", "1");
  }

  private static String example(String path) {
    return path.replaceAll("\\{[^}]*}", "1");
  }

  /// A function's variables; a port that only AWS chooses is replaced by a possible one.
  private static Map<String, String> environment(FunctionSettings function) {
    Map<String, String> environment = new HashMap<>(function.variables());
    environment.replaceAll(
        (_, value) -> value.replaceFirst(":[a-z-]+\\.Endpoint\\.Port$", ":6379"));
    return environment;
  }
}
