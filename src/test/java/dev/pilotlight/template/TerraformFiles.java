package dev.pilotlight.template;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The files of `deploy/terraform` that follow from the template: a variable for each parameter,
/// and an output for each output. They are formatted as `terraform fmt` formats them.
///
/// @param root of the template
record TerraformFiles(Map<?, ?> root) {
  private static final String HEADER =
      """
      # A test makes this file from template.yaml: change that one, and run
      # mvn test -Dtest=TerraformTest -Ddocs.write=true
      """;

  private static final String OWN =
      """

      variable "name" {
        type        = string
        description = "Name of the stack"
        default     = "pilotlight"
      }

      variable "bucket" {
        type        = string
        description = "Existing bucket in the region of the stack, for the package and the template"
      }

      variable "package" {
        type        = string
        description = "Path of the package; without it target/pilotlight.zip of the repository"
        default     = null
      }

      variable "tags" {
        type        = map(string)
        description = "Tags of the stack, in addition to service"
        default     = {}
      }
      """;

  /// `variables.tf`
  String variables() {
    StringBuilder file = new StringBuilder(HEADER).append(OWN);
    Map<?, ?> parameters = Watching.map(root.get("Parameters"));
    parameters.forEach((name, value) -> variable(file, (String) name, Watching.map(value)));
    int width =
        parameters.keySet().stream().mapToInt(it -> String.valueOf(it).length()).max().orElse(0);
    file.append("\nlocals {\n  parameters = {\n");
    parameters.forEach(
        (name, value) -> {
          String variable = "var." + snakeCase((String) name);
          String text =
              switch (type(Watching.map(value))) {
                case "number" -> "tostring(%s)".formatted(variable);
                case "list(string)" -> "join(\",\", %s)".formatted(variable);
                default -> variable;
              };
          file.append("    %s = %s%n".formatted(padded((String) name, width), text));
        });
    return file.append("  }\n}\n").toString();
  }

  /// `outputs.tf`
  String outputs() {
    StringBuilder file = new StringBuilder(HEADER);
    Watching.map(root.get("Outputs"))
        .forEach(
            (name, value) -> {
              Map<?, ?> output = Watching.map(value);
              boolean conditional = output.containsKey("Condition");
              String description = output.get("Description") + (conditional ? "; may be null" : "");
              String all = "aws_cloudformation_stack.pilotlight.outputs";
              file.append("\noutput \"%s\" {%n".formatted(snakeCase((String) name)))
                  .append("  description = %s%n".formatted(quoted(description)))
                  .append(
                      conditional
                          ? "  value       = lookup(%s, \"%s\", null)%n".formatted(all, name)
                          : "  value       = %s[\"%s\"]%n".formatted(all, name))
                  .append("}\n");
            });
    return file.toString();
  }

  /// The name of a variable or an output.
  static String snakeCase(String name) {
    return name.replaceAll("(?<!^)([A-Z])", "_$1").toLowerCase(Locale.ROOT);
  }

  private static void variable(StringBuilder file, String name, Map<?, ?> parameter) {
    String variable = snakeCase(name);
    String type = type(parameter);
    file.append("\nvariable \"%s\" {%n".formatted(variable))
        .append("  type        = %s%n".formatted(type))
        .append("  description = %s%n".formatted(quoted(text(parameter, "Description"))))
        .append("  default     = %s%n".formatted(value(type, text(parameter, "Default"))))
        .append("  nullable    = false\n");
    String condition = condition("var." + variable, type, parameter);
    if (condition != null) {
      file.append("\n  validation {\n")
          .append("    condition     = %s%n".formatted(condition))
          .append(
              "    error_message = %s%n"
                  .formatted(quoted("%s %s.".formatted(variable, accepted(parameter)))))
          .append("  }\n");
    }
    file.append("}\n");
  }

  private static String type(Map<?, ?> parameter) {
    String type = text(parameter, "Type");
    return switch (type) {
      case "String" -> "string";
      case "Number" -> "number";
      case "CommaDelimitedList" -> "list(string)";
      default -> throw new IllegalArgumentException("no type of Terraform for " + type);
    };
  }

  private static String value(String type, String text) {
    return switch (type) {
      case "number" -> text;
      case "list(string)" -> text.isEmpty() ? "[]" : list(List.of(text.split(",")));
      default -> quoted(text);
    };
  }

  private static @Nullable String condition(String name, String type, Map<?, ?> parameter) {
    if (parameter.get("AllowedValues") instanceof List<?> values) {
      String list =
          type.equals("number")
              ? "[" + String.join(", ", values.stream().map(String::valueOf).toList()) + "]"
              : list(values);
      return "contains(%s, %s)".formatted(list, name);
    }
    if (parameter.containsKey("AllowedPattern")) {
      // CloudFormation matches the whole value
      return type.equals("string")
          ? "can(regex(%s, %s))".formatted(quoted(whole(text(parameter, "AllowedPattern"))), name)
          : null;
    }
    String least = bound(name, ">=", parameter.get("MinValue"));
    String most = bound(name, "<=", parameter.get("MaxValue"));
    String both = least + (least.isEmpty() || most.isEmpty() ? "" : " && ") + most;
    return both.isEmpty() ? null : both;
  }

  private static String whole(String pattern) {
    return "^(?:" + pattern + ")$";
  }

  private static String bound(String name, String operator, @Nullable Object value) {
    return value == null ? "" : "%s %s %s".formatted(name, operator, value);
  }

  private static String accepted(Map<?, ?> parameter) {
    if (parameter.get("AllowedValues") instanceof List<?> values) {
      return "must be one of "
          + String.join(", ", values.stream().map(TerraformFiles::shown).toList());
    }
    if (parameter.containsKey("AllowedPattern")) {
      return parameter.containsKey("ConstraintDescription")
          ? text(parameter, "ConstraintDescription")
          : "must match " + text(parameter, "AllowedPattern");
    }
    Object most = parameter.get("MaxValue");
    return "must be at least "
        + parameter.get("MinValue")
        + (most == null ? "" : ", and at most " + most);
  }

  private static String shown(Object value) {
    String text = String.valueOf(value);
    return text.isEmpty() ? "nothing" : text;
  }

  private static String list(List<?> values) {
    return "["
        + String.join(", ", values.stream().map(it -> quoted(String.valueOf(it))).toList())
        + "]";
  }

  private static String text(Map<?, ?> parameter, String key) {
    return String.valueOf(Objects.requireNonNull(parameter.get(key), key)).strip();
  }

  private static String quoted(String text) {
    return '"'
        + text.replace("\\", "\\\\")
            .replace("\"", "\\\"")
            .replace("${", "$${")
            .replace("%{", "%%{")
            .replace("\n", "\\n")
        + '"';
  }

  private static String padded(String text, int width) {
    return text + " ".repeat(width - text.length());
  }
}
