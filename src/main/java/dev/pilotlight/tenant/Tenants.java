package dev.pilotlight.tenant;

import dev.pilotlight.domain.Refusal;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Names the tenant of a request from what API Gateway's authorizer has proven, never from anything
/// the caller could write. Results are kept, found and shown per tenant.
public final class Tenants {
  /// The tenant of an API without authorizer: one for all.
  public static final String PUBLIC = "public";

  private static final String ASSUMED_ROLE = ":assumed-role/";

  private final String claim;

  public Tenants(TenantSettings settings) {
    this.claim = settings.claim();
  }

  /// The tenant of a request.
  ///
  /// @param authorizer the flattened authorizer context: `jwt.claims.…` or `claims.…` of a JWT,
  ///   `iam.…` of IAM, `lambda.…` or plain keys of a Lambda authorizer
  /// @throws Refusal FORBIDDEN if there was an authorizer but it names no tenant
  public String of(Map<String, String> authorizer) {
    if (authorizer.isEmpty()) {
      return PUBLIC;
    }
    for (String prefix : new String[] {"jwt.claims.", "claims.", "lambda.", ""}) {
      String named = authorizer.get(prefix + claim);
      if (named != null && !named.isBlank()) {
        return "claim:" + named;
      }
    }
    return iam(authorizer.get("iam.userArn"));
  }

  private String iam(@Nullable String arn) {
    if (arn == null || arn.isBlank()) {
      throw Refusal.of(
          Refusal.Reason.FORBIDDEN,
          "authorization",
          "the credentials name no tenant: '" + claim + "' is missing");
    }
    return "iam:" + withoutSession(arn);
  }

  /// A role's sessions are one tenant: `…:assumed-role/Role/session` stands for `Role`.
  private static String withoutSession(String arn) {
    return arn.contains(ASSUMED_ROLE) ? arn.substring(0, arn.lastIndexOf('/')) : arn;
  }
}
