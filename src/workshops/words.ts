/** The words of the form of a workshop file, which errors use too. Pure. */
import type { TranslationBundle } from '@jupyterlab/translation';

/** The words beside each field. */
export type Words = Record<string, [title: string, help?: string]>;

/** The fields that have fields inside them, or in each of their entries. */
const INSIDE: Array<[string, (trans: TranslationBundle) => Words]> = [
  ['limits', limitWords],
  ['materials', materialWords],
  ['steps', stepWords]
];

/**
 * A place in a workshop file in the words of its form.
 *
 * @param path - The keys on the way, such as `['materials', '0', 'steps']`. What the
 * form does not know stays as it is; entries of lists are counted from 1.
 */
export function placeWords(
  path: readonly string[],
  trans: TranslationBundle
): string[] {
  let words: Words = fieldWords(trans);
  return path.map(key => {
    if (!Object.keys(words).includes(key)) {
      return /^\d+$/.test(key) ? String(Number(key) + 1) : key;
    }
    const [title] = words[key];
    const inside = INSIDE.find(([name]) => name === key);
    words = inside ? inside[1](trans) : {};
    return title;
  });
}

/** Of the fields of a workshop. */
export function fieldWords(trans: TranslationBundle): Words {
  return {
    title: [trans.__('Title')],
    id: [
      trans.__('Short name'),
      trans.__(
        'Small letters, digits, dots, dashes and underscores. Copies go into a folder of this name.'
      )
    ],
    text: [
      trans.__('Text'),
      trans.__('What participants read first. It is shown as plain text.')
    ],
    materials: [trans.__('Notebooks and templates')],
    profile: [
      trans.__('Cluster profile'),
      trans.__('Empty: participants start a cluster by themselves, or none.')
    ],
    limits: [trans.__('Limits of each participant’s cluster')],
    start: [trans.__('Start')],
    end: [trans.__('End')],
    participants: [
      trans.__('People expected'),
      trans.__(
        'Who waits for a start is then told how many are before them, and else only for how long. About right is enough.'
      )
    ],
    stagger: [
      trans.__('Minutes over which starts are spread'),
      trans.__('So that not all clusters are asked for at once.')
    ],
    help: [
      trans.__('Where to ask for help'),
      trans.__('In words, such as a room or a channel.')
    ],
    data: [
      trans.__('Data that the notebooks read'),
      trans.__(
        'One address or path a line. Participants can check that they reach it.'
      )
    ],
    shared: [
      trans.__('Shared folder'),
      trans.__(
        'A folder that participants and trainer have at the same path. Who agrees has their steps written there, for the trainer.'
      )
    ]
  };
}

/** Of the limits of a cluster. */
export function limitWords(trans: TranslationBundle): Words {
  return {
    workers: [trans.__('Workers')],
    threadsPerWorker: [trans.__('Threads of a worker')],
    memoryPerWorker: [
      trans.__('Memory of a worker'),
      trans.__('A size such as 4 GiB.')
    ],
    idleTimeout: [trans.__('Minutes without a task until it ends')],
    lifetime: [trans.__('Minutes for which it may live')]
  };
}

function materialWords(trans: TranslationBundle): Words {
  return {
    notebook: [trans.__('Notebook')],
    template: [trans.__('Template')],
    title: [trans.__('Title, if it is not the name')],
    steps: [trans.__('Steps')]
  };
}

function stepWords(trans: TranslationBundle): Words {
  return {
    id: [trans.__('Name in check("…")')],
    title: [trans.__('What is done')]
  };
}
