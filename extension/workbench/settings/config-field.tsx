import { useId } from 'preact/hooks';
import { text } from '../text/text.ts';
import { boundsOf, type ConfigField } from './config-fields.ts';

interface ConfigFieldProps {
  field: ConfigField;
  /** Empty where the file says nothing. */
  value: string;
  /** What holds then. */
  fallback: string;
  isInvalid: boolean;
  onChange: (value: string) => void;
}

/** One key of the file: its name in words and in the file, and what it says. */
export function ConfigFieldView(props: ConfigFieldProps) {
  const { field, isInvalid } = props;
  const id = useId();
  return (
    <div class={`config-field ${field.kind}`}>
      <label for={id}>
        {text(field.label)}
        <code class="quiet">{field.key.replace(/^isolation\.(backend\.)?/, '')}</code>
      </label>
      <span class="config-input">
        <Input {...props} id={id} />
        {field.unit && <span class="quiet">{field.unit}</span>}
      </span>
      {isInvalid && (
        <p class="config-fault" id={`${id}-fault`} role="alert">
          {expectation(field)}
        </p>
      )}
    </div>
  );
}

/** What the field takes, for whoever gave it something else. */
function expectation({ key, kind }: ConfigField): string {
  if (kind === 'number') {
    const { least, most } = boundsOf(key);
    return most === undefined
      ? text('config.invalid.number', { least })
      : text('config.invalid.range', { least, most });
  }
  if (kind === 'list') return text('config.invalid.hosts');
  return text(key === 'isolation.backend.instance_timeout' ? 'config.invalid.duration' : 'config.invalid');
}

function Input({ field, value, fallback, isInvalid, onChange, id }: ConfigFieldProps & { id: string }) {
  const described = {
    id,
    'aria-invalid': isInvalid,
    'aria-describedby': isInvalid ? `${id}-fault` : undefined,
  };
  if (field.kind === 'choice' || field.kind === 'switch') {
    const options = field.kind === 'switch' ? ['true', 'false'] : (field.options ?? []);
    const shown = value === '' || options.includes(value) ? options : [...options, value];
    return (
      <select
        {...described}
        class="select"
        value={value}
        onChange={(event) => onChange(event.currentTarget.value)}
      >
        <option value="">{defaultLabel(field, fallback)}</option>
        {shown.map((option) => (
          <option key={option} value={option}>
            {field.kind === 'switch' ? onOff(option) : option}
          </option>
        ))}
      </select>
    );
  }
  if (field.kind === 'list') {
    return (
      <textarea
        {...described}
        class="field config-list"
        rows={Math.min(8, Math.max(3, value.split('\n').length))}
        spellcheck={false}
        placeholder={'example.org\n*.example.com\napi.example.net:8443'}
        value={value}
        onInput={(event) => onChange(event.currentTarget.value)}
      />
    );
  }
  return (
    <input
      {...described}
      class="field"
      type="text"
      inputMode={field.kind === 'number' ? 'numeric' : 'text'}
      spellcheck={false}
      autocomplete="off"
      placeholder={fallback}
      value={value}
      onInput={(event) => onChange(event.currentTarget.value)}
    />
  );
}

const onOff = (option: string): string => text(option === 'true' ? 'config.on' : 'config.off');

function defaultLabel({ kind }: ConfigField, fallback: string): string {
  if (fallback === '') return text('config.automatic');
  return text('config.default', { value: kind === 'switch' ? onOff(fallback) : fallback });
}
