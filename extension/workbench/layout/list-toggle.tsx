import { IconButton } from '../design/button.tsx';
import { ListIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { listShown } from './shares.ts';

/** Shows or hides the list beside the stage. */
export function ListToggle() {
  return (
    <IconButton
      label={text('list.toggle')}
      icon={<ListIcon />}
      pressed={listShown.value}
      onClick={() => (listShown.value = !listShown.value)}
    />
  );
}
