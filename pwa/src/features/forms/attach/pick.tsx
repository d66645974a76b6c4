/** A button behind which the phone's own chooser opens: camera, gallery, or files. */
interface PickProps {
  /** Of the input, when the error summary is to find it here. */
  id?: string | undefined;
  label: string;
  accept: string | undefined;
  /** The camera opens at once. */
  camera?: boolean;
  look?: 'second' | 'quiet';
  describedBy?: string | undefined;
  busy: boolean;
  onFile: (file: File) => void;
}

export function Pick({ id, label, accept, camera = false, look = 'second', describedBy, busy, onFile }: PickProps) {
  return (
    <label class={`button ${look} pick`} aria-disabled={busy}>
      {label}
      <input
        id={id}
        type="file"
        accept={accept}
        capture={camera ? 'environment' : undefined}
        aria-describedby={describedBy}
        disabled={busy}
        onChange={({ currentTarget }) => {
          const [file] = currentTarget.files ?? [];
          if (file !== undefined) onFile(file);
          currentTarget.value = ''; // the same file may be chosen again
        }}
      />
    </label>
  );
}
