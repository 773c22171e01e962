package dev.pilotlight.local.template;

/// The AWS account that local parts pretend to be in.
public final class LocalAccount {
  public static final String REGION = "us-east-1";
  public static final String ID = "123456789012";

  private LocalAccount() {}
}
