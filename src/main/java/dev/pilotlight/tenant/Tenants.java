package dev.pilotlight.tenant;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.tenant.TenantSettings.ObjectRule;
import dev.pilotlight.tenant.TenantSettings.Rule;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Determines the tenant of a request from the context of API Gateway's authorizer, never from
/// anything that the caller could write, and the tenant of a batch from its object's key. Results
/// are kept and found per tenant. With API keys, the key determines the tenant.
///
/// Every tenant's name begins with its rule, so that two rules never produce the same name.
public final class Tenants {
  /// The first part of the name of a tenant whose callers have API keys.
  public static final String OF_KEY = "key:";

  private static final String NO_FOLDERS =
      "with API keys, batches need PILOTLIGHT_BATCH_TENANT_FROM=folder (the template's parameter"
          + " BatchTenantFrom=folder): without it all batches have one owner, and plans' quotas"
          + " and keys' models are not enforced for them";

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
  private final Caller ofStack;
  private final String prefix;

  /// @param table the table of the results: deployments that share one Redis have different tables
  public Tenants(TenantSettings settings, String table) {
    rule = settings.rule();
    objects = settings.objects();
    claim = settings.claim();
    stack = "stack:" + table;
    ofStack = Caller.of(stack);
    prefix = prefix(rule, claim);
  }

  /// One tenant for all callers.
  ///
  /// @param table as for the constructor
  public static Tenants ofStack(String table) {
    return new Tenants(new TenantSettings(Rule.STACK, "", ObjectRule.STACK, null), table);
  }

  private static String prefix(Rule rule, String claim) {
    if (rule == Rule.CLAIM) {
      return "claim:" + claim + ":";
    }
    if (rule == Rule.KEY) {
      return OF_KEY;
    }
    return rule == Rule.COGNITO ? "cognito:" : "principal:";
  }

  /// Returns the tenant of a request.
  ///
  /// @param authorizer the flattened authorizer context: `jwt.claims.…` or `claims.…` of a JWT,
  ///   `iam.…` of IAM, `lambda.…` or plain keys of a Lambda authorizer; empty without authorizer
  /// @throws Refusal FORBIDDEN if the authorizer does not identify the caller as the rule requires
  public String of(Map<String, String> authorizer) {
    if (rule == Rule.KEY) {
      throw new IllegalStateException("the request's key was not read");
    }
    if (rule == Rule.STACK) {
      requireCaller(authorizer);
      return stack;
    }
    String name = name(authorizer);
    if (name == null || name.isBlank()) {
      throw noTenant(missing());
    }
    return prefix + name;
  }

  /// Returns the caller of a request that no key identifies.
  ///
  /// @param authorizer as for [#of]
  /// @throws Refusal as [#of]
  public Caller caller(Map<String, String> authorizer) {
    String tenant = of(authorizer);
    return rule == Rule.STACK ? ofStack : Caller.of(tenant);
  }

  /// Returns the tenant of a batch's input object.
  ///
  /// @param key the object's key in S3
  /// @throws Refusal FORBIDDEN if the folder determines the tenant and the object is in none
  public String ofObject(String key) {
    return objects == ObjectRule.STACK ? stack : prefix + folder(key);
  }

  /// Returns the folder of a tenant's batches in the bucket of inputs, with its slash; empty if all
  /// batches belong to the deployment's tenant.
  ///
  /// @param tenant as [#of] returns it, or an API key's
  /// @throws Refusal FORBIDDEN if the tenant's name cannot be a folder, or callers have API keys,
  ///   whose quotas and models do not hold for batches of the deployment's tenant
  public String batchFolder(String tenant) {
    if (objects == ObjectRule.STACK) {
      if (rule == Rule.KEY) {
        throw Refusal.of(Refusal.Reason.FORBIDDEN, null, NO_FOLDERS);
      }
      return "";
    }
    String name = tenant.startsWith(prefix) ? tenant.substring(prefix.length()) : "";
    if (name.isBlank() || name.indexOf('/') >= 0) {
      throw Refusal.of(
          Refusal.Reason.FORBIDDEN,
          null,
          "the caller's tenant cannot have batches: with PILOTLIGHT_BATCH_TENANT_FROM=folder its"
              + " name is a folder; accepted: a name without '/'");
    }
    return name + "/";
  }

  /// Returns the first folder of a key, which names the tenant.
  ///
  /// @throws Refusal FORBIDDEN if the key is in none
  public static String folder(String key) {
    int end = key.indexOf('/');
    if (end <= 0 || key.substring(0, end).isBlank()) {
      throw Refusal.of(
          Refusal.Reason.FORBIDDEN,
          "key",
          "the object is in no folder; with PILOTLIGHT_BATCH_TENANT_FROM=folder the first folder of"
              + " a key names its tenant, as in ada/reviews.jsonl");
    }
    return key.substring(0, end);
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

  /// Returns the principal of an ARN. All sessions of a role are one tenant:
  /// `…:assumed-role/Role/session` becomes `Role`. Colons replace slashes, so that the name can be
  /// a folder; names in IAM have no colons.
  private static String principal(String arn) {
    String one = arn.contains(ASSUMED_ROLE) ? arn.substring(0, arn.lastIndexOf('/')) : arn;
    return one.replace('/', ':');
  }

  /// Refuses a request whose authorizer identifies no caller, even if all callers are one tenant.
  private static void requireCaller(Map<String, String> authorizer) {
    boolean jwt = false;
    boolean claims = false;
    boolean iam = false;
    boolean identity = false;
    for (Map.Entry<String, String> entry : authorizer.entrySet()) {
      String key = entry.getKey();
      boolean hasValue = !entry.getValue().isBlank();
      jwt |= key.equals(JWT) || key.startsWith("jwt.") || key.equals(CLAIMS);
      claims |= hasValue && key.startsWith("jwt.claims.");
      iam |= key.equals(IAM) || key.startsWith("iam.");
      identity |= hasValue && key.startsWith("iam.");
    }
    if (jwt && !claims) {
      throw noTenant("the token has no claims");
    }
    if (iam && !identity) {
      throw noTenant("the IAM authorizer names no identity");
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

  private static Refusal noTenant(String reason) {
    return Refusal.of(
        Refusal.Reason.FORBIDDEN, "authorization", "the credentials name no tenant: " + reason);
  }
}
