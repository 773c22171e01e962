// Reads files of Terraform with HashiCorp's own parser, and prints them as one object of JSON.
import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { parse } from "@cdktf/hcl2json";

const files = {};
for (const path of process.argv.slice(2)) {
  files[basename(path)] = await parse(path, readFileSync(path, "utf8"));
}
console.log(JSON.stringify(files));
