package dev.pilotlight.local;

import dev.pilotlight.local.runtime.Launch;
import dev.pilotlight.local.support.Option;
import dev.pilotlight.local.template.Presets;
import dev.pilotlight.local.template.Template;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/// Settings of a local stack: a value for each [Option], and settings that only tests and the build
/// change. Immutable: each `with…` method returns a changed copy.
public final class Options {
  private static final int PORT_MAX = 65_535;
  private static final int ENVIRONMENTS_MAX = 64;
  private static final int RETRY_MS_MAX = 600_000;
  private static final Duration GRACE = Duration.ofSeconds(1);

  /// Which lines of the function's log are shown.
  public enum Logs {
    /// All but structured lines of level DEBUG or INFO.
    WARN,
    ALL,
    OFF
  }

  private final Properties given;
  private final String classPath;
  private final Map<String, String> environment;
  private final Duration grace;

  private Options(
      Properties given, String classPath, Map<String, String> environment, Duration grace) {
    this.given = given;
    this.classPath = classPath;
    this.environment = environment;
    this.grace = grace;
  }

  /// From `-D` options.
  ///
  /// @throws IllegalArgumentException in one clear line if one is wrong
  public static Options from(Properties given) {
    Options options = new Options(copy(given), "", Map.of(), GRACE);
    Option.PORTS.forEach(options::port);
    int _ = options.environmentsMax();
    String _ = options.models();
    Optional<Path> _ = options.data();
    Duration _ = options.retryPause();
    Logs _ = options.logs();
    boolean _ = options.checksKeys();
    return options;
  }

  /// From `-D` options, but ports that are not given are free ones, and data are in memory unless a
  /// directory is given.
  public static Options onFreePortsUnlessIn(Properties given) {
    Properties changed = copy(given);
    for (Option port : Option.PORTS) {
      changed.putIfAbsent(port.optionName(), "0");
    }
    if (!Option.DATA.isIn(given)) {
      changed.setProperty(Option.DATA.optionName(), Option.MEMORY);
      changed.remove(Option.RESET.optionName());
    }
    return from(changed);
  }

  /// For tests: the defaults on free ports. The function is the package if there is one, so that
  /// tests run what ships.
  public static Options onFreePorts() {
    Properties given = new Properties();
    Path packaged = Path.of(Option.PACKAGE.in(System.getProperties()));
    if (Files.isExecutable(packaged.resolve(Launch.BOOTSTRAP))) {
      given.setProperty(Option.PACKAGE.optionName(), packaged.toString());
    }
    given.setProperty(Option.LOG_FILE.optionName(), Option.LOG_FILE.in(System.getProperties()));
    return onFreePortsUnlessIn(given);
  }

  private static Properties copy(Properties given) {
    Properties own = new Properties();
    for (Option option : Option.values()) {
      if (option.isIn(given)) {
        own.setProperty(option.optionName(), option.in(given));
      }
    }
    return own;
  }

  /// A port of 127.0.0.1; 0 for a free one.
  ///
  /// @param option one of [Option#PORTS]
  int port(Option option) {
    return option.number(given, 0, PORT_MAX);
  }

  /// Environments of each function at most.
  int environmentsMax() {
    return Option.ENVIRONMENTS.number(given, 1, ENVIRONMENTS_MAX);
  }

  /// An absolute directory, or `s3://bucket/prefix` in the stack's own S3. A package has its own
  /// models.
  String models() {
    String own = packaged().map(root -> root.resolve("models").toString()).orElse("");
    boolean isOwn = !own.isEmpty() && !Option.MODELS.isIn(given);
    return ModelPlace.resolve(isOwn ? own : Option.MODELS.in(given));
  }

  /// The directory that keeps the data between runs; empty for memory.
  Optional<Path> data() {
    String value = Option.DATA.in(given);
    if (!value.equals(Option.MEMORY)) {
      return Optional.of(Path.of(value).toAbsolutePath().normalize());
    }
    if (reset()) {
      throw new IllegalArgumentException(
          "-D%s has nothing to empty with -D%s=%s"
              .formatted(Option.RESET.optionName(), Option.DATA.optionName(), value));
    }
    return Optional.empty();
  }

  /// Whether the data directory is emptied first.
  boolean reset() {
    return Option.RESET.flag(given);
  }

  /// The template, with the parameters of the preset. A template without a `samconfig.toml` next to
  /// it has its defaults, unless a preset was asked for.
  ///
  /// @throws IllegalArgumentException in one clear line if either cannot be read or used
  public Template template() {
    Path file = Path.of(Option.TEMPLATE.in(given));
    Map<String, String> parameters =
        new HashMap<>(
            preset().map(name -> Presets.read(presets()).parameters(name)).orElse(Map.of()));
    if (checksKeys()) {
      parameters.put("Auth", "keys");
    }
    return Template.read(file, parameters);
  }

  /// Whether requests need an API key.
  ///
  /// @throws IllegalArgumentException in one clear line
  boolean checksKeys() {
    String value = Option.AUTH.in(given);
    if (value.isEmpty() || value.equals("keys")) {
      return !value.isEmpty();
    }
    throw new IllegalArgumentException(
        "-D%s is '%s'; accepted: keys, or no such option"
            .formatted(Option.AUTH.optionName(), value));
  }

  /// The preset's name; empty for the template's defaults.
  Optional<String> preset() {
    return Optional.of(Option.PRESET.in(given))
        .filter(_ -> Option.PRESET.isIn(given) || Files.exists(presets()));
  }

  private Path presets() {
    return Path.of(Option.TEMPLATE.in(given)).toAbsolutePath().resolveSibling(Presets.FILE);
  }

  /// The unzipped package whose function runs; empty for classes.
  Optional<Path> packaged() {
    return Optional.of(Option.PACKAGE.in(given))
        .filter(root -> !root.isEmpty())
        .map(root -> Path.of(root).toAbsolutePath().normalize());
  }

  /// The code of the function.
  ///
  /// @throws IllegalArgumentException in one clear line if the package cannot run here
  Launch.Code code() {
    if (packaged().isPresent()) {
      return Launch.Code.Packaged.at(packaged().get());
    }
    return classPath.isEmpty() ? Launch.Code.Classes.shipped() : new Launch.Code.Classes(classPath);
  }

  /// The function's environment variables that replace the template's and the runner's.
  Map<String, String> environment() {
    return environment;
  }

  /// How long the function may take to end when it is asked to.
  Duration grace() {
    return grace;
  }

  /// The pause before the first retry of an asynchronous event; the next one is twice as long.
  Duration retryPause() {
    return Duration.ofMillis(Option.RETRY_MS.number(given, 0, RETRY_MS_MAX));
  }

  /// The file to which all lines of functions are appended; empty for none.
  Optional<Path> logFile() {
    return Optional.of(Option.LOG_FILE.in(given)).filter(it -> !it.isEmpty()).map(Path::of);
  }

  Logs logs() {
    String value = Option.LOGS.in(given);
    for (Logs choice : Logs.values()) {
      if (choice.name().toLowerCase(Locale.ROOT).equals(value)) {
        return choice;
      }
    }
    throw new IllegalArgumentException(
        "-D%s is '%s'; accepted: warn, all, off".formatted(Option.LOGS.optionName(), value));
  }

  /// Changes a port.
  ///
  /// @param option one of [Option#PORTS]
  public Options withPort(Option option, int port) {
    return with(option, port);
  }

  /// Adds or replaces one environment variable of the function.
  public Options withVariable(String name, String value) {
    Map<String, String> changed = new HashMap<>(environment);
    changed.put(name, value);
    return new Options(given, classPath, Map.copyOf(changed), grace);
  }

  public Options withPreset(String preset) {
    return with(Option.PRESET, preset);
  }

  /// Has requests need an API key.
  public Options withKeys() {
    return with(Option.AUTH, "keys");
  }

  public Options withTemplate(Path file) {
    return with(Option.TEMPLATE, file);
  }

  /// Runs classes, not a package.
  public Options withClassPath(String changed) {
    return new Options(with(Option.PACKAGE, "").given, changed, environment, grace);
  }

  /// Runs the package in this directory, with its models.
  public Options withPackage(Path root) {
    return with(Option.PACKAGE, root).with(Option.MODELS, "");
  }

  public Options withEnvironmentsMax(int environments) {
    return with(Option.ENVIRONMENTS, environments);
  }

  public Options withModels(Path directory) {
    return with(Option.MODELS, directory);
  }

  public Options withGrace(Duration changed) {
    return new Options(given, classPath, environment, changed);
  }

  public Options withRetryPause(Duration pause) {
    return with(Option.RETRY_MS, pause.toMillis());
  }

  public Options withLogs(Logs logs) {
    return with(Option.LOGS, logs.name().toLowerCase(Locale.ROOT));
  }

  private Options with(Option option, Object value) {
    Properties changed = copy(given);
    changed.setProperty(option.optionName(), value.toString());
    return new Options(changed, classPath, environment, grace);
  }
}
