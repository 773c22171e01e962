package dev.pilotlight.handler.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import dev.pilotlight.handler.Harness;
import dev.pilotlight.handler.Harness.Reply;
import dev.pilotlight.handler.TestRequest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// The same request in every form in which AWS hands one to a function.
class EventFormsTest {
  private static final String TRACE = "Root=1-5759e988-bd862e3fe1be46a994272793";
  private static final String BODY =
      "{\\\"model\\\":\\\"all-minilm-l6-v2\\\",\\\"input\\\":\\\"gr\u00fc\u00dfe\\\"}";

  private static final String INFER_BODY =
      ("{\"inputs\":[{\"name\":\"text\",\"datatype\":\"BYTES\",\"shape\":[1],"
              + "\"data\":[\"gr\u00fc\u00dfe\"]}]}")
          .replace("\"", "\\\"");

  @SuppressWarnings("NullAway.Init")
  private static Harness harness;

  @BeforeAll
  static void start() {
    harness = new Harness();
  }

  @AfterAll
  static void stop() {
    harness.close();
  }

  /// As their documentation has them, with every field.
  enum Form {
    HTTP_API_2(
        """
        {"version":"2.0","routeKey":"POST /v1/embeddings","rawPath":"/v1/embeddings",
         "rawQueryString":"a=1&a=2","cookies":["c=1"],
         "headers":{"content-type":"application/json","host":"id.example.com",
           "x-amzn-trace-id":"@TRACE"},
         "queryStringParameters":{"a":"1,2"},
         "requestContext":{"accountId":"123456789012","apiId":"id","authentication":null,
           "authorizer":{"iam":{"accessKey":"AKIA","accountId":"123456789012","callerId":"AIDA",
             "cognitoIdentity":null,"principalOrgId":"o-1",
             "userArn":"arn:aws:iam::123456789012:user/ada","userId":"AIDA"}},
           "domainName":"id.execute-api.eu-west-1.amazonaws.com","domainPrefix":"id",
           "http":{"method":"POST","path":"/v1/embeddings","protocol":"HTTP/1.1",
             "sourceIp":"192.0.2.1","userAgent":"agent"},
           "requestId":"r-1","routeKey":"POST /v1/embeddings","stage":"$default",
           "time":"29/Nov/2026:00:00:00 +0000","timeEpoch":1795910400000},
         "pathParameters":null,"isBase64Encoded":false,"stageVariables":null,"body":"@BODY"}""",
        "r-1"),
    HTTP_API_1(
        """
        {"version":"1.0","resource":"/v1/embeddings","path":"/v1/embeddings","httpMethod":"POST",
         "headers":{"Content-Type":"application/json"},
         "multiValueHeaders":{"Content-Type":["application/json"]},
         "queryStringParameters":null,"multiValueQueryStringParameters":null,
         "requestContext":{"accountId":"123456789012","apiId":"id",
           "authorizer":{"claims":null,"scopes":null},"extendedRequestId":"x-1",
           "httpMethod":"POST",
           "identity":{"accessKey":null,"accountId":null,"caller":null,
             "cognitoAuthenticationProvider":null,"cognitoIdentityId":null,"sourceIp":"192.0.2.1",
             "user":null,"userAgent":"agent","userArn":null,
             "clientCert":{"clientCertPem":"C","validity":{"notBefore":"May 28"}}},
           "path":"/v1/embeddings","protocol":"HTTP/1.1","requestId":"r-1","resourceId":null,
           "resourcePath":"/v1/embeddings","stage":"$default"},
         "pathParameters":null,"stageVariables":null,"body":"@BODY","isBase64Encoded":false}""",
        "r-1"),
    REST_API(
        """
        {"resource":"/{proxy+}","path":"/v1/embeddings","httpMethod":"POST",
         "headers":{"Content-Type":"application/json","X-Amzn-Trace-Id":"@TRACE"},
         "multiValueHeaders":{"Content-Type":["application/json"],"X-Amzn-Trace-Id":["@TRACE"]},
         "queryStringParameters":{"a":"2"},"multiValueQueryStringParameters":{"a":["1","2"]},
         "pathParameters":{"proxy":"v1/embeddings"},"stageVariables":{"x":"y"},
         "requestContext":{"resourceId":"abc","resourcePath":"/{proxy+}","httpMethod":"POST",
           "extendedRequestId":"x-1","requestTime":"29/Nov/2026:00:00:00 +0000",
           "path":"/prod/v1/embeddings","accountId":"123456789012","protocol":"HTTP/1.1",
           "stage":"prod","domainPrefix":"id","requestTimeEpoch":1795910400000,"requestId":"r-1",
           "identity":{"cognitoIdentityPoolId":null,"cognitoIdentityId":null,"apiKey":"",
             "userArn":null,"sourceIp":"192.0.2.1","apiKeyId":null},
           "domainName":"id.execute-api.eu-west-1.amazonaws.com","apiId":"id"},
         "body":"@BODY","isBase64Encoded":false}""",
        "r-1"),
    FUNCTION_URL(
        """
        {"version":"2.0","routeKey":"$default","rawPath":"/v1/embeddings","rawQueryString":"",
         "headers":{"content-type":"application/json","x-amzn-trace-id":"@TRACE"},
         "requestContext":{"accountId":"123456789012","apiId":"url-id","authentication":null,
           "authorizer":{"iam":{"accessKey":"AKIA","accountId":"1","callerId":"AIDA",
             "cognitoIdentity":null,"principalOrgId":null,"userArn":"arn:aws:iam::1:user/ada",
             "userId":"AIDA"}},
           "domainName":"url-id.lambda-url.eu-west-1.on.aws","domainPrefix":"url-id",
           "http":{"method":"POST","path":"/v1/embeddings","protocol":"HTTP/1.1",
             "sourceIp":"192.0.2.1","userAgent":"agent"},
           "requestId":"r-1","routeKey":"$default","stage":"$default",
           "time":"29/Nov/2026:00:00:00 +0000","timeEpoch":1795910400000},
         "body":"@BODY","isBase64Encoded":false}""",
        "r-1"),
    LOAD_BALANCER(
        """
        {"requestContext":{"elb":{"targetGroupArn":
           "arn:aws:elasticloadbalancing:eu-west-1:123456789012:targetgroup/lambda/49e9d65c45c6"}},
         "httpMethod":"POST","path":"/v1/embeddings","queryStringParameters":{"a":"%31"},
         "headers":{"content-type":"application/json","host":"lb.eu-west-1.elb.amazonaws.com",
           "x-amzn-trace-id":"@TRACE","x-forwarded-for":"192.0.2.1","x-forwarded-port":"443",
           "x-forwarded-proto":"https"},
         "body":"@BODY","isBase64Encoded":false}""",
        TRACE),
    LOAD_BALANCER_OF_MANY_VALUES(
        """
        {"requestContext":{"elb":{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:1:t/l"}},
         "httpMethod":"POST","path":"/v1/embeddings","multiValueQueryStringParameters":{},
         "multiValueHeaders":{"content-type":["application/json"],
           "x-amzn-trace-id":["Self=1-67891234-12456789abcdef012345678;@TRACE"]},
         "body":"@BODY","isBase64Encoded":false}""",
        "Self=1-67891234-12456789abcdef012345678;" + TRACE),
    LOAD_BALANCER_WITHOUT_TRACE(
        """
        {"requestContext":{"elb":{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:1:t/l"}},
         "httpMethod":"POST","path":"/v1/embeddings","headers":{"content-type":"application/json"},
         "body":"@BODY","isBase64Encoded":false}""",
        Harness.INVOCATION_ID),
    LOAD_BALANCER_WITH_A_TRACE_THAT_IS_NOT_ONE(
        """
        {"requestContext":{"elb":{"targetGroupArn":"arn:aws:elasticloadbalancing:eu-west-1:1:t/l"}},
         "httpMethod":"POST","path":"/v1/embeddings",
         "headers":{"content-type":"application/json","x-amzn-trace-id":"a\\r\\nset-cookie: b"},
         "body":"@BODY","isBase64Encoded":false}""",
        Harness.INVOCATION_ID);

    private final String event;
    private final String requestId;

    Form(String event, String requestId) {
      this.event = event;
      this.requestId = requestId;
    }
  }

  @ParameterizedTest
  @EnumSource
  void everyFormIsAnsweredAndHasARequestId(Form form) {
    Reply reply = send(form.event);
    assertThat(reply.status()).as(reply.text()).isEqualTo(200);
    assertThat(reply.json().at("/data/0/embedding")).hasSize(384);
    assertThat(reply.header("x-request-id")).isEqualTo(form.requestId);
  }

  @ParameterizedTest
  @EnumSource
  void aClientsOwnRequestIdGoesFirst(Form form) throws IOException {
    String event =
        form.event.replace("\"content-type\":", "\"x-request-id\":\"own\",\"content-type\":");
    String rest = event.replace("\"Content-Type\":", "\"X-Request-Id\":\"own\",\"Content-Type\":");
    String many = rest.replace("\"own\",\"content-type\":[", "[\"own\"],\"content-type\":[");
    Reply reply = send(many.replace("\"own\",\"Content-Type\":[", "[\"own\"],\"Content-Type\":["));
    assertThat(reply.header("x-request-id")).isEqualTo("own");
  }

  /// The health check of a load balancer.
  @Test
  void aHealthCheckOfALoadBalancerIsAnswered() throws IOException {
    Reply reply =
        send(
            """
            {"requestContext":{"elb":{"targetGroupArn":"arn:aws:elasticloadbalancing:x"}},
             "httpMethod":"GET","path":"/v2/health/ready","queryStringParameters":{},
             "headers":{"user-agent":"ELB-HealthChecker/2.0"},"body":"",
             "isBase64Encoded":false}""");
    assertThat(reply.status()).isEqualTo(200);
    JsonNode ready = reply.json();
    assertThat(ready.get("ready").asBoolean()).isTrue();
  }

  /// Bytes that are not UTF-8, in every place where an event can hold a body.
  @ParameterizedTest
  @ValueSource(strings = {"/v1/embeddings", "/v2/models/all-minilm-l6-v2/infer"})
  void aBodyThatIsNotUtf8IsRefusedOnEveryWayIn(String path) {
    byte[] body = TestRequest.utf8("{\"model\":\"all-minilm-l6-v2\",\"input\":\"a#b\"}");
    for (int i = 0; i < body.length; i++) {
      body[i] = body[i] == '#' ? (byte) 0xE4 : body[i];
    }
    TestRequest request = TestRequest.post(path, body).with("content-type", "application/json");
    assertRefused(harness.send(request.event()));
    assertRefused(harness.send(request.restEvent()));
    assertRefused(harness.send(request.compressed().event()));
    TestRequest deflated = request.withBody(Deflated.zlib(body));
    assertRefused(harness.send(deflated.with("content-encoding", "deflate").event()));
    // half a surrogate pair, as text; and the bytes as they are, which no AWS service writes
    for (Form form : Form.values()) {
      String event = event(form.event).replace("/v1/embeddings", path);
      event = path.equals("/v1/embeddings") ? event : event.replace(BODY, INFER_BODY);
      assertRefused(harness.send(TestRequest.utf8(event.replace("gr\u00fc\u00dfe", "\\\\ud83d"))));
      assertRefused(harness.send(TestRequest.utf8(event.replace("gr\u00fc\u00dfe", "\\ud83d"))));
      assertRefused(harness.send(event.getBytes(StandardCharsets.ISO_8859_1)));
    }
  }

  private static void assertRefused(Reply reply) {
    assertThat(reply.status()).as(reply.text()).isEqualTo(400);
    assertThat(reply.text()).containsAnyOf("UTF-8", "Unicode");
  }

  private static Reply send(String event) {
    return harness.send(TestRequest.utf8(event(event)));
  }

  private static String event(String template) {
    return template.replace("@TRACE", TRACE).replace("@BODY", BODY);
  }
}
