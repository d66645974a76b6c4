/** The screens that someone who fills a form needs, in one piece to load. */
import './fill/fill.css';

export { FilesNeeded } from './attach/waiting.tsx';
export { Answers, applicant, summaryFits } from './fill/answers.tsx';
export { Draft } from './fill/draft.tsx';
export { NewVersion } from './fill/newversion.tsx';
export { Import } from './fill/import.tsx';
export { Outbox } from './fill/outbox.tsx';
export { Questions } from './fill/questions.tsx';
export { Review } from './fill/review.tsx';
export { OfAll, OfDossier } from './known/notasked.tsx';
