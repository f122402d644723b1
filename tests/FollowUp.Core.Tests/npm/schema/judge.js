// Reads { schema, plans: { name: yaml } } from standard input and writes what Ajv, in strict mode, says of each plan: { name: [message] }.
import Ajv2020 from 'ajv/dist/2020.js';
import { parse } from 'yaml';

let input = '';
process.stdin.setEncoding('utf8');
for await (const chunk of process.stdin) {
  input += chunk;
}

const { schema, plans } = JSON.parse(input);
// A grade decides the type of an offset, which Ajv's strict mode would have repeated where the type is known already.
const validate = new Ajv2020({ allErrors: true, strict: true, strictTypes: false, allowUnionTypes: true }).compile(schema);
const verdicts = {};
for (const [name, yaml] of Object.entries(plans)) {
  verdicts[name] = validate(parse(yaml)) ? [] : validate.errors.map(error => `${error.instancePath || '/'} ${error.message}`);
}

process.stdout.write(JSON.stringify(verdicts));
