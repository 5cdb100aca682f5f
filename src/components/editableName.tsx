import * as React from 'react';
import { useLanguage } from './language';
import { plainText } from '../plainText';

/** The longest name that a cluster can have. */
export const MAX_NAME = 64;

export interface IEditableNameProps {
  name: string;
  editing: boolean;
  onEdit: () => void;
  /** Called with null when nothing shall change. */
  onDone: (name: string | null) => void;
}

/** A name that turns into a text field on a double click or F2. */
export function EditableName(props: IEditableNameProps): JSX.Element {
  const { name, editing, onEdit, onDone } = props;
  const { trans } = useLanguage();
  const [text, setText] = React.useState(name);
  const input = React.useRef<HTMLInputElement>(null);
  const left = React.useRef(false);
  React.useLayoutEffect(() => {
    if (editing) {
      left.current = false;
      setText(name);
      input.current?.focus();
      input.current?.select();
    }
  }, [editing, name]);
  if (!editing) {
    const shown = plainText(name) || trans.__('Unnamed');
    return (
      <span
        className="jp-DaskCluster-name"
        title={shown}
        onDoubleClick={onEdit}
      >
        {shown}
      </span>
    );
  }
  const leave = (value: string | null): void => {
    if (!left.current) {
      left.current = true;
      const wanted = value?.trim() ?? '';
      onDone(wanted && wanted !== name ? wanted : null);
    }
  };
  return (
    <input
      ref={input}
      className="jp-DaskCluster-rename jp-mod-styled"
      aria-label={trans.__('Name of the cluster')}
      maxLength={MAX_NAME}
      value={text}
      onChange={event => setText(event.target.value)}
      onBlur={() => leave(text)}
      onKeyDown={event => {
        event.stopPropagation();
        if (event.key === 'Enter') {
          leave(text);
        } else if (event.key === 'Escape') {
          leave(null);
        }
      }}
    />
  );
}
