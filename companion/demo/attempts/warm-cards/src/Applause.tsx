import { useState } from 'react';

/** Claps for a note. Not stored yet: the next attempt may add that. */
export function Applause() {
  const [claps, setClaps] = useState(0);
  return (
    <button className="applause" type="button" onClick={() => setClaps(claps + 1)}>
      Applaud <output>{claps}</output>
    </button>
  );
}
