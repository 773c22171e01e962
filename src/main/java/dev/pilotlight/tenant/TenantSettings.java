package dev.pilotlight.tenant;

import dev.pilotlight.support.Settings;
import org.jspecify.annotations.Nullable;

/// The rules that determine the tenant of a caller and of a batch.
///
/// @param rule determines the tenant of a caller
/// @param claim the JWT claim, or the key of a Lambda authorizer's context, for [Rule#CLAIM]; empty
///   otherwise
/// @param objects determines the tenant of a batch
/// @param keys how API keys are checked; null without them
public record TenantSettings(Rule rule, String claim, ObjectRule objects, @Nullable Keys keys) {
  private static final String FROM = "TENANT_FROM";
  private static final String ACCEPTED = "stack, principal, cognito, claim:<name>, key";
  private static final String CLAIM = "claim:";
  private static final String KEY = "key";

  /// How the tenant of a caller is determined.
  public enum Rule {
    /// One tenant for the whole deployment.
    STACK,
    /// The IAM user or role that signed, or the principal of a Lambda authorizer.
    PRINCIPAL,
    /// The user of a Cognito identity pool.
    COGNITO,
    /// A claim of the caller's token.
    CLAIM,
    /// The caller's API key.
    KEY
  }

  /// How API keys are checked.
  ///
  /// @param table of tenants and their keys
  /// @param unknownPerSecond the look-ups of unknown keys in a second
  /// @param edge the distribution before the API; null without one
  public record Keys(String table, int unknownPerSecond, @Nullable EdgeSettings edge) {}

  /// How the tenant of a batch's input object is determined.
  public enum ObjectRule {
    /// The deployment's tenant.
    STACK,
    /// The tenant whose name is the first folder of the object's key.
    FOLDER
  }

  /// Reads the settings.
  ///
  /// @throws IllegalArgumentException naming the setting that is wrong or was replaced
  public static TenantSettings from(Settings settings) {
    settings.refuseReplaced("TENANT_CLAIM", "PILOTLIGHT_TENANT_FROM=claim:<name>");
    settings.refuseReplaced("BATCH_TENANT", "PILOTLIGHT_BATCH_TENANT_FROM=stack or folder");
    String from =
        settings
            .of(
                FROM,
                "who shares results: the whole deployment, or one IAM user or role, one"
                    + " user of a Cognito identity pool, one value of a claim, one tenant of API"
                    + " keys")
            .text("stack", ACCEPTED);
    Rule rule = rule(from);
    ObjectRule objects =
        settings
            .of(
                "BATCH_TENANT_FROM",
                "who owns a batch's results: the whole deployment, or the tenant whose"
                    + " name is the first folder of the object's key")
            .oneOf(ObjectRule.STACK);
    if (objects == ObjectRule.FOLDER && rule == Rule.STACK) {
      throw new IllegalArgumentException(
          "PILOTLIGHT_BATCH_TENANT_FROM is 'folder', but no caller of the API could read the"
              + " results of a folder with PILOTLIGHT_TENANT_FROM 'stack'; accepted with folder:"
              + " principal, cognito, claim:<name>, key");
    }
    return new TenantSettings(
        rule,
        rule == Rule.CLAIM ? from.substring(CLAIM.length()).strip() : "",
        objects,
        keys(settings, rule == Rule.KEY));
  }

  /// @param byKey whether the key determines the tenant
  private static @Nullable Keys keys(Settings settings, boolean byKey) {
    String auth =
        settings
            .of(
                "AUTH",
                "who checks callers: the `gateway`, which is API Gateway or the function URL, or"
                    + " the function itself by API `keys`")
            .text("gateway", "gateway, keys");
    String table =
        settings
            .of("CLIENTS_TABLE", "the table of tenants and their API keys")
            .text("pilotlight-clients", "a DynamoDB table's name");
    int unknown =
        settings
            .of(
                "KEYS_UNKNOWN_PER_SECOND",
                "API keys that an environment does not know and looks up in a second; more are"
                    + " answered by 429")
            .number(10, 1, 10_000);
    if (!auth.equals("gateway") && !auth.equals("keys")) {
      throw Settings.wrong("AUTH", auth, "gateway, keys");
    }
    EdgeSettings edge = EdgeSettings.from(settings);
    if (edge != null && !byKey) {
      throw new IllegalArgumentException(
          "PILOTLIGHT_EDGE_SECRETS is set without PILOTLIGHT_AUTH 'keys'; accepted: both, or no"
              + " secrets");
    }
    if (byKey != auth.equals("keys")) {
      throw new IllegalArgumentException(
          "PILOTLIGHT_AUTH is '"
              + auth
              + (byKey ? "' with" : "' without")
              + " PILOTLIGHT_TENANT_FROM 'key'; accepted: both or neither");
    }
    return byKey ? new Keys(table, unknown, edge) : null;
  }

  private static Rule rule(String from) {
    if (from.equals("stack")) {
      return Rule.STACK;
    }
    if (from.equals("principal")) {
      return Rule.PRINCIPAL;
    }
    if (from.equals("cognito")) {
      return Rule.COGNITO;
    }
    if (from.equals(KEY)) {
      return Rule.KEY;
    }
    if (from.startsWith(CLAIM) && !from.substring(CLAIM.length()).isBlank()) {
      return Rule.CLAIM;
    }
    throw Settings.wrong(FROM, from, ACCEPTED);
  }
}
