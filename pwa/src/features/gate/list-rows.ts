/** From the text of a list to rows of cells: a table with a delimiter, or lines as people paste them. */
import Papa from 'papaparse';

import { plain } from './plain.ts';

export interface Row {
  /** From 1, as a spreadsheet counts: a cell with a line break in it does not count twice. */
  line: number;
  cells: readonly string[];
  /** A quotation mark is opened and not closed, or stands in the middle of a cell. */
  quotes: boolean;
}

/** Where what stands in a row. A name may be spread over two columns. */
export interface Columns {
  name: readonly number[];
  email: number | null;
  language: number | null;
}

export interface Table {
  rows: readonly Row[];
  columns: Columns;
}

type Field = 'name' | 'family' | 'given' | 'email' | 'language';

const HEADERS: Readonly<Record<Field, readonly string[]>> = {
  name: [
    'ho va ten', 'ho ten', 'ten day du', 'ho va ten nguoi duoc moi', 'ho ten nguoi duoc moi', 'nguoi duoc moi',
    'khach moi', 'ten khach', 'ten khach moi', 'full name', 'fullname', 'name', 'guest', 'guest name', 'invitee',
  ],
  family: ['ho', 'ho dem', 'ho va dem', 'ho va ten dem', 'ho va chu dem', 'last name', 'surname', 'family name'],
  given: ['ten', 'first name', 'given name'],
  email: [
    'email', 'e mail', 'mail', 'dia chi email', 'dia chi e mail', 'thu dien tu', 'dia chi thu dien tu', 'dia chi thu',
    'hop thu', 'hop thu dien tu', 'email address', 'e mail address',
  ],
  language: ['ngon ngu', 'ngon ngu thu', 'tieng', 'language', 'lang', 'letter language'],
};
const DELIMITERS = [',', ';', '\t', '|'] as const;
/** A list may have a title above its header. */
const HEADER_WITHIN = 10;
const PASTED: Columns = { name: [0], email: 1, language: 2 };

/** Read a delimited text with or without a header. */
export function tableOf(text: string): Table {
  const { body, skipped, delimiter } = delimited(text);
  const rows = parsed(body, delimiter).map((row) => ({ ...row, line: row.line + skipped }));
  const header = headerOf(rows);
  if (header === null) return { rows, columns: guessed(rows) };
  return { rows: rows.slice(header.index + 1), columns: header.columns };
}

/** Read lines such as `An <an@vidu.vn>`, `An, an@vidu.vn`, `An an@vidu.vn`, `An`; or a piece of a spreadsheet. */
export function pastedOf(text: string): Table {
  const lines = text.split(/\r\n|\n|\r/);
  const first = lines.find((line) => line.trim() !== '') ?? '';
  if (text.includes('\t') || headerOf(parsed(first, delimited(first).delimiter)) !== null) return tableOf(text);
  const rows = lines.flatMap((line, index) =>
    piecesOf(line).map((cells): Row => ({ line: index + 1, cells, quotes: false })),
  );
  return { rows, columns: PASTED };
}

/** Cut a text like `Nguyễn An <an@vidu.vn>` in two; null for what is none. */
export function addressed(text: string): [name: string, email: string] | null {
  const match = /^([^<>]*)<([^<>]*)>([^<>]*)$/.exec(text);
  if (match === null) return null;
  const [, name = '', email = '', rest = ''] = match;
  // Whatever follows the address makes it a wrong one; it is not dropped in silence.
  return [unquoted(name), `${email.trim()} ${rest.replace(/^[\s;,.]+$/, '')}`.trim()];
}

function piecesOf(line: string): string[][] {
  if (line.trim() === '') return [];
  if (line.includes('<')) {
    const pieces = line.replace(/>\s*[;,]/g, '>\n').split('\n').filter((piece) => piece.trim() !== '');
    return pieces.map((piece) => addressed(piece) ?? [piece.trim()]);
  }
  const cells = line.split(/[,;]/).map((cell) => unquoted(cell));
  while (cells.length > 1 && cells.at(-1) === '') cells.pop();
  const [head = '', ...tail] = cells;
  if (tail.length === 0) {
    const apart = /^(.*?)\s*\(?(\S+@[^\s()]+)\)?$/.exec(head);
    return [apart === null ? [head] : [unquoted(apart[1] ?? ''), apart[2] ?? '']];
  }
  const swapped = head.includes('@') && !(tail[0] ?? '').includes('@');
  return [swapped ? [tail[0] ?? '', head, ...tail.slice(1)] : cells];
}

function unquoted(text: string): string {
  return text.trim().replace(/^["'“”](.*)["'“”]$/, '$1').trim();
}

/** Excel may say in a first line `sep=;` what parts the cells. Else a header tells best, then how often each stands. */
function delimited(text: string): { body: string; skipped: number; delimiter: string } {
  const said = /^\ufeff?sep=(.)(?:\r\n|\n|\r)/i.exec(text);
  if (said !== null) return { body: text.slice(said[0].length), skipped: 1, delimiter: said[1] ?? ',' };
  const body = text.replace(/^\ufeff/, '');
  const known = DELIMITERS.map((delimiter) => {
    const head = Papa.parse<string[]>(body, { delimiter, preview: HEADER_WITHIN }).data;
    return { delimiter, found: Math.max(0, ...head.map((cells) => fieldsOf(cells).size)) };
  });
  const best = known.reduce((a, b) => (b.found > a.found ? b : a));
  if (best.found > 1) return { body, skipped: 0, delimiter: best.delimiter };
  const { meta } = Papa.parse<string[]>(body, { delimitersToGuess: [...DELIMITERS], preview: 50 });
  return { body, skipped: 0, delimiter: meta.delimiter };
}

/** Where quotation marks do not pair, one of them would swallow the lines after it: then each line stands alone. */
function parsed(text: string, delimiter: string): Row[] {
  const { data, errors } = Papa.parse<string[]>(text, { delimiter });
  if (!errors.some(({ type }) => type === 'Quotes')) {
    return data.map((cells, index) => ({ line: index + 1, cells, quotes: false }));
  }
  return text.split(/\r\n|\n|\r/).map((line, index) => {
    const alone = Papa.parse<string[]>(line, { delimiter });
    const quotes = alone.errors.some(({ type }) => type === 'Quotes');
    return { line: index + 1, cells: quotes ? line.split(delimiter) : (alone.data[0] ?? ['']), quotes };
  });
}

function fieldsOf(cells: readonly string[]): Map<Field, number> {
  const fields = new Map<Field, number>();
  cells.forEach((cell, index) => {
    const word = plain(cell);
    for (const field of Object.keys(HEADERS) as Field[]) {
      if (HEADERS[field].includes(word) && !fields.has(field)) fields.set(field, index);
    }
  });
  return fields;
}

function headerOf(rows: readonly Row[]): { index: number; columns: Columns } | null {
  for (const [index, { cells }] of rows.slice(0, HEADER_WITHIN).entries()) {
    const fields = fieldsOf(cells);
    if (fields.size === 0) continue;
    const whole = fields.get('name');
    const parts = [fields.get('family'), fields.get('given')].filter((column) => column !== undefined);
    const english = fields.has('family') && fields.has('given') && /name/i.test(cells[fields.get('given') ?? 0] ?? '');
    const name = whole !== undefined ? [whole] : english ? parts.reverse() : parts;
    if (name.length === 0 && !fields.has('email')) continue;
    return { index, columns: { name, email: fields.get('email') ?? null, language: fields.get('language') ?? null } };
  }
  return null;
}

/** Without a header: the column of addresses is known by its @, and a name is what is first no number beside it. */
function guessed(rows: readonly Row[]): Columns {
  const width = rows.reduce((most, { cells }) => Math.max(most, cells.length), 0);
  const columns = Array.from({ length: width }, (_, column) => rows.map(({ cells }) => (cells[column] ?? '').trim()));
  const filled = columns.map((cells) => cells.filter((cell) => cell !== ''));
  const share = (column: number, fits: (cell: string) => boolean) => {
    const cells = filled[column] ?? [];
    return cells.length === 0 ? 0 : cells.filter(fits).length / cells.length;
  };
  const all = columns.map((_, column) => column);
  const isAddress = (cell: string) => /^[^\s<>]*@[^\s<>]*$/.test(cell);
  const shares = all.map((column) => share(column, isAddress));
  const most = Math.max(0, ...shares);
  const email = most > 0 ? shares.indexOf(most) : null;
  const name = all.find((column) => column !== email && share(column, (cell) => /\p{L}/u.test(cell)) > 0.5);
  const others = all.filter((column) => column !== email && column !== name);
  const language = others.find((column) => share(column, (cell) => languageOf(cell) !== null) > 0.5) ?? null;
  return { name: name === undefined ? [] : [name], email, language };
}

/** Return the language that a cell names: `vi`, `Tiếng Anh`, `English`; null for none that is known. */
export function languageOf(cell: string): 'vi' | 'en' | null {
  const word = plain(cell).replace(/^tieng /, '');
  if (['vi', 'vn', 'viet', 'viet nam', 'vietnamese', 'vie'].includes(word)) return 'vi';
  return ['en', 'anh', 'english', 'eng'].includes(word) ? 'en' : null;
}
