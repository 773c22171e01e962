package dev.pilotlight.tenant;

import dev.pilotlight.support.Settings;

/// What names a tenant.
///
/// @param claim the claim of a JWT, or the key of a Lambda authorizer's context, that names the
///   tenant
public record TenantSettings(String claim) {

  public static TenantSettings from(Settings settings) {
    String claim =
        settings.text(
            "TENANT_CLAIM",
            "sub",
            "a claim's name",
            "the JWT claim, or Lambda authorizer context key, that names the tenant");
    if (claim.isEmpty()) {
      throw Settings.wrong("TENANT_CLAIM", claim, "a claim's name");
    }
    return new TenantSettings(claim);
  }
}
