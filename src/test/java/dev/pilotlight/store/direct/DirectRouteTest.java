package dev.pilotlight.store.direct;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.support.http.HttpOrigin;
import java.net.URI;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.dynamodb.endpoints.DynamoDbEndpointParams;
import software.amazon.awssdk.services.dynamodb.endpoints.DynamoDbEndpointProvider;

class DirectRouteTest {
  private static final String LAMBDA = "AWS_LAMBDA_FUNCTION_NAME";

  /// Every region of the SDK has the SDK's endpoint, or is left to the SDK.
  @Test
  void regionsHaveTheSdksEndpoints() {
    int direct = 0;
    for (Region region : Region.regions()) {
      Optional<HttpOrigin> origin =
          DirectRoute.of(Map.of(LAMBDA, "f"), region.id(), Optional.empty());
      if (origin.isPresent()) {
        direct++;
        URI sdks =
            DynamoDbEndpointProvider.defaultProvider()
                .resolveEndpoint(DynamoDbEndpointParams.builder().region(region).build())
                .join()
                .endpointUrl()
                .toUri();
        assertThat(origin.get()).isEqualTo(HttpOrigin.of(sdks));
      }
    }
    assertThat(direct).isGreaterThan(25);
  }

  @ParameterizedTest
  @CsvSource({
    "eu-west-1, dynamodb.eu-west-1.amazonaws.com",
    "cn-north-1, dynamodb.cn-north-1.amazonaws.com.cn"
  })
  void knownPartitionsAreCalledDirectly(String region, String host) {
    assertThat(DirectRoute.of(Map.of(LAMBDA, "f"), region, Optional.empty()))
        .contains(new HttpOrigin(true, host, 443));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "us-gov-west-1",
        "us-iso-east-1",
        "us-isob-east-1",
        "eu-isoe-west-1",
        "eusc-de-east-1",
        "aws-global",
        "local",
        "",
        "eu-west-",
        "eu--1",
        "xx-west-1",
        "eu-west-1.evil",
        "eu-w/st-1"
      })
  void otherRegionsAreTheSdks(String region) {
    assertThat(DirectRoute.of(Map.of(LAMBDA, "f"), region, Optional.empty())).isEmpty();
  }

  @Test
  void outsideLambdaAwsIsTheSdks() {
    assertThat(DirectRoute.of(Map.of(), "eu-west-1", Optional.empty())).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "http://127.0.0.1:8000, true",
    "https://vpce-1.dynamodb.eu-west-1.vpce.amazonaws.com/, true",
    "http://127.0.0.1:8000/path, false",
    "http://user@127.0.0.1:8000, false",
    "http://127.0.0.1:8000/?a=b, false",
    "ftp://127.0.0.1, false",
    "127.0.0.1:8000/, false"
  })
  void endpointsThatAreSetMayHaveNoPath(String endpoint, boolean direct) {
    URI uri = endpoint.startsWith("1") ? URI.create("//" + endpoint) : URI.create(endpoint);
    assertThat(DirectRoute.of(Map.of(), "any", Optional.of(uri)).isPresent()).isEqualTo(direct);
  }

  @ParameterizedTest
  @CsvSource({
    "AWS_USE_FIPS_ENDPOINT, true, false",
    "AWS_USE_FIPS_ENDPOINT, false, true",
    "AWS_USE_DUALSTACK_ENDPOINT, TRUE, false",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE, required, false",
    "AWS_ACCOUNT_ID_ENDPOINT_MODE, preferred, true",
    "AWS_AUTH_SCHEME_PREFERENCE, sigv4a, false"
  })
  void settingsOfTheEndpointAreTheSdks(String name, String value, boolean direct) {
    Map<String, String> environment = new HashMap<>(Map.of(LAMBDA, "f", name, value));
    assertThat(DirectRoute.of(environment, "eu-west-1", Optional.empty()).isPresent())
        .isEqualTo(direct);
  }
}
