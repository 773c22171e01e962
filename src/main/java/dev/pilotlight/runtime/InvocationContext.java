package dev.pilotlight.runtime;

import com.amazonaws.services.lambda.runtime.ClientContext;
import com.amazonaws.services.lambda.runtime.CognitoIdentity;
import com.amazonaws.services.lambda.runtime.Context;
import com.amazonaws.services.lambda.runtime.LambdaLogger;
import dev.pilotlight.domain.Afterwards;
import dev.pilotlight.domain.Deadline;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The handler's view of one invocation.
final class InvocationContext implements Context, Afterwards {
  private static final String MEMORY_DEFAULT = "128";

  private final Map<String, String> environment;
  private final Invocation invocation;
  private final LoopLog log;
  private final @Nullable ClientContext client;
  private final @Nullable CognitoIdentity identity;
  private final List<Runnable> afterwards = new ArrayList<>(0);
  private boolean accepted;

  /// @throws IOException if the client context or the identity is not JSON
  InvocationContext(Map<String, String> environment, Invocation invocation, LoopLog log)
      throws IOException {
    this.environment = environment;
    this.invocation = invocation;
    this.log = log;
    String clientJson = invocation.clientContext();
    String identityJson = invocation.cognitoIdentity();
    client = clientJson == null ? null : ContextJson.client(clientJson);
    identity = identityJson == null ? null : ContextJson.identity(identityJson);
  }

  @Override
  public void add(Runnable work) {
    afterwards.add(work);
  }

  @Override
  public Deadline end() {
    return Deadline.in(Duration.ofMillis(getRemainingTimeInMillis()));
  }

  @Override
  public boolean isAccepted() {
    return accepted;
  }

  /// The Runtime API took the response.
  void accept() {
    accepted = true;
  }

  /// Does the work that was added. A failure is logged and does not keep the rest from being done.
  ///
  /// @return false if a failure must end the process
  boolean finish() {
    boolean goesOn = true;
    for (int i = 0; i < afterwards.size(); i++) {
      try {
        afterwards.get(i).run();
      } catch (RuntimeException | Error e) {
        goesOn &= !Fault.isUnrecoverable(e);
        log.of(invocation).fault(Fault.of(e, false).report());
      }
    }
    return goesOn;
  }

  @Override
  public String getAwsRequestId() {
    return invocation.requestId();
  }

  @Override
  public @Nullable String getLogGroupName() {
    return environment.get("AWS_LAMBDA_LOG_GROUP_NAME");
  }

  @Override
  public @Nullable String getLogStreamName() {
    return environment.get("AWS_LAMBDA_LOG_STREAM_NAME");
  }

  @Override
  public @Nullable String getFunctionName() {
    return environment.get("AWS_LAMBDA_FUNCTION_NAME");
  }

  @Override
  public @Nullable String getFunctionVersion() {
    return environment.get("AWS_LAMBDA_FUNCTION_VERSION");
  }

  @Override
  public String getInvokedFunctionArn() {
    return invocation.functionArn();
  }

  @Override
  public @Nullable CognitoIdentity getIdentity() {
    return identity;
  }

  @Override
  public @Nullable ClientContext getClientContext() {
    return client;
  }

  @Override
  public int getRemainingTimeInMillis() {
    long remaining = invocation.deadlineMs() - System.currentTimeMillis();
    return Math.clamp(remaining, 0, Integer.MAX_VALUE);
  }

  @Override
  public int getMemoryLimitInMB() {
    return Integer.parseInt(
        environment.getOrDefault("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", MEMORY_DEFAULT));
  }

  @Override
  public LambdaLogger getLogger() {
    return log.of(invocation);
  }

  @Override
  public @Nullable String getTenantId() {
    return invocation.tenantId();
  }

  @Override
  public @Nullable String getXrayTraceId() {
    return invocation.traceId();
  }
}
