package dev.pilotlight.store.client;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;

/// Credentials from the address in `AWS_CONTAINER_CREDENTIALS_FULL_URI`, asked for again before
/// they expire, and whenever they were forgotten: those of a snapshot may be older than they look.
/// Thread-safe.
final class ContainerCredentials implements AwsCredentialsProvider {
  private @Nullable ContainerCredentialsProvider provider;

  @Override
  public AwsCredentials resolveCredentials() {
    return provider().resolveCredentials();
  }

  synchronized void forget() {
    ContainerCredentialsProvider known = provider;
    if (known != null) {
      known.close();
      provider = null;
    }
  }

  private synchronized ContainerCredentialsProvider provider() {
    ContainerCredentialsProvider known = provider;
    if (known == null) {
      known = ContainerCredentialsProvider.create();
      provider = known;
    }
    return known;
  }
}
