import * as React from 'react';

/** One entry of a menu. */
export interface IPopupItem {
  id: string;
  label: string;
  /** A second line. */
  detail?: string;
  /** A short remark at the end of the first line. */
  note?: string;
  act: () => void;
}

export interface IPopupMenuProps {
  label: string;
  /** Groups with a line between them; empty ones are left out. */
  groups: IPopupItem[][];
  /** Esc, Tab, a click elsewhere. */
  onClose: () => void;
}

/** A menu with entries of two lines. It takes the focus when it is drawn. */
export function PopupMenu(props: IPopupMenuProps): JSX.Element {
  const { label, groups, onClose } = props;
  const menu = React.useRef<HTMLDivElement>(null);
  const items = (): HTMLElement[] => [
    ...(menu.current?.querySelectorAll<HTMLElement>('[role="menuitem"]') ?? [])
  ];
  React.useLayoutEffect(() => {
    items()[0]?.focus();
    const elsewhere = (event: MouseEvent): void => {
      if (!menu.current?.contains(event.target as Node)) {
        onClose();
      }
    };
    document.addEventListener('mousedown', elsewhere, true);
    return () => document.removeEventListener('mousedown', elsewhere, true);
  }, [onClose]);
  const onKeyDown = (event: React.KeyboardEvent): void => {
    const all = items();
    const at = all.indexOf(document.activeElement as HTMLElement);
    const goals: Record<string, number> = {
      ArrowDown: (at + 1) % all.length,
      ArrowUp: (at - 1 + all.length) % all.length,
      Home: 0,
      End: all.length - 1
    };
    if (event.key in goals) {
      all[goals[event.key]]?.focus();
    } else if (event.key === 'Escape' || event.key === 'Tab') {
      onClose();
    } else {
      return;
    }
    event.preventDefault();
    event.stopPropagation();
  };
  return (
    <div
      ref={menu}
      className="jp-DaskMenu"
      role="menu"
      aria-label={label}
      tabIndex={-1}
      onKeyDown={onKeyDown}
    >
      {groups
        .filter(group => group.length > 0)
        .map((group, index) => (
          <React.Fragment key={index}>
            {index > 0 ? (
              <div className="jp-DaskMenu-line" role="separator" />
            ) : null}
            {group.map(item => (
              <button
                key={item.id}
                type="button"
                role="menuitem"
                tabIndex={-1}
                className="jp-DaskMenu-item"
                onClick={item.act}
              >
                <span className="jp-DaskMenu-label">{item.label}</span>
                {item.note ? (
                  <span className="jp-DaskMenu-note">{item.note}</span>
                ) : null}
                {item.detail ? (
                  <span className="jp-DaskMenu-detail">{item.detail}</span>
                ) : null}
              </button>
            ))}
          </React.Fragment>
        ))}
    </div>
  );
}
