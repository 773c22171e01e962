package dev.pilotlight.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import dev.pilotlight.support.Settings;
import dev.pilotlight.support.TestSettings;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class TenantsTest {
  private static final String ROLE = "arn:aws:sts::123456789012:assumed-role/Client/";
  private static final String USER_ARN = "iam.userArn";
  private static final String IDENTITY = "iam.cognitoIdentity.identityId";

  private final Tenants byStack = tenants("stack");
  private final Tenants byPrincipal = tenants("principal");
  private final Tenants byCognito = tenants("cognito");
  private final Tenants bySub = tenants("claim:sub");

  private static Tenants tenants(String from, String... more) {
    Map<String, String> environment = new HashMap<>(Map.of("PILOTLIGHT_TENANT_FROM", from));
    TestSettings.put(environment, "", more);
    return new Tenants(TenantSettings.from(new Settings(environment)), "table");
  }

  private static Tenants ofFolders(String from) {
    return tenants(from, "PILOTLIGHT_BATCH_TENANT_FROM", "folder");
  }

  @Test
  void stackIsOneTenantForCallersAndBatches() {
    assertThat(byStack.of(Map.of()))
        .isEqualTo("stack:table")
        .isEqualTo(byStack.of(Map.of("jwt.claims.sub", "acme")))
        .isEqualTo(byStack.of(Map.of(USER_ARN, ROLE + "monday")))
        .isEqualTo(byStack.of(Map.of("lambda", "")))
        .isEqualTo(byStack.ofObject("in/a.jsonl"));
  }

  @Test
  void stacksThatShareOneRedisAreDifferentTenants() {
    TenantSettings stack = TenantSettings.from(new Settings(Map.of()));
    assertThat(new Tenants(stack, "one").of(Map.of()))
        .isNotEqualTo(new Tenants(stack, "other").of(Map.of()));
  }

  @Test
  void aCallerWithoutKeyMayUseAllAndOwnsTheResultsOfItsTenant() {
    Caller caller = bySub.caller(Map.of("jwt.claims.sub", "acme"));
    assertThat(caller).isEqualTo(new Caller("claim:sub:acme", "", "", 0, null, null));
    assertThat(caller.owner()).isEqualTo("claim:sub:acme");
    assertThat(caller.mayUse("any")).isTrue();
    assertThat(byStack.caller(Map.of()).owner()).isEqualTo("stack:table");
  }

  @Test
  void aCallerIsNarrowedToModelsThatItMayUse() {
    Caller all = Caller.of("key:a");
    Caller some = all.limitedTo(Set.of("a", "b"));
    assertThat(all.limitedTo(null)).isEqualTo(all);
    assertThat(some.models()).containsExactlyInAnyOrder("a", "b");
    assertThat(some.limitedTo(Set.of("b", "c")).models()).containsExactly("b");
    assertThat(some.limitedTo(Set.of("c")).models()).isEmpty();
  }

  /// Neither a key's models nor its tenant's quota would hold for them.
  @Test
  void callersWithKeysHaveBatchesInFoldersAlone() {
    Tenants byKey = tenants("key", "PILOTLIGHT_AUTH", "keys");
    assertThatThrownBy(() -> byKey.batchFolder("key:ada"))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> assertThat(refusal.reason()).isEqualTo(Refusal.Reason.FORBIDDEN))
        .hasMessageContaining("BatchTenantFrom=folder");
    assertThat(byStack.batchFolder("stack:table")).isEmpty();
  }

  @Test
  void aClaimNamesTheTenant() {
    assertThat(bySub.of(Map.of("jwt.claims.sub", "acme"))).isEqualTo("claim:sub:acme");
    assertThat(bySub.of(Map.of("claims.sub", "acme"))).isEqualTo("claim:sub:acme");
    assertThat(bySub.of(Map.of("lambda.sub", "acme"))).isEqualTo("claim:sub:acme");
    assertThat(bySub.of(Map.of("sub", "acme"))).isEqualTo("claim:sub:acme");
  }

  @Test
  void theClaimIsASetting() {
    assertThat(
            tenants("claim:client_id")
                .of(Map.of("jwt.claims.sub", "a", "jwt.claims.client_id", "b")))
        .isEqualTo("claim:client_id:b");
  }

  @Test
  void theSessionsOfARoleAreOnePrincipal() {
    assertThat(byPrincipal.of(Map.of(USER_ARN, ROLE + "monday")))
        .isEqualTo(byPrincipal.of(Map.of(USER_ARN, ROLE + "tuesday")))
        .isEqualTo("principal:arn:aws:sts::123456789012:assumed-role:Client");
  }

  @Test
  void twoUsersAreTwoPrincipals() {
    assertThat(byPrincipal.of(Map.of(USER_ARN, "arn:aws:iam::123456789012:user/a")))
        .isNotEqualTo(byPrincipal.of(Map.of(USER_ARN, "arn:aws:iam::123456789012:user/b")));
  }

  @Test
  void usersOfAnIdentityPoolAreDistinctTenantsDespiteTheirSharedRole() {
    String arn = "arn:aws:sts::123456789012:assumed-role/Pool/CognitoIdentityCredentials";
    Map<String, String> ada = Map.of(USER_ARN, arn, IDENTITY, "eu-west-1:ada");
    Map<String, String> bob = Map.of(USER_ARN, arn, IDENTITY, "eu-west-1:bob");
    assertThat(byCognito.of(ada)).isEqualTo("cognito:eu-west-1:ada");
    assertThat(byCognito.of(bob)).isEqualTo("cognito:eu-west-1:bob");
    assertThat(byPrincipal.of(ada)).isEqualTo(byPrincipal.of(bob));
  }

  @Test
  void oneNameByTwoRulesIsTwoTenants() {
    String name = "arn:aws:iam::1:user/a";
    assertThat(
            new String[] {
              bySub.of(Map.of("jwt.claims.sub", name)),
              tenants("claim:org").of(Map.of("jwt.claims.org", name)),
              byPrincipal.of(Map.of(USER_ARN, name)),
              byCognito.of(Map.of(IDENTITY, name)),
              byStack.of(Map.of())
            })
        .doesNotHaveDuplicates();
  }

  @ParameterizedTest
  @CsvSource({
    "stack, jwt, ''",
    "stack, jwt.claims, ''",
    "stack, jwt.scopes, read",
    "stack, claims, ''",
    "stack, iam, ''",
    "stack, iam.userArn, ''",
    "principal, jwt.claims.sub, ada",
    "principal, iam.userArn, ' '",
    "principal, lambda, ''",
    "cognito, iam.userArn, arn:aws:iam::1:user/a",
    "cognito, iam.cognitoIdentity, ''",
    "claim:sub, jwt.claims.scope, read",
    "claim:sub, jwt.claims, ''",
    "claim:sub, jwt.claims.sub, ''",
    "claim:sub, iam.userArn, arn:aws:iam::1:user/a",
  })
  void authorizerWithoutCallerIsRefused(String from, String key, String value) {
    assertRefused(from, Map.of(key, value));
  }

  @ParameterizedTest
  @ValueSource(strings = {"principal", "cognito", "claim:sub"})
  void aRuleThatNeedsACallerRefusesRequestsWithoutAuthorizer(String from) {
    assertRefused(from, Map.of());
  }

  private static void assertRefused(String from, Map<String, String> authorizer) {
    assertThatThrownBy(() -> tenants(from).of(authorizer))
        .isInstanceOfSatisfying(
            Refusal.class, e -> assertThat(e.reason()).isEqualTo(Refusal.Reason.FORBIDDEN))
        .hasMessageStartingWith("the credentials name no tenant: ");
  }

  @Test
  void aFolderIsTheTenantWhoseCallerHasItsName() {
    assertThat(ofFolders("claim:sub").ofObject("ada/deep/x.jsonl"))
        .isEqualTo(bySub.of(Map.of("jwt.claims.sub", "ada")));
    assertThat(ofFolders("cognito").ofObject("eu-west-1:ada/x.jsonl"))
        .isEqualTo(byCognito.of(Map.of(IDENTITY, "eu-west-1:ada")));
    assertThat(ofFolders("principal").ofObject("arn:aws:iam::1:user:dept:ada/x.jsonl"))
        .isEqualTo(byPrincipal.of(Map.of(USER_ARN, "arn:aws:iam::1:user/dept/ada")));
  }

  @ParameterizedTest
  @ValueSource(strings = {"x.jsonl", "/x.jsonl", " /x.jsonl", ""})
  void anObjectWithoutFolderBelongsToNoTenant(String key) {
    assertThatThrownBy(() -> ofFolders("claim:sub").ofObject(key))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("the object is in no folder");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "user", "Stack", "claim", "claim:", "claim: ", "sub"})
  void anUnknownRuleStopsTheStart(String from) {
    assertThatThrownBy(() -> tenants(from))
        .hasMessageContaining("PILOTLIGHT_TENANT_FROM")
        .hasMessageContaining("stack, principal, cognito, claim:<name>");
  }

  @ParameterizedTest
  @CsvSource({
    "PILOTLIGHT_TENANT_CLAIM, set PILOTLIGHT_TENANT_FROM=claim:<name> instead",
    "PILOTLIGHT_BATCH_TENANT, set PILOTLIGHT_BATCH_TENANT_FROM=stack or folder instead",
  })
  void aSettingThatWasReplacedNamesTheOneToSet(String name, String instead) {
    assertThatThrownBy(() -> tenants("stack", name, "x"))
        .hasMessage(name + " is no longer a setting; " + instead);
  }

  @Test
  void foldersNeedCallersThatCouldReadTheirResults() {
    assertThatThrownBy(() -> ofFolders("stack"))
        .hasMessageContaining("accepted with folder: principal, cognito, claim:<name>");
  }

  @Test
  void aKeyNamesTheTenantsOfCallersAndFolders() {
    Tenants byKey =
        tenants("key", "PILOTLIGHT_AUTH", "keys", "PILOTLIGHT_BATCH_TENANT_FROM", "folder");
    assertThat(byKey.ofObject("ada/reviews.jsonl")).isEqualTo("key:ada");
    // a request whose key was not read has no tenant, whatever the event has
    assertThatThrownBy(() -> byKey.of(Map.of("jwt.claims.sub", "acme")))
        .isInstanceOf(IllegalStateException.class);
  }

  @ParameterizedTest
  @CsvSource({"key, gateway", "stack, keys", "claim:sub, keys", "key, Keys", "stack, jwt"})
  void keysGoWithTenantsOfKeys(String from, String auth) {
    assertThatThrownBy(() -> tenants(from, "PILOTLIGHT_AUTH", auth))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("PILOTLIGHT_AUTH is '" + auth + "'");
  }
}
