package dev.pilotlight.cache;

import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// Who we are in AWS, for a cache that asks.
///
/// @param region empty if nobody said
/// @param credentials as they are now: under SnapStart they change. May fail, and may take a
///   request, so never on a caller's time
public record AwsIdentity(
    Optional<String> region, Supplier<? extends AwsCredentialsIdentity> credentials) {}
