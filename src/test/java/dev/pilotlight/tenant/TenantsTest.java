package dev.pilotlight.tenant;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.pilotlight.domain.Refusal;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TenantsTest {
  private final Tenants tenants = new Tenants(new TenantSettings("sub"));

  @Test
  void withoutAuthorizerAllCallersAreOneTenant() {
    assertThat(tenants.of(Map.of())).isEqualTo("public");
  }

  @Test
  void aJwtClaimNamesTheTenant() {
    assertThat(tenants.of(Map.of("jwt.claims.sub", "acme"))).isEqualTo("claim:acme");
    assertThat(tenants.of(Map.of("claims.sub", "acme"))).isEqualTo("claim:acme");
  }

  @Test
  void theClaimIsASetting() {
    Tenants byClient = new Tenants(new TenantSettings("client_id"));
    assertThat(byClient.of(Map.of("jwt.claims.sub", "a", "jwt.claims.client_id", "b")))
        .isEqualTo("claim:b");
  }

  @Test
  void theSessionsOfARoleAreOneTenant() {
    String role = "arn:aws:sts::123456789012:assumed-role/Client/";
    assertThat(tenants.of(Map.of("iam.userArn", role + "monday")))
        .isEqualTo(tenants.of(Map.of("iam.userArn", role + "tuesday")));
  }

  @Test
  void twoUsersAreTwoTenants() {
    assertThat(tenants.of(Map.of("iam.userArn", "arn:aws:iam::123456789012:user/a")))
        .isNotEqualTo(tenants.of(Map.of("iam.userArn", "arn:aws:iam::123456789012:user/b")));
  }

  @Test
  void aClaimThatLooksLikeAnArnIsNotThatUser() {
    assertThat(tenants.of(Map.of("jwt.claims.sub", "arn:aws:iam::1:user/a")))
        .isNotEqualTo(tenants.of(Map.of("iam.userArn", "arn:aws:iam::1:user/a")));
  }

  @Test
  void anAuthorizerThatNamesNobodyIsRefused() {
    assertThatThrownBy(() -> tenants.of(Map.of("jwt.claims.scope", "read")))
        .isInstanceOf(Refusal.class)
        .hasMessageContaining("'sub' is missing");
  }
}
