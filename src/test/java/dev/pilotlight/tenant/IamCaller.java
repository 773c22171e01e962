package dev.pilotlight.tenant;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Optional;

/// A caller, as the IAM authorizer of an HTTP API describes it.
public record IamCaller(String userArn, Optional<String> identityId) {
  public static IamCaller role(String name, String session) {
    return new IamCaller(
        "arn:aws:sts::123456789012:assumed-role/" + name + "/" + session, Optional.empty());
  }

  public static IamCaller cognito(String identityId) {
    return new IamCaller(
        role("Pool", "CognitoIdentityCredentials").userArn, Optional.of(identityId));
  }

  /// The authorizer of the event.
  public ObjectNode authorizer() {
    ObjectNode authorizer = JsonNodeFactory.instance.objectNode();
    ObjectNode iam = authorizer.putObject("iam");
    iam.put("accessKey", "ASIAEXAMPLE").put("accountId", "123456789012").put("userId", "AROA:s");
    iam.put("callerId", "AROA:s").putNull("principalOrgId").put("userArn", userArn);
    identityId.ifPresentOrElse(
        id ->
            iam.putObject("cognitoIdentity")
                .put("identityId", id)
                .put("identityPoolId", "eu-west-1:pool")
                .putArray("amr")
                .add("authenticated"),
        () -> iam.putNull("cognitoIdentity"));
    return authorizer;
  }
}
