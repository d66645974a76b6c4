/** The desk where identities are checked, in one piece to load: only officers ever do. */
import '../../ui/style/meetings.css';
import '../../ui/style/desk.css';

export { Desk } from './desk.tsx';
