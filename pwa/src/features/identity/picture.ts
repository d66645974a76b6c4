import { useEffect, useState } from 'preact/hooks';

/** Return an address for a picture that is in memory, and give it back when the picture goes. */
export function usePicture(photo: Blob | null): string | null {
  const [url, setUrl] = useState<string | null>(null);
  useEffect(() => {
    if (photo === null) return setUrl(null);
    const made = URL.createObjectURL(photo);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [photo]);
  return photo === null ? null : url;
}
