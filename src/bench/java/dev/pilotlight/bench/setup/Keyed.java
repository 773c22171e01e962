package dev.pilotlight.bench.setup;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.pilotlight.bench.report.Cores;
import dev.pilotlight.local.DevelopmentKey;
import dev.pilotlight.local.template.Template;
import java.io.IOException;
import java.util.Map;

/// The function as `Auth=keys` deploys it, with a tenant and its API key in the table of clients.
public final class Keyed {
  private static final ObjectMapper MAPPER = new ObjectMapper();

  private final Setup setup;
  private final Template template;
  private final String key;

  private Keyed(Setup setup, Template template, String key) {
    this.setup = setup;
    this.template = template;
    this.key = key;
  }

  /// Makes the table, the tenant and the key.
  public static Keyed of(Setup setup) {
    Template template = Template.read(Setup.TEMPLATE, Map.of("Auth", "keys"));
    for (Template.Table table : template.tables()) {
      if (!setup.template().tables().contains(table)) {
        setup.dynamo().createTable(table.name(), table.keys(), table.timeToLive());
      }
    }
    return new Keyed(setup, template, DevelopmentKey.in(setup.dynamo()));
  }

  /// A fresh environment of the packaged function.
  ///
  /// @param variables added to Lambda's and the template's, or replacing them
  public FunctionProcess function(int memoryMb, Map<String, String> variables, Cores cores)
      throws IOException {
    return setup.function(template, memoryMb, variables, cores);
  }

  /// The event with the key.
  public byte[] signed(byte[] event) throws IOException {
    ObjectNode keyed = (ObjectNode) MAPPER.readTree(event);
    ((ObjectNode) keyed.get("headers")).put("authorization", "Bearer " + key);
    return MAPPER.writeValueAsBytes(keyed);
  }
}
