package dev.pilotlight.tenant;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.tenant.TenantSettings.ObjectRule;
import dev.pilotlight.tenant.TenantSettings.Rule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Names the tenant of a request, from what API Gateway's authorizer has proven, never from
/// anything the caller could write; and the tenant of a batch, from its object's key. Results are
/// kept, found and shown per tenant.
///
/// Every tenant's name begins with the rule that made it, so that no two rules give one name.
public final class Tenants {
  private static final String ASSUMED_ROLE = ":assumed-role/";
  private static final String JWT = "jwt";
  private static final String IAM = "iam";
  private static final String CLAIMS = "claims";
  private static final String USER_ARN = "iam.userArn";
  private static final String PRINCIPAL_ID = "principalId";
  private static final String COGNITO_ID = "iam.cognitoIdentity.identityId";
  private static final String[] CLAIM_PREFIXES = {"jwt.claims.", "claims.", "lambda.", ""};

  private final Rule rule;
  private final ObjectRule objects;
  private final String claim;
  private final String stack;
  private final String prefix;

  /// @param table of the results: each deployment has its own, also where several share one Redis
  public Tenants(TenantSettings settings, String table) {
    rule = settings.rule();
    objects = settings.objects();
    claim = settings.claim();
    stack = "stack:" + table;
    prefix = prefix(rule, claim);
  }

  private static String prefix(Rule rule, String claim) {
    if (rule == Rule.CLAIM) {
      return "claim:" + claim + ":";
    }
    return rule == Rule.COGNITO ? "cognito:" : "principal:";
  }

  /// The tenant of a request.
  ///
  /// @param authorizer the flattened authorizer context: `jwt.claims.…` or `claims.…` of a JWT,
  ///   `iam.…` of IAM, `lambda.…` or plain keys of a Lambda authorizer; empty without authorizer
  /// @throws Refusal FORBIDDEN if the rule needs a caller that the authorizer does not name
  public String of(Map<String, String> authorizer) {
    if (rule == Rule.STACK) {
      requireCaller(authorizer);
      return stack;
    }
    String name = name(authorizer);
    if (name == null || name.isBlank()) {
      throw nobody(missing());
    }
    return prefix + name;
  }

  /// The tenant of an object of lines.
  ///
  /// @param key as S3 has it
  /// @throws Refusal FORBIDDEN if it is in no folder, and its folder is to name the tenant
  public String ofObject(String key) {
    if (objects == ObjectRule.STACK) {
      return stack;
    }
    int end = key.indexOf('/');
    if (end <= 0 || key.substring(0, end).isBlank()) {
      throw Refusal.of(
          Refusal.Reason.FORBIDDEN,
          "key",
          "the object is in no folder; with PILOTLIGHT_BATCH_TENANT_FROM=folder the first folder of"
              + " a key names its tenant, as in ada/reviews.jsonl");
    }
    return prefix + key.substring(0, end);
  }

  private @Nullable String name(Map<String, String> authorizer) {
    if (rule == Rule.COGNITO) {
      return authorizer.get(COGNITO_ID);
    }
    if (rule == Rule.PRINCIPAL) {
      String arn = authorizer.get(USER_ARN);
      return arn == null || arn.isBlank() ? authorizer.get(PRINCIPAL_ID) : principal(arn);
    }
    for (String before : CLAIM_PREFIXES) {
      String value = authorizer.get(before + claim);
      if (value != null && !value.isBlank()) {
        return value;
      }
    }
    return null;
  }

  /// A role's sessions are one tenant: `…:assumed-role/Role/session` stands for `Role`. Colons
  /// stand for slashes, so that the name can be a folder's; no name in IAM has a colon.
  private static String principal(String arn) {
    String one = arn.contains(ASSUMED_ROLE) ? arn.substring(0, arn.lastIndexOf('/')) : arn;
    return one.replace('/', ':');
  }

  /// One tenant for all callers still means callers: an authorizer that names none proves nothing.
  private static void requireCaller(Map<String, String> authorizer) {
    boolean jwt = false;
    boolean claims = false;
    boolean iam = false;
    boolean identity = false;
    for (Map.Entry<String, String> entry : authorizer.entrySet()) {
      String key = entry.getKey();
      boolean says = !entry.getValue().isBlank();
      jwt |= key.equals(JWT) || key.startsWith("jwt.") || key.equals(CLAIMS);
      claims |= says && key.startsWith("jwt.claims.");
      iam |= key.equals(IAM) || key.startsWith("iam.");
      identity |= says && key.startsWith("iam.");
    }
    if (jwt && !claims) {
      throw nobody("the token has no claims");
    }
    if (iam && !identity) {
      throw nobody("the IAM authorizer names no identity");
    }
  }

  private String missing() {
    if (rule == Rule.CLAIM) {
      return "'" + claim + "' is missing";
    }
    return rule == Rule.COGNITO
        ? "they are not those of a Cognito identity pool's user"
        : "they are not those of an IAM user or role, nor of a Lambda authorizer's principal";
  }

  private static Refusal nobody(String reason) {
    return Refusal.of(
        Refusal.Reason.FORBIDDEN, "authorization", "the credentials name no tenant: " + reason);
  }
}
