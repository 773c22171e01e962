package dev.pilotlight.handler;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import org.jspecify.annotations.Nullable;

/// An invocation as Lambda describes it.
public record TestContext(String id, int millis) implements Context {
  /// With a minute to go.
  public TestContext() {
    this(Harness.INVOCATION_ID, 60_000);
  }

  @Override
  public String getAwsRequestId() {
    return id;
  }

  @Override
  public int getRemainingTimeInMillis() {
    return millis;
  }

  @Override
  public String getLogGroupName() {
    return "";
  }

  @Override
  public String getLogStreamName() {
    return "";
  }

  @Override
  public String getFunctionName() {
    return "";
  }

  @Override
  public String getFunctionVersion() {
    return "";
  }

  @Override
  public String getInvokedFunctionArn() {
    return "";
  }

  @Override
  public @Nullable CognitoIdentity getIdentity() {
    return null;
  }

  @Override
  public @Nullable ClientContext getClientContext() {
    return null;
  }

  @Override
  public int getMemoryLimitInMB() {
    return 0;
  }

  @Override
  public @Nullable LambdaLogger getLogger() {
    return null;
  }
}
