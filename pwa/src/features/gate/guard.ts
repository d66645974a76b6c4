/** The guard's screens, in one piece to load: nobody else does. */
import '../../ui/style/gate.css';
import '../../ui/style/verdict.css';
import '../../ui/style/gate-day.css';

export { Exchange } from './exchange.tsx';
export { Log } from './log.tsx';
export { Pair } from './pair.tsx';
export { Scan } from './scan.tsx';
export { Today } from './today.tsx';
