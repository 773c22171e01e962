package dev.pilotlight.store.client;

import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.ContainerCredentialsProvider;

/// Reads credentials from the address in `AWS_CONTAINER_CREDENTIALS_FULL_URI`, and again before
/// they expire or after [#forget()]: the credentials of a snapshot may have expired. Thread-safe.
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
