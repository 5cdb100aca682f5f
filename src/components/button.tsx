import type { LabIcon } from '@jupyterlab/ui-components';
import * as React from 'react';

export interface IButtonProps extends React.ButtonHTMLAttributes<HTMLButtonElement> {
  /** How much it stands out. */
  kind?: 'primary' | 'plain' | 'quiet' | 'link' | 'danger';
  icon?: LabIcon;
}

/** A real button in the look of JupyterLab. */
export const Button = React.forwardRef<HTMLButtonElement, IButtonProps>(
  ({ kind = 'plain', icon: Icon, className, children, ...rest }, ref) => {
    return (
      <button
        ref={ref}
        type="button"
        className={`jp-DaskButton jp-mod-${kind} ${className ?? ''}`}
        {...rest}
      >
        {Icon ? <Icon.react tag="span" className="jp-DaskButton-icon" /> : null}
        {children}
      </button>
    );
  }
);

export interface IIconButtonProps extends IButtonProps {
  icon: LabIcon;
  /** Its accessible name, shown as a tip. */
  label: string;
}

/** A button that shows only an icon. */
export const IconButton = React.forwardRef<HTMLButtonElement, IIconButtonProps>(
  ({ label, className, ...rest }, ref) => {
    return (
      <Button
        ref={ref}
        kind="quiet"
        className={`jp-mod-icon ${className ?? ''}`}
        aria-label={label}
        title={label}
        {...rest}
      />
    );
  }
);
