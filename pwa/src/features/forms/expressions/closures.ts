/** Turns a parsed expression into closures, several times faster than walking it. `closures.py` is its twin. */
import { filtered, indexed, united } from './filtering.ts';
import { FUNCTIONS } from './functions.ts';
import { COMBINED, type Combine, type Run } from './operators.ts';
import { findsNodes, type Node } from './parser.ts';
import type { Frame } from './scope.ts';
import { type Argument, kinds } from './table.ts';
import { referred, stepped } from './tree.ts';
import { boolean, isNodes, type Nodes, number, type Scalar, scalar, string } from './values.ts';

type Gives<T> = (frame: Frame) => T;

/** What gives a part's value: nodes of what finds nodes, else a text, number or boolean. */
export function valueOf(node: Node): Run {
  if (findsNodes(node)) return nodesOf(node);
  if (node.op !== 'if') return scalarOf(node);
  const [condition, then, other] = [booleanOf(part(node, 0)), valueOf(part(node, 1)), valueOf(part(node, 2))];
  return (frame) => (condition(frame) ? then(frame) : other(frame));
}

/** The parser has counted the parts. */
const part = ({ parts }: Node, index: number): Node => parts[index] as Node;

/** What gives a part's plain value. */
function scalarOf(node: Node): Gives<Scalar> {
  const special = PLAIN.get(node.op);
  if (special) return special(node);
  if (COMBINED.has(node.op)) return chain(node);
  if (!findsNodes(node) && node.op !== 'if') return called(node);
  const run = valueOf(node);
  return (frame) => scalar(run(frame));
}

/** Runs operators that follow each other in a loop, so that a long sum needs no deep stack. */
function chain(node: Node): Gives<Scalar> {
  const steps: [Combine, Run][] = [];
  let at = node;
  for (let combine = COMBINED.get(at.op); combine; combine = COMBINED.get(at.op)) {
    steps.unshift([combine, valueOf(part(at, 1))]);
    at = part(at, 0);
  }
  const first = valueOf(at);
  return (frame) => {
    let value = first(frame);
    for (const [combine, right] of steps) value = combine(value, right, frame);
    return scalar(value);
  };
}

/** What finds the nodes of a part that does so; steps and predicates run in a loop, as operators do. */
function nodesOf(node: Node): Gives<Nodes> {
  const steps: ((nodes: Nodes, frame: Frame) => Nodes)[] = [];
  let at = node;
  while (['whole', 'step', 'filter', 'union'].includes(at.op)) {
    steps.unshift(further(at));
    at = part(at, 0);
  }
  const first = reference(at);
  return (frame) => {
    let nodes = first(frame);
    for (const step of steps) nodes = step(nodes, frame);
    return nodes;
  };
}

function reference(node: Node): Gives<Nodes> {
  const name = String(node.value);
  if (node.op === 'answer') return (frame) => referred(name, frame);
  if (node.op === 'outer') return (frame) => referred(name, { ...frame, row: frame.scope.row });
  const [answer, ...rest] = node.parts;
  const repeats = rest.filter((_, index) => index % 2 === 0).map(({ value }) => String(value));
  return indexed(String(answer?.value), repeats, rest.filter((_, index) => index % 2 === 1).map(numberOf));
}

function further(node: Node): (nodes: Nodes, frame: Frame) => Nodes {
  const name = String(node.value);
  if (node.op === 'step') return (nodes, frame) => stepped(nodes, name, frame);
  if (node.op === 'filter') {
    const [{ op }, { size }, predicate] = [part(node, 0), part(node, 1), valueOf(part(node, 1))];
    return (nodes, frame) => filtered(nodes, predicate, size, op === 'whole', frame);
  }
  if (node.op !== 'union') return (nodes) => nodes;
  const other = nodesOf(part(node, 1));
  return (nodes, frame) => united(nodes, other(frame));
}

function numberOf(node: Node): Gives<number> {
  const run = scalarOf(node);
  return (frame) => number(run(frame), frame.scope.offset);
}

function booleanOf(node: Node): Gives<boolean> {
  const run = valueOf(node);
  return (frame) => boolean(run(frame));
}

function textOf(node: Node): Gives<string> {
  const run = scalarOf(node);
  return (frame) => string(run(frame));
}

function textsOf(node: Node): Gives<readonly string[]> {
  const run = valueOf(node);
  return (frame) => {
    const value = run(frame);
    return isNodes(value) ? value.texts : [string(value)];
  };
}

function numbersOf(node: Node): Gives<readonly number[]> {
  const run = valueOf(node);
  return (frame) => {
    const value = run(frame);
    return (isNodes(value) ? value.texts : [value]).map((text) => number(text, frame.scope.offset));
  };
}

const CONVERTED: Readonly<Record<string, (node: Node) => Gives<Argument>>> = {
  t: textOf,
  d: numberOf,
  b: booleanOf,
  v: scalarOf,
  n: nodesOf,
  T: textsOf,
  D: numbersOf,
};

function called(node: Node): Gives<Scalar> {
  const found = FUNCTIONS.get(node.op);
  const call = found?.call;
  if (!call) throw new Error(`${node.op}() has no meaning`);
  const letters = kinds(found, node.parts.length);
  const parts = node.parts.map((each, index) => (CONVERTED[letters[index] ?? ''] ?? scalarOf)(each));
  return (frame) => {
    const values = parts.map((run) => run(frame));
    frame.meter.spend(1 + Math.floor(weight(values) / 16));
    return call(values, frame);
  };
}

/** How many characters and values a call looks at. */
function weight(values: readonly Argument[]): number {
  let total = 0;
  for (const value of values)
    if (typeof value === 'string') total += value.length;
    else if (Array.isArray(value)) total += value.length + weight(value as readonly Argument[]);
  return total;
}

/** position() and index(): a place among siblings. */
function place(node: Node): Gives<number> {
  const [reference] = node.parts;
  const innermost = (row: Frame['row']): number => row.at(-1)?.[1] ?? 1;
  if (reference) {
    const repeat = String(reference.value);
    return ({ row }) => row.find(([name]) => name === repeat)?.[1] ?? 1;
  }
  if (node.value === 'current') return ({ scope }) => innermost(scope.row);
  return node.value === '..' || node.op === 'index' ? ({ row }) => innermost(row) : ({ position }) => position;
}

function once(node: Node): Gives<Scalar> {
  const run = scalarOf(part(node, 0));
  return (frame) => frame.scope.this || run(frame);
}

function choiceName(node: Node): Gives<string> {
  const [question, value] = [String(node.value), textOf(part(node, 0))];
  return (frame) => frame.scope.label(question, value(frame));
}

function negative(node: Node): Gives<number> {
  const run = numberOf(part(node, 0));
  return (frame) => -run(frame);
}

const PLAIN: ReadonlyMap<string, (node: Node) => Gives<Scalar>> = new Map<string, (node: Node) => Gives<Scalar>>([
  ['column', ({ value }) => ({ scope }) => scope.column?.get(String(value)) ?? ''],
  ['constant', ({ value }) => () => value],
  ['index', place],
  ['jr:choice-name', choiceName],
  ['last', () => ({ size }) => size],
  ['negative', negative],
  ['once', once],
  ['own', () => ({ scope }) => scope.this],
  ['position', place],
  ['this', () => (frame) => frame.this],
]);
