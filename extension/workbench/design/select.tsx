interface SelectProps<Value extends string> {
  label: string;
  value: Value;
  options: readonly { value: Value; label: string }[];
  onChange: (value: Value) => void;
  disabled?: boolean;
}

/** One choice of several, in the platform's own list. */
export function Select<Value extends string>(props: SelectProps<Value>) {
  return (
    <select
      class="select"
      aria-label={props.label}
      title={props.label}
      value={props.value}
      disabled={props.disabled}
      onChange={(event) => {
        const chosen = props.options.find(({ value }) => value === event.currentTarget.value);
        if (chosen) props.onChange(chosen.value);
      }}
    >
      {props.options.map(({ value, label }) => (
        <option key={value} value={value}>
          {label}
        </option>
      ))}
    </select>
  );
}
