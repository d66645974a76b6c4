/** The screens of meetings, in one piece to load: only officers ever do. */
import '../../ui/style/meetings.css';
import '../../ui/style/passes.css';

export { Guest } from './guest.tsx';
export { Invite } from './invite.tsx';
export { Meeting } from './meeting.tsx';
export { EditMeeting, NewMeeting } from './meeting-form.tsx';
export { Meetings } from './meetings.tsx';
export { Sheet } from './sheet.tsx';
