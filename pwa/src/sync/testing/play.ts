/** Reads histories (JSON) from standard input and writes their summaries: the other half of test_cross_language.py. */

import { readFileSync } from 'node:fs';

import { play, type Step } from './history.ts';

const histories = JSON.parse(readFileSync(0, 'utf-8')) as Step[][];
const summaries = await Promise.all(histories.map((history) => play(history).summary()));
process.stdout.write(JSON.stringify(summaries));
