/**
 * An area in the form: its four edges as numbers, a small map to draw it on, and
 * the extent of a GeoJSON file.
 */
import type { ReadonlyJSONObject } from '@lumino/coreutils';
import { ariaDescribedByIds } from '@rjsf/utils';
import type { FieldProps, RJSFSchema } from '@rjsf/utils';
import React from 'react';
import { inWords } from '../../cluster/errors';
import { isInvalid, listProps } from '../fields';
import type { IFormContext } from '../fields';
import { AreaMap } from './areaMap';
import { asBox } from './box';
import type { IOutline } from './geojson';
import type { IWorld } from './world';

/** The edges of an area in degrees, laid out as on a map, and the map. */
export function AreaField(
  props: FieldProps<ReadonlyJSONObject, RJSFSchema, IFormContext>
): JSX.Element {
  const { idSchema, formContext, schema } = props;
  const { formData, onChange } = listProps(props);
  const { trans, chooseOutline } = formContext!;
  const id = idSchema.$id;
  const [outline, setOutline] = React.useState<IOutline | null>(null);
  const [problem, setProblem] = React.useState('');
  const edges = [
    trans.__('West'),
    trans.__('South'),
    trans.__('East'),
    trans.__('North')
  ];
  const fromFile = async (choose: () => Promise<IOutline | null>) => {
    try {
      const chosen = await choose();
      setProblem('');
      if (chosen) {
        setOutline(chosen);
        onChange(chosen.box);
      }
    } catch (error) {
      setProblem(inWords(error));
    }
  };
  return (
    <div
      id={id}
      role="group"
      aria-labelledby={`${id}__title`}
      aria-describedby={ariaDescribedByIds(id)}
    >
      <div className="jp-TemplateBox">
        {edges.map((edge, index) => {
          const value = formData?.[index];
          return (
            <label className="jp-TemplateBox-edge" key={index}>
              <span>{edge}</span>
              <input
                className="jp-mod-styled jp-TemplateField-input"
                type="number"
                step="any"
                value={typeof value === 'number' ? value : ''}
                aria-invalid={isInvalid(id, formContext)}
                onChange={event => {
                  const number = event.target.valueAsNumber;
                  const next = edges.map(
                    (_, place) => formData?.[place] ?? null
                  );
                  next[index] = Number.isNaN(number) ? null : number;
                  onChange(next);
                }}
              />
            </label>
          );
        })}
      </div>
      <AreaMap
        label={schema.title ?? id}
        box={asBox(formData)}
        rings={outline?.rings ?? []}
        world={useWorld()}
        trans={trans}
        onChange={onChange}
      />
      {chooseOutline && (
        <button
          type="button"
          className="jp-mod-styled jp-TemplateBox-file"
          onClick={() => {
            void fromFile(chooseOutline);
          }}
        >
          {trans.__('Extent of a GeoJSON file…')}
        </button>
      )}
      {outline && (
        <p className="jp-TemplateField-help">
          {trans.__(
            'The whole box is computed, also what lies outside of the outline.'
          )}
        </p>
      )}
      {problem && (
        <p className="jp-TemplateField-error" role="alert">
          {problem}
        </p>
      )}
    </div>
  );
}

/** The outlines of the world, once they are loaded. Without them a map has its grid. */
function useWorld(): IWorld | null {
  const [world, setWorld] = React.useState<IWorld | null>(null);
  React.useEffect(() => {
    let here = true;
    void import('./world').then(
      ({ worldPaths }) => {
        if (here) {
          setWorld(worldPaths());
        }
      },
      () => undefined
    );
    return () => {
      here = false;
    };
  }, []);
  return world;
}
