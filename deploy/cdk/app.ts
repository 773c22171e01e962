// Deploys Pilotlight's template, translated beforehand:
//   python -m template fixed target/pilotlight.zip target/deploy/template.json
// docs/deploy.md has the steps.
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { App, Stack } from "aws-cdk-lib";
import { Asset } from "aws-cdk-lib/aws-s3-assets";
import { CfnInclude } from "aws-cdk-lib/cloudformation-include";

const app = new App();
const target: string = app.node.tryGetContext("target") ?? "../../target";
const file = `${target}/pilotlight.zip`;
const templateFile = `${target}/deploy/template.json`;

// The versions of the functions follow from the digest in the template. With another package the alias
// would stay at the old version.
const digest = createHash("sha256").update(readFileSync(file)).digest("hex");
if (JSON.parse(readFileSync(templateFile, "utf8")).Metadata.Pilotlight.PackageSha256 !== digest) {
  throw new Error(`${templateFile} was made for another package; make it again`);
}

const stack = new Stack(app, "pilotlight", { tags: { service: "pilotlight" } });
const code = new Asset(stack, "Package", { path: file });
new CfnInclude(stack, "Template", {
  templateFile,
  parameters: { CodeBucket: code.s3BucketName, CodeKey: code.s3ObjectKey },
});
