package dev.pilotlight.local;

/// The AWS account that local parts pretend to be in.
final class LocalAccount {
  static final String REGION = "us-east-1";
  static final String ID = "123456789012";

  private LocalAccount() {}
}
