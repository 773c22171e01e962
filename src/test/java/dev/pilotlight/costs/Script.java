package dev.pilotlight.costs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.mozilla.javascript.Context;
import org.mozilla.javascript.ScriptableObject;

/// The scripts of the calculator's page that compute and read the form, with the table of terms, in
/// a JavaScript engine of Java. For one thread; to be closed.
final class Script implements AutoCloseable {
  private static final Path FORMULA = Path.of("src/calculator/formula.js");
  private static final Path FIELDS = Path.of("src/calculator/fields.js");
  private static final String INTL = // the engine has no Intl
      "var Intl = { NumberFormat: function () { this.format = String; } };";
  static final Path TERMS = Path.of("src/cli/resources/dev/pilotlight/cli/cost/terms.json");

  private final Context context;
  private final ScriptableObject scope;

  Script() {
    context = Context.enter();
    context.setLanguageVersion(Context.VERSION_ES6);
    scope = context.initSafeStandardObjects();
    try {
      var _ = run(Files.readString(FORMULA));
      context.setInterpretedMode(true); // what follows runs once: compiling it would take longer
      var _ = run("const terms = Formula.table(" + Files.readString(TERMS) + ");");
      var _ = run(INTL + Files.readString(FIELDS));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The value of a script, as text.
  String run(String script) {
    return Context.toString(context.evaluateString(scope, script, "script", 1, null));
  }

  double number(String script) {
    return Double.parseDouble(run(script));
  }

  @Override
  public void close() {
    Context.exit();
  }
}
