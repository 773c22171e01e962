package dev.pilotlight.local.template;

import dev.pilotlight.local.wire.LambdaVariables;

/// The AWS account that local parts pretend to be in.
public final class LocalAccount {
  public static final String REGION = LambdaVariables.REGION;
  public static final String ID = "123456789012";

  private LocalAccount() {}
}
