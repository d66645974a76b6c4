/** What an officer's screens of forms know without a screen. */
import type { RecordView } from '../../../data/records.ts';
import { publishedOf } from '../fill/model.ts';
import type { Form, Text } from '../rules/form.ts';

/** A version as the unit published it; `workbook` is the SHA-256 of its spreadsheet, where one was kept. */
export interface Version {
  readonly sha256: string;
  readonly form: Form;
  readonly current: boolean;
  readonly published: number;
  readonly workbook: string | null;
}

/** A procedure of the unit, its newest version first. */
export interface Procedure {
  readonly code: string;
  readonly versions: readonly [Version, ...Version[]];
}

/** One thing to mend or to know, where it stands in the spreadsheet, in both languages. `row` is 0 for none. */
export interface Problem extends Text {
  readonly sheet: string;
  readonly row: number;
  readonly column: string;
  readonly header: string;
  readonly code: string;
}

/** What the server says of a spreadsheet. `obstacles` counts what keeps the form from being published. */
export interface Checked {
  readonly form: Form | null;
  readonly sha256: string | null;
  readonly errors: readonly Problem[];
  readonly warnings: readonly Problem[];
  readonly obstacles: number;
}

/** Return the procedures of a unit by code. */
export function proceduresOf(views: readonly RecordView[], unit: string): Procedure[] {
  const versions = views.filter(({ values }) => values.unit === unit).flatMap((view) => versionOf(view) ?? []);
  const codes = [...new Set(versions.map(({ form }) => form.code))].sort();
  return codes.flatMap((code) => {
    const own = versions.filter(({ form }) => form.code === code);
    const [newest, ...older] = own.sort((one, other) => other.published - one.published);
    return newest === undefined ? [] : [{ code, versions: [newest, ...older] as const }];
  });
}

/** Return the cell of a problem as its spreadsheet shows it: `C5`, `C`, `5`, or nothing. */
export function cellOf({ column, row }: Problem): string {
  return `${column}${row === 0 ? '' : row}`;
}

function versionOf(view: RecordView): Version | null {
  const published = publishedOf(view);
  if (published === null) return null;
  const { form, sha256, superseded } = published;
  const { published_at: at, workbook } = view.values;
  return {
    sha256,
    form,
    current: !superseded,
    published: typeof at === 'number' ? at : 0,
    workbook: typeof workbook === 'string' ? workbook : null,
  };
}
