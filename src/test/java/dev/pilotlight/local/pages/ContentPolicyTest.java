package dev.pilotlight.local.pages;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import org.junit.jupiter.api.Test;

final class ContentPolicyTest {
  @Test
  void aPageWithoutInlineScriptsGetsNoDigest() {
    String policy = ContentPolicy.of("<script type=\"module\" src=\"/a.js\"></script>");
    assertThat(policy)
        .startsWith("default-src 'none'; script-src 'self'; style-src 'self';")
        .doesNotContain("unsafe", "sha256", "*");
  }

  @Test
  void scriptsAndStylesInThePageAreNamedByTheirDigests() throws Exception {
    String policy =
        ContentPolicy.of(
            "<style>a{}</style><script>\nlet a = 1;\r\n</script><script src=\"/b.js\"></script>"
                + "<script type=\"application/json\">{}</script>");
    assertThat(policy)
        .contains("style-src 'self' 'sha256-" + digest("a{}") + "';")
        .contains(
            "script-src 'self' 'sha256-%s' 'sha256-%s';"
                .formatted(digest("\nlet a = 1;\n"), digest("{}")));
  }

  private static String digest(String text) throws Exception {
    return Base64.getEncoder()
        .encodeToString(
            MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8)));
  }
}
