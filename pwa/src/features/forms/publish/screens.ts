/** The officer's screens of forms, in one piece to load: residents never do. */
import './publish.css';

export { Forms } from './forms.tsx';
export { NewForm } from './newform.tsx';
