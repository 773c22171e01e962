package dev.pilotlight.cli.cost;

/// Parses one expression by recursive descent.
final class FormulaParser {
  private final String text;
  private int at;

  FormulaParser(String text) {
    this.text = text;
  }

  Formula whole() {
    Formula formula = sum();
    if (at < text.length()) {
      throw unexpected("an operator");
    }
    return formula;
  }

  private Formula sum() {
    Formula sum = product();
    while (true) {
      Formula left = sum;
      if (take('+')) {
        Formula right = product();
        sum = values -> left.of(values) + right.of(values);
      } else if (take('-')) {
        Formula right = product();
        sum = values -> left.of(values) - right.of(values);
      } else {
        return sum;
      }
    }
  }

  private Formula product() {
    Formula product = factor();
    while (true) {
      Formula left = product;
      if (take('*')) {
        Formula right = factor();
        product = values -> left.of(values) * right.of(values);
      } else if (take('/')) {
        Formula right = factor();
        product = values -> left.of(values) / right.of(values);
      } else {
        return product;
      }
    }
  }

  private Formula factor() {
    if (take('(')) {
      Formula inner = sum();
      expect(')');
      return inner;
    }
    int start = at;
    while (at < text.length() && isPartOfWord(text.charAt(at))) {
      at++;
    }
    String word = text.substring(start, at);
    if (word.isEmpty()) {
      throw unexpected("a number, a name or a parenthesis");
    }
    if (isDigit(word.charAt(0))) {
      double number = Double.parseDouble(word);
      skipSpaces();
      return _ -> number;
    }
    return take('(') ? function(word) : named(word);
  }

  private Formula named(String name) {
    skipSpaces();
    return values -> {
      Double value = values.get(name);
      if (value == null) {
        throw new IllegalArgumentException("'" + name + "' has no value in '" + text + "'");
      }
      return value;
    };
  }

  private Formula function(String name) {
    Formula first = sum();
    if (name.equals("ceil")) {
      expect(')');
      return values -> Math.ceil(first.of(values));
    }
    expect(',');
    Formula second = sum();
    expect(')');
    return switch (name) {
      case "min" -> values -> Math.min(first.of(values), second.of(values));
      case "max" -> values -> Math.max(first.of(values), second.of(values));
      default -> throw unexpected("min, max or ceil in place of " + name);
    };
  }

  private boolean take(char wanted) {
    skipSpaces();
    if (at < text.length() && text.charAt(at) == wanted) {
      at++;
      skipSpaces();
      return true;
    }
    return false;
  }

  private void expect(char wanted) {
    if (!take(wanted)) {
      throw unexpected("'" + wanted + "'");
    }
  }

  private void skipSpaces() {
    while (at < text.length() && text.charAt(at) == ' ') {
      at++;
    }
  }

  private static boolean isPartOfWord(char c) {
    return isDigit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '.';
  }

  private static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private IllegalArgumentException unexpected(String wanted) {
    return new IllegalArgumentException(
        "'%s' needs %s at character %d".formatted(text, wanted, at + 1));
  }
}
