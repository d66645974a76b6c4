import { text } from '../../text/index.ts';

/** The portrait that an officer took; `photo` is base64url JPEG. */
export function Photo({ photo, day }: { photo: string; day: string }) {
  const data = photo.replaceAll('-', '+').replaceAll('_', '/');
  return <img class="portrait" src={`data:image/jpeg;base64,${data}`} alt={text('present.photo', { day })} />;
}
