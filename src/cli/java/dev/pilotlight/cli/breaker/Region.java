package dev.pilotlight.cli.breaker;

import dev.pilotlight.cli.aws.Asked;
import dev.pilotlight.cli.aws.AwsCalls;
import dev.pilotlight.cli.aws.AwsCalls.Call;
import dev.pilotlight.cli.aws.Urls;
import dev.pilotlight.cli.aws.XmlRows;
import dev.pilotlight.model.files.JsonFile;
import java.util.Optional;
import software.amazon.awssdk.http.SdkHttpMethod;

/// AWS in one region.
public record Region(AwsCalls calls, String name) {

  /// Asks by the query protocol, with one parameter.
  XmlRows query(String service, String version, String action, String parameter, String value)
      throws Refused {
    String encoded = Urls.encode(value);
    String body = "Action=%s&Version=%s&%s=%s".formatted(action, version, parameter, encoded);
    String xml = known(service, calls.ask(Call.query(service, name, body)));
    return known(service, XmlRows.of(xml));
  }

  /// Asks by the JSON protocol.
  JsonFile json(String service, String target, String body) throws Refused {
    String host = service + "." + name;
    return known(service, calls.askJson(Call.json(service, name, host, target, body)));
  }

  JsonFile get(String service, String path) throws Refused {
    return known(service, calls.askJson(Call.get(service, name, path)));
  }

  /// Gets what may be missing.
  ///
  /// @param missing the error's name, with which AWS answers that it is
  Optional<JsonFile> find(String service, String path, String missing) throws Refused {
    Asked<JsonFile> answer = calls.askJson(Call.get(service, name, path));
    return answer instanceof Asked.Unknown<JsonFile>(String reason) && reason.startsWith(missing)
        ? Optional.empty()
        : Optional.of(known(service, answer));
  }

  /// Changes something.
  ///
  /// @param body JSON, or empty
  void change(SdkHttpMethod method, String service, String path, String body) throws Refused {
    var _ = known(service, calls.ask(Call.rest(method, service, name, path, body)));
  }

  private static <T> T known(String service, Asked<T> asked) throws Refused {
    return switch (asked) {
      case Asked.Known<T>(T value) -> value;
      case Asked.Unknown<T>(String reason) -> throw new Refused(service + ": " + reason);
    };
  }
}
