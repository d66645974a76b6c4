/** Judges forms and answers that come as JSON on its input, for the test that compares this with the server. */
import { readFileSync } from 'node:fs';

import { type Case, judged } from './judged.ts';

const cases = JSON.parse(readFileSync(0, 'utf8')) as Case[];
process.stdout.write(JSON.stringify(cases.map(judged)));
