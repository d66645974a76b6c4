/** A file that was added, as far as it can be shown: a picture, a sound, or its name to open. */
import { problemText, text } from '../../../text/index.ts';
import type { FileAnswer } from '../rules/form.ts';
import { sizeText } from '../../../ui/size.ts';
import { useFile } from './usefile.ts';

export function Preview({ file }: { file: FileAnswer }) {
  const { url, problem } = useFile(file).value;
  const { name, type, len } = file;
  const says = text('attach.file', { name, size: sizeText(len) });
  return (
    <figure class="attached">
      {url !== null && type.startsWith('image/') && <img src={url} alt={text('attach.alt', { name })} />}
      {url !== null && type.startsWith('audio/') && <audio src={url} controls aria-label={name} />}
      <figcaption>
        {url === null ? (
          says
        ) : (
          <a href={url} download={name}>
            {says}
          </a>
        )}
        {problem !== null && <span class="soft small">{problemText(problem)}</span>}
      </figcaption>
    </figure>
  );
}
