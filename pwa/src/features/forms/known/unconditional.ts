import type { Form } from '../rules/form.ts';

interface Part {
  readonly name: string;
  readonly questions?: readonly Part[];
}

/** Return a form whose every question applies and none is required: what is left to judge is whether answers fit. */
export function unconditional(form: Form): Form {
  return { ...form, pages: form.pages.map(bare) as Form['pages'] };
}

function bare(part: Part): object {
  const kept = Object.entries(part).filter(([name]) => name !== 'relevant' && name !== 'required');
  const inner = part.questions === undefined ? {} : { questions: part.questions.map(bare) };
  return { ...Object.fromEntries(kept), ...inner };
}
