package dev.pilotlight.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import dev.pilotlight.local.LocalStack;
import dev.pilotlight.local.Options;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/// A batch from upload to result by OpenAI's unmodified client in JavaScript.
@Timeout(300)
@EnabledIfSystemProperty(named = JavaScriptClientsIT.SCRIPTS, matches = ".+")
class JavaScriptBatchesIT {
  @Test
  void officialClientRunsBatchFromUploadToResult() throws Exception {
    try (LocalStack stack = LocalStack.start(Options.onFreePorts())) {
      assertThat(JavaScriptClientsIT.run(stack, "batches.mjs", List.of(Client.MODEL)).toString())
          .isEqualTo(
              "{\"status\":\"completed\",\"total\":3,\"completed\":2,\"failed\":1,"
                  + "\"output\":[\"a\",\"c\"],\"errors\":[\"b\"],\"listed\":true,\"unknown\":400}");
    }
  }
}
