/** The page of a workshop file, as a participant sees it. */
import * as React from 'react';
import { Button } from '../components/button';
import { useLanguage } from '../components/language';
import { plainText } from '../plainText';
import { Checks } from './checks';
import { Announcements, HelpPanel } from './helpPanel';
import type { IWorkshopMaterial } from './model';
import type { ICheck } from './preflight';
import type { Obedience } from './obey';
import type { Run } from './run';
import { ScreenActs } from './screenActs';
import type { IScreenAct } from './screenActs';
import type { Sharing } from './sharing';
import { Spent } from './spent';
import { TimeLeft, WaitLeft } from './times';
import type { Voice } from './voice';

/** What a trainer can do with the file. */
export interface ITrainerActs {
  /** Show its form. */
  edit: () => void;
  /** Copy a link to it. @returns what was done, in words. */
  link: () => Promise<string>;
  /** Publish it under a code, which is told; absent where there is no hub. */
  publish?: () => Promise<string>;
  /** Open the trainer's page of its class. */
  teach: () => Promise<unknown>;
  /** What makes the screen good to teach with. */
  screen: () => IScreenAct[];
}

export interface IWorkshopPageProps {
  run: Run;
  openTemplate: (id: string) => Promise<unknown>;
  trainer?: ITrainerActs;
  /** What the person and the trainer say to each other. */
  voice?: Voice;
  /** What the page does because the trainer set it. */
  obedience?: Obedience;
  /** The person's consent to a file in the folder of the class. */
  sharing?: Sharing;
  /** Looks whether the class would work here. */
  look?: () => Promise<ICheck[]>;
  /** Shows what happened to the person's cluster, explained. */
  explain?: () => Promise<unknown>;
  /** It is shown to its trainer, and its buttons do nothing. */
  isPreview?: boolean;
}

/** All of the page. */
export function WorkshopPage(props: IWorkshopPageProps): JSX.Element | null {
  const { run, trainer, isPreview } = props;
  const { trans } = useLanguage();
  const [said, setSaid] = React.useState({ text: '', failed: false });
  const { reading } = run;
  const act = (verb: () => Promise<string | void>): void => {
    setSaid({ text: '', failed: false });
    verb().then(
      text => setSaid({ text: text ?? '', failed: false }),
      (error: Error) =>
        setSaid({
          text: trans.__(
            'That did not work: %1 Nothing of yours is lost; try again, or ask for help.',
            plainText(error.message, 300)
          ),
          failed: true
        })
    );
  };
  if (!reading) {
    return null;
  }
  if (!reading.workshop) {
    return (
      <div className="jp-Workshop-page" role="alert">
        <h1>
          {isPreview
            ? trans.__('Nobody can join yet')
            : trans.__('This workshop cannot be opened')}
        </h1>
        <ul>
          {reading.problems.map(problem => (
            <li key={problem}>{plainText(problem, 300)}</li>
          ))}
        </ul>
        {isPreview ? null : (
          <p>{trans.__('Nothing was started. Ask who gave you the file.')}</p>
        )}
        {trainer ? <ForTrainers trainer={trainer} act={act} /> : null}
      </div>
    );
  }
  const { workshop } = reading;
  return (
    <div className="jp-Workshop-page">
      <h1>{plainText(workshop.title, 120)}</h1>
      <TimeLeft workshop={run.ruled ?? workshop} />
      {props.obedience ? <Rules obedience={props.obedience} /> : null}
      {props.voice ? <Announcements voice={props.voice} /> : null}
      {(workshop.text ?? '').split(/\n\s*\n/).map((text, index) => (
        <p key={index}>{plainText(text, 8000)}</p>
      ))}
      <Join run={run} act={act} isPreview={isPreview} />
      {said.text ? (
        <p role={said.failed ? 'alert' : 'status'}>{said.text}</p>
      ) : null}
      {props.voice ? <Spent voice={props.voice} /> : null}
      {props.look ? <Checks look={props.look} /> : null}
      <section aria-label={trans.__('Notebooks and steps')}>
        <h2>{trans.__('Notebooks and steps')}</h2>
        {workshop.materials.map((material, index) => (
          <Material {...props} key={index} material={material} act={act} />
        ))}
        {props.explain && run.joining === 'joined' ? (
          <Button
            onClick={() => act(async () => void (await props.explain!()))}
          >
            {trans.__('What just happened?')}
          </Button>
        ) : null}
      </section>
      <HelpPanel
        channel={workshop.help}
        voice={props.voice ?? null}
        folder={workshop.shared}
        sharing={props.sharing ?? null}
        act={act}
      />
      {trainer ? <ForTrainers trainer={trainer} act={act} /> : null}
    </div>
  );
}

/** What the trainer has set while the class goes on, and what follows of it. */
function Rules({ obedience }: { obedience: Obedience }): JSX.Element {
  const { sentences, problem } = obedience;
  return (
    <>
      <div role="status" className={sentences[0] ? 'jp-Workshop-banner' : ''}>
        {sentences.map(sentence => (
          <p key={sentence}>{plainText(sentence, 400)}</p>
        ))}
      </div>
      {problem ? <p role="alert">{plainText(problem, 600)}</p> : null}
    </>
  );
}

/** Does something, and says how it went. */
export type Act = (verb: () => Promise<string | void>) => void;

interface IJoinProps {
  run: Run;
  act: Act;
  isPreview?: boolean;
}

function Join({ run, act, isPreview }: IJoinProps): JSX.Element {
  const { trans } = useLanguage();
  const { plan, joining } = run;
  return (
    <section aria-label={trans.__('What happens when you join')}>
      <h2>{trans.__('What happens when you join')}</h2>
      <ul>
        {plan?.sentences.map(text => (
          <li key={text}>{plainText(text, 300)}</li>
        ))}
      </ul>
      {plan?.problem ? (
        <p role="alert">{plainText(plan.problem, 300)}</p>
      ) : null}
      <div className="jp-Workshop-acts">
        {joining === 'waiting' ? (
          <>
            <WaitLeft workshop={run.workshop!} due={run.due} />
            <Button onClick={() => run.cancel()}>{trans.__('Cancel')}</Button>
          </>
        ) : (
          <Button
            kind="primary"
            disabled={isPreview || joining === 'copying' || !!plan?.problem}
            onClick={() => act(() => run.join())}
          >
            {joining === 'joined' ? trans.__('Go on') : trans.__('Join')}
          </Button>
        )}
        {joining === 'joined' && run.clusters.length > 0 ? (
          <Button
            aria-label={trans.__('Fresh cluster: stop yours, start another')}
            onClick={() =>
              act(async () => {
                await run.renew();
                return trans.__(
                  'A fresh cluster starts. Connect your notebook to it, and run its cells again.'
                );
              })
            }
          >
            {trans.__('Fresh cluster')}
          </Button>
        ) : null}
      </div>
    </section>
  );
}

interface IMaterialProps extends IWorkshopPageProps {
  material: IWorkshopMaterial;
  act: Act;
}

function Material(props: IMaterialProps): JSX.Element {
  const { run, act, material, openTemplate, isPreview } = props;
  const { trans } = useLanguage();
  const { notebook, template, steps } = material;
  const title = plainText(material.title || notebook || template || '', 120);
  const done = trans.__('done');
  const open = trans.__('not done yet');
  return (
    <div className="jp-Workshop-material">
      <h3>{title}</h3>
      {steps && steps.length > 0 ? (
        <ul className="jp-Workshop-steps">
          {steps.map(step => {
            const isDone = run.done.has(step.id);
            return (
              <li key={step.id} className={isDone ? 'jp-mod-done' : ''}>
                <span aria-hidden="true">{isDone ? '✓' : '○'}</span>{' '}
                {plainText(step.title, 200)}{' '}
                <span className="jp-Workshop-state">
                  ({isDone ? done : open})
                </span>
              </li>
            );
          })}
        </ul>
      ) : null}
      <div className="jp-Workshop-acts">
        {notebook !== undefined && run.joining === 'joined' ? (
          <>
            <Button
              aria-label={trans.__('Open %1', title)}
              onClick={() => act(() => run.open(notebook))}
            >
              {trans.__('Open')}
            </Button>
            <Button
              aria-label={trans.__('Reset %1 to the original', title)}
              onClick={() =>
                act(async () =>
                  trans.__(
                    'It is the original again. Yours is kept as “%1”.',
                    await run.reset(notebook)
                  )
                )
              }
            >
              {trans.__('Reset to the original (yours is kept)')}
            </Button>
          </>
        ) : null}
        {template !== undefined ? (
          <Button
            aria-label={trans.__('Open the template %1', title)}
            disabled={isPreview}
            onClick={() => act(async () => void (await openTemplate(template)))}
          >
            {trans.__('Open the template')}
          </Button>
        ) : null}
      </div>
    </div>
  );
}

interface IForTrainersProps {
  trainer: ITrainerActs;
  act: Act;
}

/** What participants need not, out of their way. */
function ForTrainers({ trainer, act }: IForTrainersProps): JSX.Element {
  const { trans } = useLanguage();
  const { publish } = trainer;
  return (
    <details className="jp-Workshop-trainers">
      <summary>{trans.__('For trainers')}</summary>
      <div className="jp-Workshop-acts">
        <Button onClick={trainer.edit}>{trans.__('Edit workshop…')}</Button>
        <Button onClick={() => act(trainer.link)}>
          {trans.__('Copy link')}
        </Button>
        {publish ? (
          <Button onClick={() => act(publish)}>
            {trans.__('Publish under a code')}
          </Button>
        ) : null}
        <Button onClick={() => act(async () => void (await trainer.teach()))}>
          {trans.__('Teach this class')}
        </Button>
      </div>
      <ScreenActs acts={trainer.screen} />
    </details>
  );
}
