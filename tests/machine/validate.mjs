// Hold every machine-readable report in a folder against the published schema of its
// format, and against the rules that the schemas do not show.
//   node validate.mjs SCHEMAS FOLDER
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import Ajv from "ajv";
import Ajv4 from "ajv-draft-04";
import addFormats from "ajv-formats";

const [schemas, folder] = process.argv.slice(2);
const options = { strict: false, allErrors: true, unicodeRegExp: true };
const OURS = "https://kdaudit.example/ns/oscal";

function compile(path, ajv) {
  addFormats(ajv);
  return ajv.compile(JSON.parse(readFileSync(join(schemas, path), "utf8")));
}

// Every value under a key, anywhere in a document.
function* values(node, key) {
  if (node === null || typeof node !== "object") return;
  for (const [k, v] of Object.entries(node)) {
    if (k === key) yield v;
    yield* values(v, key);
  }
}
function* objects(node) {
  if (node === null || typeof node !== "object") return;
  if (!Array.isArray(node)) yield node;
  for (const v of Object.values(node)) yield* objects(v);
}

function need(faults, truth, what) {
  if (!truth) faults.push(what);
}
function unique(faults, list, what) {
  const seen = new Set();
  for (const x of list) {
    need(faults, !seen.has(x), `${what} twice: ${x}`);
    seen.add(x);
  }
  return seen;
}

// Names that OSCAL itself defines, by the place of a property.
const OSCAL_NAMES = new Set(["label", "asset-id", "type", "version"]);
const RESOURCE_TYPES = new Set(["evidence", "plan"]);

function oscalProps(faults, doc) {
  for (const props of values(doc, "props")) {
    unique(faults, props.map((p) => [p.name, p.ns, p.class, p.group, p.value].join("\u0001")), "property");
    for (const p of props)
      need(faults, p.ns === OURS || (p.ns === undefined && OSCAL_NAMES.has(p.name)),
        `property ${p.name} has no name space`);
  }
  for (const o of objects(doc))
    for (const [k, v] of Object.entries(o))
      need(faults, k === "include-all" || typeof v !== "object" || Object.keys(v).length > 0, `${k} is empty`);
  for (const links of values(doc, "links"))
    unique(faults, links.map((l) => [l.href, l.rel, l["media-type"]].join("\u0001")), "link");
}

function oscalResults(doc, faults, siblings) {
  const ar = doc["assessment-results"];
  const result = ar.results[0];
  const resources = ar["back-matter"].resources;
  const ids = unique(faults, resources.map((r) => r.uuid), "resource uuid");
  for (const r of resources) {
    for (const p of r.props ?? [])
      if (p.name === "type" && !p.ns) need(faults, RESOURCE_TYPES.has(p.value), `resource type ${p.value}`);
    need(faults, r.rlinks?.length > 0, "a resource without rlinks");
    for (const l of r.rlinks ?? [])
      for (const h of l.hashes ?? []) need(faults, /^[0-9a-f]{64}$/.test(h.value), "a hash of wrong length");
  }
  need(faults, ids.has(ar["import-ap"].href.slice(1)), "import-ap leads nowhere");
  const local = result["local-definitions"];
  const items = unique(faults, (local["inventory-items"] ?? []).map((i) => i.uuid), "inventory item");
  const tools = unique(faults, local["assessment-assets"].components.map((c) => c.uuid), "component");
  for (const u of values(local["assessment-assets"], "component-uuid")) need(faults, tools.has(u), "a component leads nowhere");
  const observations = unique(faults, (result.observations ?? []).map((o) => o.uuid), "observation");
  const risks = unique(faults, (result.risks ?? []).map((r) => r.uuid), "risk");
  unique(faults, (result.findings ?? []).map((f) => f.uuid), "finding");
  for (const u of values(result, "actor-uuid")) need(faults, tools.has(u), "an actor leads nowhere");
  for (const u of values(result, "subject-uuid")) need(faults, items.has(u), "a subject leads nowhere");
  for (const u of values(result, "observation-uuid")) need(faults, observations.has(u), "an observation leads nowhere");
  for (const u of values(result, "risk-uuid")) need(faults, risks.has(u), "a risk leads nowhere");
  for (const list of values(result, "relevant-evidence"))
    for (const e of list) need(faults, !e.href || ids.has(e.href.slice(1)), "evidence leads nowhere");
  for (const f of result.findings ?? []) {
    const s = f.target.status;
    need(faults, s.state === "not-satisfied" || s.reason !== "fail", "satisfied by a fail");
  }
  const related = [...values(result.findings ?? [], "observation-uuid")];
  need(faults, new Set(related).size === observations.size, "an observation belongs to no finding");
  const catalog = siblings("oscal-catalog.json");
  if (catalog) {
    const known = new Set(values(catalog, "id"));
    for (const id of values(result, "control-id")) need(faults, known.has(id), `control ${id} is not in the catalog`);
    for (const id of values(result, "target-id")) need(faults, known.has(id), `target ${id} is not in the catalog`);
  }
  oscalProps(faults, doc);
}

const PARTS = new Set(["statement", "guidance", "assessment-objective"]);
function oscalCatalog(doc, faults) {
  oscalProps(faults, doc);
  for (const controls of values(doc, "controls"))
    for (const c of controls) {
      need(faults, c.parts?.some((p) => p.name === "statement" && p.prose), `${c.id} has no statement`);
      for (const p of values(c, "parts")) for (const x of p) need(faults, PARTS.has(x.name), `part ${x.name}`);
      unique(faults, values(c, "id"), "id");
    }
}

function sarif(doc, faults) {
  for (const run of doc.runs) {
    const rules = run.tool.driver.rules;
    unique(faults, rules.map((r) => r.id), "rule");
    need(faults, run.results.length <= 25000 || run.results.some((r) => r.kind), "more than 25,000 results");
    for (const r of rules) {
      need(faults, r.shortDescription.text.length <= 1024 && r.fullDescription.text.length <= 1024, "a long description");
      need(faults, r.help.text.length > 0, "an empty help");
      need(faults, (r.name ?? "").length <= 255, "a long name");
      need(faults, r.properties.tags.length <= 20, "many tags");
      const s = r.properties["security-severity"];
      need(faults, s === undefined || (Number(s) > 0 && Number(s) <= 10), `severity ${s}`);
    }
    unique(faults, run.results.map((r) => r.partialFingerprints["kdaudit/v1"]), "fingerprint");
    const based = run.results.filter((r) => r.baselineState).length;
    need(faults, based === 0 || based === run.results.length, "a baseline for some results only");
    for (const r of run.results) {
      need(faults, rules[r.ruleIndex]?.id === r.ruleId, "ruleIndex is another rule");
      need(faults, (r.kind ?? "fail") === "fail" || r.level === "none", `level ${r.level} with kind ${r.kind}`);
      need(faults, r.message.text.length > 0 && r.locations.length > 0, "a result says nothing or is nowhere");
      for (const l of [...r.locations, ...(r.relatedLocations ?? [])]) {
        const p = l.physicalLocation;
        need(faults, !/^([a-z][a-z0-9+.-]*:|\/)/i.test(p.artifactLocation.uri), `uri ${p.artifactLocation.uri}`);
        need(faults, p.region.startLine >= 1 && p.region.endColumn > p.region.startColumn, "an empty region");
      }
      need(faults, /^[0-9a-f]{16}:1$/.test(r.partialFingerprints.primaryLocationLineHash), "a fingerprint's form");
      need(faults, r.kind || r.properties.verdict !== "waived", "a waived result is an alert");
    }
  }
}

const OCSF_NAMES = { 1: "Pass", 2: "Warning", 3: "Fail", 99: null };
function ocsf(doc, faults) {
  need(faults, doc.class_uid === 2003 && doc.type_uid === 200300 + doc.activity_id, "class and type");
  const c = doc.compliance;
  need(faults, OCSF_NAMES[c.status_id] === null || OCSF_NAMES[c.status_id] === c.status, `status ${c.status}`);
  need(faults, Number.isInteger(doc.time) && (doc.time === 0 || doc.time > 1e12), "time is not in milliseconds");
  need(faults, doc.metadata.profiles.includes("cloud") && doc.cloud.provider === "AWS", "no cloud");
}

const HDF_STATUS = new Set(["passed", "failed", "skipped", "error"]);
function hdf(doc, faults) {
  for (const p of doc.profiles) {
    const ids = unique(faults, p.controls.map((c) => c.id), "control");
    for (const g of p.groups) for (const id of g.controls) need(faults, ids.has(id), `group names ${id}`);
    for (const c of p.controls) {
      for (const r of c.results) need(faults, HDF_STATUS.has(r.status), `status ${r.status}`);
      const open = c.results.some((r) => r.status === "error");
      need(faults, !c.waiver_data || !open, "waived, yet something is open");
      // Without results, or with none that applies, the reader must see "not applicable".
      need(faults, c.results.length > 0 || c.impact === 0, `${c.id} has no result, but an impact`);
    }
  }
}

// No schema is published for ASFF: the required members and lengths of the service model.
const ASFF = {
  type: "array",
  items: {
    type: "object",
    required: ["SchemaVersion", "Id", "ProductArn", "GeneratorId", "AwsAccountId", "CreatedAt", "UpdatedAt",
      "Title", "Description", "Resources", "Severity", "Compliance", "Workflow", "RecordState"],
    additionalProperties: false,
    properties: {
      SchemaVersion: { const: "2018-10-08" },
      Id: { type: "string", minLength: 1, maxLength: 512 },
      ProductArn: { type: "string", pattern: "^arn:aws[a-z-]*:securityhub:[a-z0-9-]+:[0-9]{12}:product/[0-9]{12}/default$" },
      GeneratorId: { type: "string", minLength: 1, maxLength: 512 },
      AwsAccountId: { type: "string", pattern: "^[0-9]{12}$" },
      Types: { type: "array", maxItems: 50, items: { type: "string", pattern: "^[^/]+(/[^/]+){0,2}$" } },
      CreatedAt: { type: "string", format: "date-time" },
      UpdatedAt: { type: "string", format: "date-time" },
      Severity: { type: "object", required: ["Label"], properties: { Label: { enum: ["INFORMATIONAL", "LOW", "MEDIUM", "HIGH", "CRITICAL"] } } },
      Title: { type: "string", minLength: 1, maxLength: 256 },
      Description: { type: "string", minLength: 1, maxLength: 1024 },
      Remediation: { type: "object", properties: { Recommendation: { type: "object", properties: { Text: { type: "string", minLength: 1, maxLength: 512 } } } } },
      ProductFields: { type: "object", maxProperties: 50, additionalProperties: { type: "string", maxLength: 2048 } },
      Resources: {
        type: "array", minItems: 1, maxItems: 32,
        items: { type: "object", required: ["Type", "Id"], properties: { Type: { type: "string", minLength: 1 }, Id: { type: "string", minLength: 1 }, Partition: { enum: ["aws", "aws-cn", "aws-us-gov", "aws-iso", "aws-iso-b", "aws-eusc"] } } },
      },
      Compliance: { type: "object", required: ["Status"], properties: { Status: { enum: ["PASSED", "WARNING", "FAILED", "NOT_AVAILABLE"] }, RelatedRequirements: { type: "array", minItems: 1, maxItems: 32 } } },
      Workflow: { type: "object", properties: { Status: { enum: ["NEW", "NOTIFIED", "RESOLVED", "SUPPRESSED"] } } },
      RecordState: { enum: ["ACTIVE", "ARCHIVED"] },
    },
  },
};
function asff(doc, faults) {
  unique(faults, doc.map((f) => f.Id), "Id");
  for (const f of doc) need(faults, Buffer.byteLength(JSON.stringify(f)) <= 240 * 1024, "a finding above 240 KB");
}

// in-toto publishes .proto files: names and cardinality, in lowerCamel.
const DESCRIPTOR = {
  type: "object", additionalProperties: false, minProperties: 1,
  properties: {
    name: { type: "string", minLength: 1 }, uri: { type: "string", format: "uri" }, annotations: { type: "object", minProperties: 1 },
    digest: { type: "object", minProperties: 1, additionalProperties: false, properties: { sha256: { type: "string", pattern: "^[0-9a-f]{64}$" } } },
  },
};
const NAMES = { type: "array", items: { type: "string", minLength: 1 } };
const IN_TOTO = {
  type: "object", additionalProperties: false, required: ["_type", "subject", "predicateType", "predicate"],
  properties: {
    _type: { const: "https://in-toto.io/Statement/v1" },
    subject: { type: "array", minItems: 1, items: { allOf: [DESCRIPTOR, { required: ["name", "digest"] }] } },
    predicateType: { const: "https://in-toto.io/attestation/test-result/v0.1" },
    predicate: {
      type: "object", additionalProperties: false, required: ["result", "configuration"],
      properties: {
        result: { enum: ["PASSED", "WARNED", "FAILED"] },
        configuration: { type: "array", minItems: 1, items: { allOf: [DESCRIPTOR, { anyOf: [{ required: ["uri"] }, { required: ["digest"] }] }] } },
        url: { type: "string" }, passedTests: NAMES, warnedTests: NAMES, failedTests: NAMES,
      },
    },
  },
};
function inToto(doc, faults) {
  const p = doc.predicate;
  unique(faults, doc.subject.map((s) => s.name), "subject");
  unique(faults, [...p.passedTests, ...p.warnedTests, ...p.failedTests], "test");
  const want = p.failedTests.length || !p.passedTests.length ? "FAILED" : p.warnedTests.length ? "WARNED" : "PASSED";
  need(faults, p.result === want || (p.result === "WARNED" && p.warnedTests.length), `result ${p.result}, not ${want}`);
}

const OSCAL = "oscal/1.1.3/oscal_";
const kinds = [
  { file: "oscal-assessment-results.json", schema: () => compile(`${OSCAL}assessment-results_schema.json`, new Ajv(options)), rules: oscalResults },
  { file: "oscal-catalog.json", schema: () => compile(`${OSCAL}catalog_schema.json`, new Ajv(options)), rules: oscalCatalog },
  { file: "results.sarif", schema: () => compile("sarif/sarif-schema-2.1.0.json", new Ajv4(options)), rules: sarif },
  { file: "results-all.sarif", schema: () => compile("sarif/sarif-schema-2.1.0.json", new Ajv4(options)), rules: sarif },
  { file: "results.ocsf.ndjson", schema: () => compile("ocsf/ocsf-1.8.0-compliance_finding.schema.json", new Ajv(options)), rules: ocsf, lines: true },
  { file: "results.hdf.json", schema: () => compile("hdf/exec-json.json", new Ajv(options)), rules: hdf },
  { file: "results.asff.json", schema: () => addFormats(new Ajv(options)).compile(ASFF), rules: asff },
  { file: "test-result.intoto.json", schema: () => addFormats(new Ajv(options)).compile(IN_TOTO), rules: inToto },
];

let passed = 0;
let failed = 0;
for (const kind of kinds) {
  const names = readdirSync(folder).filter((n) => n === kind.file || n.endsWith(`.${kind.file}`)).sort();
  if (!names.length) continue;
  const valid = kind.schema();
  for (const name of names) {
    const faults = [];
    const siblings = (file) => {
      try {
        return JSON.parse(readFileSync(join(folder, name.slice(0, name.length - kind.file.length) + file), "utf8"));
      } catch {
        return null;
      }
    };
    try {
      const text = readFileSync(join(folder, name), "utf8");
      const documents = kind.lines ? text.split("\n").filter(Boolean) : [text];
      for (const document of documents) {
        const doc = JSON.parse(document);
        if (!valid(doc)) faults.push(...valid.errors.map((e) => `${e.instancePath} ${e.message}`));
        kind.rules(doc, faults, siblings);
      }
      if (kind.lines) unique(faults, documents.map((d) => JSON.parse(d).finding_info.uid), "finding uid");
    } catch (e) {
      faults.push(String(e));
    }
    if (faults.length === 0) passed++;
    else {
      failed++;
      console.log(`${name}: ${faults.length} faults`);
      for (const f of faults.slice(0, 8)) console.log(`  ${f}`);
    }
  }
}
console.log(`machine: ${passed} passed, ${failed} failed, 0 skipped`);
process.exit(failed ? 1 : 0);
