import { withoutDirectionMarks } from '../text/name.ts';

interface NameProps {
  /** A text from outside: a title, a branch, an agent. */
  of: string;
  class?: string;
  /** What the name stands for, said in the tooltip before it. */
  label?: string;
}

/** A foreign name on one line: cut where there is no room, whole in the tooltip, its direction kept to itself. */
export function Name({ of, class: className, label }: NameProps) {
  const name = withoutDirectionMarks(of);
  return (
    <bdi class={className ? `truncate ${className}` : 'truncate'} title={label ? `${label}: ${name}` : name}>
      {name}
    </bdi>
  );
}
