"use strict";

// The inputs: what each accepts, and the address that has them all.
const Fields = (() => {
  const REQUESTS_MAX = 1e12;
  const USD_MAX = 1e9;
  const format = new Intl.NumberFormat("en", { maximumFractionDigits: 10 });
  const whole = (name, title, min, max) => ({ name, title, kind: "whole", min, max });
  const decimal = (name, title, min, max) => ({ name, title, kind: "decimal", min, max });
  const choice = (name, title, choices) => ({ name, title, kind: "choice", choices });

  const STACK = ["memory", "processor", "min", "max", "cache", "door", "alarms"];

  // The texts of a preset's stack.
  const preset = (terms, name) => {
    const row = terms.presets.find((one) => one.name === name);
    return Object.fromEntries(STACK.map((field) => [field, String(row[field])]));
  };

  const example = (terms) => Object.assign({
    requests: "10000000", hits: "50", tokens: "128", model: "all-minilm", ms: "17.3",
    fleet: "machines", machines: "3", type: "m5.2xlarge", hour: "0.384", sum: "1000",
  }, preset(terms, "production"));

  const list = (terms) => [
    whole("requests", "Requests a month", 0, REQUESTS_MAX),
    decimal("hits", "Repeated texts", 0, 100),
    choice("model", "Model", [...terms.models.map((model) => model.name), "own"]),
    Object.assign(whole("tokens", "Tokens a text", 12, 128), {
      when: (raw) => raw.model !== "own", only: "model other than own",
    }),
    Object.assign(decimal("ms", "Milliseconds", 0.01, 900000), {
      when: (raw) => raw.model === "own", only: "model=own",
    }),
    choice("fleet", "Fleet", ["machines", "sum"]),
    Object.assign(whole("machines", "Machines", 0, 100000), {
      when: (raw) => raw.fleet !== "sum", only: "fleet=machines",
    }),
    Object.assign(choice("type", "Type", [...terms.machines.map((type) => type.name), "other"]), {
      when: (raw) => raw.fleet !== "sum", only: "fleet=machines",
    }),
    Object.assign(decimal("hour", "USD an hour", 0, 1000), {
      when: (raw) => raw.fleet !== "sum" && raw.type === "other", only: "type=other",
    }),
    Object.assign(decimal("sum", "USD a month", 0, USD_MAX), {
      when: (raw) => raw.fleet === "sum", only: "fleet=sum",
    }),
    whole("memory", "Memory", 128, 10240),
    choice("processor", "Processor", ["x86", "arm"]),
    whole("min", "Provisioned, least", 0, 10000),
    whole("max", "Provisioned, most", 0, 10000),
    choice("cache", "Cache", ["none", "valkey"]),
    choice("door", "Door", ["api", "url"]),
    choice("alarms", "Alarms", ["few", "all"]),
  ];

  const applies = (field, raw) => !field.when || field.when(raw);

  const accepted = (field) =>
    field.kind === "choice"
      ? field.choices.join(", ")
      : `${field.kind === "whole" ? "a whole number" : "a number such as 12.5"} ` +
        `from ${format.format(field.min)} to ${format.format(field.max)}`;

  // The number of a text such as 1,000,000 or 12.5; NaN for any other text.
  const number = (field, text) => {
    const digits = /^\d{1,3}([, ]\d{3})+(\.\d+)?$/.test(text) ? text.replace(/[, ]/g, "") : text;
    const form = field.kind === "whole" ? /^\d{1,15}$/ : /^\d{1,15}(\.\d{1,10})?$/;
    return form.test(digits) ? Number(digits) : NaN;
  };

  // Reads the fields that apply: their values by name, and a message for each that is wrong.
  const read = (fields, raw) => {
    const values = {};
    const errors = {};
    fields.filter((field) => applies(field, raw)).forEach((field) => {
      const text = (raw[field.name] || "").trim();
      if (field.kind === "choice") {
        values[field.name] = text;
        if (!field.choices.includes(text)) {
          errors[field.name] = `'${text}' is not one of: ${accepted(field)}`;
        }
        return;
      }
      const value = number(field, text);
      values[field.name] = value;
      if (!(value >= field.min && value <= field.max)) {
        errors[field.name] = `${text === "" ? "Empty" : `'${text}'`}: enter ${accepted(field)}`;
      }
    });
    if (!errors.min && !errors.max && values.min > values.max) {
      errors.min = `More than the most, which is ${format.format(values.max)}`;
    }
    return { values, errors };
  };

  // The fragment that has every field that applies.
  const fragment = (fields, raw) =>
    fields
      .filter((field) => applies(field, raw))
      .map((field) => {
        const text = (raw[field.name] || "").trim();
        const value = field.kind === "choice" ? text : String(number(field, text));
        return `${field.name}=${encodeURIComponent(value)}`;
      })
      .join("&");

  // Reads a fragment: the texts by name, with the example's for those that it leaves out, and
  // every reason to refuse it.
  const fromFragment = (terms, fields, text) => {
    const given = {};
    const refusals = [];
    text.split("&").filter((pair) => pair !== "").forEach((pair) => {
      const at = pair.indexOf("=");
      const name = at < 0 ? pair : pair.slice(0, at);
      if (at < 0 || !fields.some((field) => field.name === name)) {
        refusals.push(`${name}: there is no such value`);
      } else if (Object.hasOwn(given, name)) {
        refusals.push(`${name}: it is given twice`);
      } else {
        given[name] = decoded(pair.slice(at + 1));
      }
    });
    const raw = Object.assign({}, example(terms), given);
    const { errors } = read(fields, raw);
    fields.forEach((field) => {
      if (errors[field.name]) {
        refusals.push(`${field.name}: ${errors[field.name]}`);
      } else if (Object.hasOwn(given, field.name) && !applies(field, raw)) {
        refusals.push(`${field.name}: it goes only with ${field.only}`);
      }
    });
    const left = fields.filter((field) => applies(field, raw) && !Object.hasOwn(given, field.name));
    return { raw, refusals, absent: left.map((field) => field.name) };
  };

  const decoded = (text) => {
    try {
      return decodeURIComponent(text);
    } catch (error) {
      return text;
    }
  };

  // The values of the table of terms that the inputs stand for.
  const given = (terms, values) => {
    const measured = terms.models.find((model) => model.name === values.model) || terms.models[0];
    const same = terms.presets.find((row) => STACK.every((name) => row[name] === values[name]));
    const own = values.model === "own" ? { shortMs: values.ms, longMs: values.ms } : {};
    return Object.assign({}, measured.values, own, {
      requests: values.requests,
      hits: values.hits / 100,
      tokens: values.model === "own" ? measured.values.shortTokens : values.tokens,
      memoryMb: values.memory,
      arm: values.processor === "arm" ? 1 : 0,
      provisionedMin: values.min,
      provisionedMax: values.max,
      cached: values.cache === "valkey" ? 1 : 0,
      api: values.door === "api" ? 1 : 0,
      allAlarms: values.alarms === "all" ? 1 : 0,
      traced: 0,
      throttleRate: same ? same.throttleRate : terms.assumed.throttleRate,
    });
  };

  // USD a month of the fleet.
  const fleetUsd = (terms, values) => {
    if (values.fleet === "sum") {
      return values.sum;
    }
    const type = terms.machines.find((machine) => machine.name === values.type);
    return values.machines * (type ? type.usd : values.hour) * terms.assumed.monthHours;
  };

  return { example, preset, list, applies, read, fragment, fromFragment, given, fleetUsd };
})();
