/** How a paper of a Vietnamese office begins (Decree 30/2020/NĐ-CP, annex I): the office left, the state right. */
import type { ComponentChildren } from 'preact';

import './official.css';

interface OfficialProps {
  /** Who it goes to or comes from. */
  office: string;
  title: string;
  /** A line below the title: its number, or that it is not signed yet. */
  line?: ComponentChildren;
}

/** Seen on paper only. In Vietnamese whatever the language of the screen: the words are those of the state. */
export function Official({ office, title, line }: OfficialProps) {
  return (
    <header class="print-only official">
      <div class="official-heads" lang="vi">
        <p class="official-office">{office}</p>
        <p>
          <strong>CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM</strong>
          <br />
          <strong class="official-motto">Độc lập - Tự do - Hạnh phúc</strong>
        </p>
      </div>
      <p class="official-title">{title}</p>
      {line !== undefined && <p class="official-line">{line}</p>}
    </header>
  );
}
