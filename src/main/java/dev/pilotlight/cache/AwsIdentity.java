package dev.pilotlight.cache;

import java.util.Optional;
import java.util.function.Supplier;
import software.amazon.awssdk.identity.spi.AwsCredentialsIdentity;

/// The AWS identity that signs tokens for ElastiCache.
///
/// @param region empty if none is configured
/// @param credentials supplies the current ones, which change under SnapStart. May fail or make a
///   request: never call it on a caller's thread
public record AwsIdentity(
    Optional<String> region, Supplier<? extends AwsCredentialsIdentity> credentials) {}
