package dev.pilotlight.handler.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.TestRequest;
import org.junit.jupiter.api.Test;

/// Requests through a function URL that checks signatures: who calls, and what a request costs.
final class FunctionUrlTest {
  private static final String USER = "arn:aws:iam::111122223333:user/example-user";

  /// As AWS's guide has it, the fields without value too; a function URL leaves the path encoded.
  private static final String EVENT =
      """
      {"version":"2.0","routeKey":"$default","rawPath":"@PATH","rawQueryString":"",
       "headers":{"x-amz-date":"20261129T000000Z","content-type":"application/json",
         "x-forwarded-proto":"https","x-forwarded-port":"443","x-forwarded-for":"192.0.2.1",
         "x-amzn-trace-id":"Root=1-5759e988-bd862e3fe1be46a994272793",
         "host":"url-id.lambda-url.us-east-1.on.aws","accept":"*/*","user-agent":"curl/8.5.0"},
       "requestContext":{"accountId":"111122223333","apiId":"url-id",
         "authentication":null,
         @AUTHORIZER
         "domainName":"url-id.lambda-url.us-east-1.on.aws","domainPrefix":"url-id",
         "http":{"method":"@METHOD","path":"@PATH","protocol":"HTTP/1.1",
           "sourceIp":"192.0.2.1","userAgent":"curl/8.5.0"},
         "requestId":"e1506fd5-9e7b-434f-bd42-4f8fa224b599","routeKey":"$default",
         "stage":"$default","time":"29/Nov/2026:00:00:00 +0000","timeEpoch":1795910400000},
       "body":"@BODY","isBase64Encoded":false}""";

  private static final String AUTHORIZER =
      """
      "authorizer":{"iam":{"accessKey":"AKIAEXAMPLE","accountId":"111122223333",
         "callerId":"AIDAEXAMPLE","cognitoIdentity":null,"principalOrgId":null,
         "userArn":"@ARN","userId":"AIDAEXAMPLE"}},""";

  @Test
  void everyPrincipalHasItsOwnResults() {
    String role = "arn:aws:sts::111122223333:assumed-role/Reader/";
    try (Harness function = new Harness("PILOTLIGHT_TENANT_FROM", "principal")) {
      assertThat(embed(function, USER).header("cache-status")).doesNotContain("hit");
      assertThat(embed(function, USER).header("cache-status")).contains("hit");
      assertThat(embed(function, role + "one").header("cache-status")).doesNotContain("hit");
      assertThat(embed(function, role + "two").header("cache-status")).contains("hit");
    }
  }

  @Test
  void requestWithoutPrincipalIsRefused() {
    try (Harness function = new Harness("PILOTLIGHT_TENANT_FROM", "principal")) {
      Reply reply = send(function, "POST", "/v1/embeddings", "");
      assertThat(reply.status()).isEqualTo(403);
    }
  }

  /// The function's memory is unknown here, so the estimate is 0.20 USD a million invocations, and
  /// 1.00 USD a million requests of an HTTP API.
  @Test
  void requestCostsNothingButItsInvocation() {
    try (Harness url = new Harness("PILOTLIGHT_DOOR", "url");
        Harness api = new Harness("PILOTLIGHT_DOOR", "api")) {
      assertThat(send(url, "GET", "/v2/health/live", "").header("pilotlight-cost-usd"))
          .isEqualTo("0.0000002000");
      assertThat(send(api, "GET", "/v2/health/live", "").header("pilotlight-cost-usd"))
          .isEqualTo("0.0000012000");
    }
  }

  private static Reply embed(Harness function, String arn) {
    Reply reply = send(function, "POST", "/v1/embeddings", AUTHORIZER.replace("@ARN", arn));
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.header("x-request-id")).isEqualTo("e1506fd5-9e7b-434f-bd42-4f8fa224b599");
    return reply;
  }

  private static Reply send(Harness function, String method, String path, String authorizer) {
    String body = "{\"model\":\"all-minilm-l6-v2\",\"input\":\"by url\"}";
    return function.send(
        TestRequest.utf8(
            EVENT
                .replace("@AUTHORIZER", authorizer)
                .replace("@METHOD", method)
                .replace("@PATH", path)
                .replace("@BODY", body.replace("\"", "\\\""))));
  }
}
