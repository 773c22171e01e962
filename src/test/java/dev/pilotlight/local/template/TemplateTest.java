package dev.pilotlight.local.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.store.StoreSettings;
import dev.pilotlight.support.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TemplateTest {
  private static final String TEMPLATE =
      """
      Parameters:
        Memory: {Type: Number, Default: 512}
        Stage: {Type: String, Default: dev}
      Conditions:
        IsDev: !Equals [!Ref Stage, dev]
        IsNotDev: !Not [!Condition IsDev]
      Globals:
        Function:
          Timeout: 7
          Environment: {Variables: {SHARED: globals, OVER: globals}}
      Resources:
        EchoFunction:
          Type: AWS::Serverless::Function
          Properties:
            Handler: a.B::c
            MemorySize: !Ref Memory
            Environment:
              Variables:
                OVER: own
                TABLE: !Ref TheTable
                SUB: !Sub "${Stage}-${TheTable}-${!literal}-${AWS::Region}"
                SUB_OWN: !Sub ["${x}/${Stage}", {x: !Ref Memory}]
                ATT: !GetAtt TheTable.Arn
                IF: !If [IsDev, yes, no]
                JOIN: !Join ["-", [a, !Ref Stage]]
                GONE: !If [IsNotDev, here, !Ref AWS::NoValue]
            Events:
              One: {Type: HttpApi, Properties: {Method: post, Path: /v1/one}}
              Any: {Type: HttpApi, Properties: {Method: ANY, Path: "/v1/{id}"}}
              Deep: {Type: HttpApi, Properties: {Method: GET, Path: "/v2/{proxy+}"}}
              Timer: {Type: Schedule, Properties: {Schedule: rate(1 day)}}
              Rest: {Type: HttpApi}
        Plain:
          Type: AWS::ApiGatewayV2::Route
          Properties: {RouteKey: "GET /v3/{id}", Target: !Sub "integrations/${Integration}"}
        Integration:
          Type: AWS::ApiGatewayV2::Integration
          Properties: {IntegrationUri: !Ref EchoFunction.Alias}
        Other:
          Type: AWS::Serverless::Function
          Condition: IsNotDev
          Properties: {Handler: d.E::f}
        TheTable:
          Type: AWS::DynamoDB::Table
          Properties:
            KeySchema: [{AttributeName: id, KeyType: HASH}]
            TimeToLiveSpecification: {AttributeName: expires, Enabled: true}
        LargeBucket: {Type: AWS::S3::Bucket}
      """;

  private final Template template = Template.parse(TEMPLATE);

  @Test
  void functionHasItsSettingsAndThoseOfGlobals() {
    FunctionSettings function = template.functions().getFirst();
    assertThat(function.name()).isEqualTo("EchoFunction");
    assertThat(function.handler()).isEqualTo("a.B::c");
    assertThat(function.timeout()).isEqualTo(Duration.ofSeconds(7));
    assertThat(function.memoryMb()).isEqualTo(512);
  }

  @Test
  void variablesHaveTheValuesOfAStackWithTheDefaults() {
    assertThat(template.functions().getFirst().variables())
        .isEqualTo(
            Map.of(
                "SHARED", "globals",
                "OVER", "own",
                "TABLE", "pilotlight-the-table",
                "SUB", "dev-pilotlight-the-table-${literal}-us-east-1",
                "SUB_OWN", "512/dev",
                "ATT", "pilotlight-the-table.Arn",
                "IF", "yes",
                "JOIN", "a-dev"));
  }

  @Test
  void resourceWhoseConditionDoesNotHoldIsLeftOut() {
    assertThat(template.functions()).hasSize(1);
  }

  @Test
  void tablesAndBucketsHaveLocalNames() {
    assertThat(template.tables())
        .containsExactly(new Template.Table("pilotlight-the-table", List.of("id"), "expires"));
    assertThat(template.buckets()).containsExactly("pilotlight-large-bucket");
  }

  @Test
  void mostSpecificRouteTakesARequest() {
    assertThat(key("POST", "/v1/one")).isEqualTo("POST /v1/one");
    assertThat(key("GET", "/v1/one")).isEqualTo("ANY /v1/{id}");
    assertThat(key("GET", "/v2/a/b")).isEqualTo("GET /v2/{proxy+}");
    assertThat(key("GET", "/v2")).isEqualTo("$default");
    assertThat(key("GET", "/v1/one/")).isEqualTo("$default");
    assertThat(template.routes().match("GET", "/v2/a/b").orElseThrow().pathParameters())
        .isEqualTo(Map.of("proxy", "a/b"));
    assertThat(template.routes().match("GET", "/v1/x").orElseThrow().pathParameters())
        .isEqualTo(Map.of("id", "x"));
  }

  @Test
  void separateRouteLeadsThroughItsIntegrationToTheFunction() {
    Route route = template.routes().match("GET", "/v3/x").orElseThrow().route();
    assertThat(route.key()).isEqualTo("GET /v3/{id}");
    assertThat(route.function()).isEqualTo("EchoFunction");
  }

  @Test
  void routeWithoutAFunctionIsReportedInOneLine() {
    Template lost = Template.parse(TEMPLATE.replace("Ref EchoFunction.Alias", "Ref TheTable"));
    assertThatThrownBy(lost::routes).hasMessage("Plain leads to no function");
  }

  @Test
  void functionUrlTakesEveryRequestAndItsOriginsMayCall() {
    Template url =
        Template.parse(
            TEMPLATE.replace("Rest: {Type: HttpApi}", "")
                + """
                  Url:
                    Type: AWS::Lambda::Url
                    Properties:
                      TargetFunctionArn: !Ref EchoFunction
                      Cors: {AllowOrigins: ["https://app.example.com"]}
                """);
    Route route = url.routes().match("PUT", "/nothing").orElseThrow().route();
    assertThat(route.key()).isEqualTo("$default");
    assertThat(route.function()).isEqualTo("EchoFunction");
    assertThat(url.corsOrigins()).containsExactly("https://app.example.com");
  }

  @Test
  void unknownPathMatchesNothingWithoutADefaultRoute() {
    String strict = TEMPLATE.replace("Rest: {Type: HttpApi}", "");
    assertThat(Template.parse(strict).routes().match("GET", "/nothing")).isEmpty();
  }

  @Test
  void ourTemplateHasTheFunctionItsTableAndADefaultRoute() {
    Template own = Template.read(Path.of("template.yaml"));
    FunctionSettings function = own.functions().getFirst();
    assertThat(function.handler()).isEqualTo("dev.pilotlight.handler.ApiHandler::handleRequest");
    assertThat(function.timeout()).isEqualTo(Duration.ofSeconds(30));
    assertThat(function.variables())
        .containsEntry("PILOTLIGHT_TABLE", own.tables().getFirst().name())
        .containsEntry("PILOTLIGHT_LARGE_BUCKET", "pilotlight-large-results");
    assertThat(own.buckets())
        .containsExactlyInAnyOrder(
            "pilotlight-in", "pilotlight-out", "pilotlight-large-results", "pilotlight-models");
    assertThat(own.versionedBuckets()).containsExactlyElementsOf(own.buckets());
    assertThat(own.routes().match("POST", "/v1/embeddings").orElseThrow().route().key())
        .isEqualTo("$default");
    assertThat(own.routes().match("PUT", "/nothing").orElseThrow().route().key())
        .isEqualTo("$default");
  }

  @Test
  void bucketExpiresLargeResultsAfterTheTable() throws IOException {
    Duration kept = StoreSettings.from(new Settings(Map.of())).timeToLive();
    assertThat(Files.readString(Path.of("template.yaml")))
        .contains("Prefix: results/, ExpirationInDays: " + kept.plusDays(1).toDays());
  }

  @Test
  void unreadableTemplateIsReportedInOneLine() {
    assertThatThrownBy(() -> Template.read(Path.of("no-such.yaml")))
        .hasMessageStartingWith("there is no ")
        .hasMessageEndingWith("no-such.yaml");
    assertThatThrownBy(() -> Template.parse("a: [")).hasMessageStartingWith("it is not YAML");
  }

  private String key(String method, String path) {
    return template.routes().match(method, path).orElseThrow().route().key();
  }
}
