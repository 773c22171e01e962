"use strict";

// The cost of a month by the table of terms: the same operations in the same order as in
// dev.pilotlight.cli.cost (MonthlyCost, Formula), so that both get the same bits.
const Formula = (() => {
  const REQUESTS_MAX = 2 ** 50;

  // Parses an expression of numbers, names, + - * /, parentheses, min, max and ceil.
  const parse = (text) => {
    const words = text.match(/[0-9A-Za-z.]+|[-+*/(),]/g) || [];
    let at = 0;
    const take = (word) => words[at] === word && ++at > 0;
    const expect = (word) => {
      if (!take(word)) {
        throw new Error(`'${text}' needs '${word}'`);
      }
    };
    const named = (name) => (values) => {
      if (!Object.hasOwn(values, name)) {
        throw new Error(`'${name}' has no value in '${text}'`);
      }
      return values[name];
    };
    const call = (name) => {
      const first = sum();
      if (name === "ceil") {
        expect(")");
        return (values) => Math.ceil(first(values));
      }
      if (name !== "min" && name !== "max") {
        throw new Error(`'${text}' calls ${name}`);
      }
      expect(",");
      const second = sum();
      expect(")");
      return (values) => Math[name](first(values), second(values));
    };
    const factor = () => {
      if (take("(")) {
        const inner = sum();
        expect(")");
        return inner;
      }
      const word = words[at++];
      if (word === undefined || !/^[0-9A-Za-z.]+$/.test(word)) {
        throw new Error(`'${text}' needs a number or a name`);
      }
      if (/^[0-9]/.test(word)) {
        const number = Number(word);
        return () => number;
      }
      return take("(") ? call(word) : named(word);
    };
    const both = (apply, left, right) => (values) => apply(left(values), right(values));
    const chain = (next, operators) => () => {
      let result = next();
      while (Object.hasOwn(operators, words[at] || "")) {
        result = both(operators[words[at++]], result, next());
      }
      return result;
    };
    const product = chain(factor, { "*": (a, b) => a * b, "/": (a, b) => a / b });
    const sum = chain(product, { "+": (a, b) => a + b, "-": (a, b) => a - b });
    const whole = sum();
    if (at < words.length) {
      throw new Error(`'${text}' needs an operator before '${words[at]}'`);
    }
    return whole;
  };

  // Reads terms.json: parses its formulas once.
  const table = (json) => {
    const byName = (rows, value) => Object.fromEntries(rows.map((row) => [row.name, value(row)]));
    return Object.assign({}, json, {
      assumed: byName(json.assumptions, (row) => row.value),
      priced: byName(json.prices, (row) => row),
      derived: json.values.map((row) => ({ name: row.name, compute: parse(row.formula) })),
      counted: json.terms.map((term) => Object.assign({}, term, { count: parse(term.quantity) })),
    });
  };

  // The cost of a month.
  // given: every input by its name, a model's figures, and other values for names of the table
  const month = (terms, given) => {
    const values = Object.assign({}, terms.assumed, given);
    terms.derived.forEach((row) => {
      if (!Object.hasOwn(values, row.name)) {
        values[row.name] = row.compute(values);
      }
    });
    const lines = terms.counted.map((term) => {
      const name = term.price.replace("*", values.arm > 0 ? "arm" : "x86");
      const price = terms.priced[name];
      const quantity = term.count(values);
      return Object.assign({}, term, { quantity, price, usd: quantity * (price.usd / price.per) });
    });
    const sum = (included) =>
      lines.filter(included).reduce((total, line) => total + line.usd, 0);
    return {
      values,
      lines,
      total: sum(() => true),
      estimated: sum((line) => line.estimate),
      part: (name) => sum((line) => line.part === name),
    };
  };

  // The most requests a month that cost no more than a fleet; null if an idle month costs more, and
  // REQUESTS_MAX if so many cost no more either.
  const breakEven = (terms, given, fleetUsd) => {
    const isAtMost = (requests) =>
      month(terms, Object.assign({}, given, { requests })).total <= fleetUsd;
    if (!isAtMost(0)) {
      return null;
    }
    if (isAtMost(REQUESTS_MAX)) {
      return REQUESTS_MAX;
    }
    let low = 0;
    let high = REQUESTS_MAX;
    let middle = 0;
    while (high - low > 1) {
      middle = low + Math.floor((high - low) / 2);
      if (isAtMost(middle)) {
        low = middle;
      } else {
        high = middle;
      }
    }
    return low;
  };

  return { REQUESTS_MAX, parse, table, month, breakEven };
})();
