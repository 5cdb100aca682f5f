/**
 * The numbers that nobody has measured for this site: each with its bounds, its
 * source and its date, and each can be changed.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import { OVERHEAD, SECONDS_PER_OPEN } from '../../cluster/advisor';

/** A number of the comparison that a person can change. */
export interface IAssumption {
  /** What formulas call it. */
  name: string;
  group: Group;
  label: string;
  unit: string;
  value: number;
  minimum: number;
  maximum: number;
  /** Who says so, or that it is an assumption. */
  source: string;
  /** Of when the source is; empty for an assumption. */
  date: string;
}

/** What an assumption is about. */
export type Group = 'work' | 'machines' | 'cloud' | 'people';

/** Options that take people's hours, with set-up in all and upkeep a month. */
const HOURS: ReadonlyArray<[name: string, setup: number, upkeep: number]> = [
  ['laptop', 4, 1],
  ['server', 40, 8],
  ['slurm', 8, 1],
  ['kubernetes', 120, 16],
  ['fargate', 24, 4],
  ['ec2', 24, 5],
  ['coiled', 8, 1],
  ['saturn', 8, 1]
];

/** When the advisor's constants were tried last, by docs/benchmarks.md. */
const TRIED = '2026-11-28';

/** The assumptions as they are before anybody changes them. */
export function assumptions(trans: TranslationBundle): IAssumption[] {
  const guess = trans.__('assumption');
  const advisor = trans.__(
    'constant of the sizing of templates, tried in docs/benchmarks.md (What the advisor predicts)'
  );
  const all: IAssumption[] = [];
  const add = (
    group: Group,
    name: string,
    label: string,
    unit: string,
    value: number,
    [minimum, maximum]: [number, number],
    source = guess,
    date = ''
  ): void => {
    all.push({
      name,
      group,
      label,
      unit,
      value,
      minimum,
      maximum,
      source,
      date
    });
  };
  const share = trans.__('share');
  const hours = trans.__('hours');
  const cores = trans.__('cores');
  const years = trans.__('years');
  const watts = trans.__('watts');
  const ofMoney = trans.__('money');

  add(
    'work',
    'overhead',
    trans.__('Time of a real run over that of its computation alone'),
    trans.__('times'),
    OVERHEAD,
    [1, 10],
    advisor,
    TRIED
  );
  add(
    'work',
    'open_seconds',
    trans.__('Time to open a file and read a block of it'),
    trans.__('seconds'),
    SECONDS_PER_OPEN,
    [0, 10],
    advisor,
    TRIED
  );
  add(
    'work',
    'chunk_pixels',
    trans.__('Pixels of a chunk'),
    trans.__('pixels'),
    65536,
    [1024, 16777216]
  );
  add(
    'work',
    'utilisation',
    trans.__('Part of the paid time in which cores compute'),
    share,
    0.7,
    [0.01, 1]
  );
  add(
    'work',
    'memory_per_core',
    trans.__('Memory for each core'),
    'GB',
    4,
    [0.5, 64]
  );
  add(
    'work',
    'cluster_cores',
    trans.__('Cores of a usual cluster'),
    cores,
    16,
    [1, 10000]
  );
  add(
    'work',
    'month_hours',
    trans.__('Hours of a month'),
    hours,
    730,
    [672, 744]
  );

  add(
    'machines',
    'laptop_price',
    trans.__('Price of a laptop'),
    ofMoney,
    1500,
    [0, 1e6]
  );
  add(
    'machines',
    'laptop_cores',
    trans.__('Cores of a laptop'),
    cores,
    8,
    [1, 256]
  );
  add(
    'machines',
    'laptop_years',
    trans.__('Life of a laptop'),
    years,
    3,
    [0.5, 20]
  );
  add(
    'machines',
    'laptop_watts',
    trans.__('Power of a laptop that computes'),
    watts,
    45,
    [0, 1000]
  );
  add(
    'machines',
    'server_price',
    trans.__('Price of a server'),
    ofMoney,
    8000,
    [0, 1e7]
  );
  add(
    'machines',
    'server_cores',
    trans.__('Cores of a server'),
    cores,
    32,
    [1, 1024]
  );
  add(
    'machines',
    'server_years',
    trans.__('Life of a server'),
    years,
    4,
    [0.5, 20]
  );
  add(
    'machines',
    'server_watts',
    trans.__('Power of a server with its cooling'),
    watts,
    400,
    [0, 10000]
  );
  add(
    'machines',
    'power_price',
    trans.__('Price of a kilowatt-hour'),
    ofMoney,
    0.2,
    [0, 10]
  );
  add(
    'machines',
    'availability',
    trans.__('Part of a month in which an own machine can compute'),
    share,
    0.6,
    [0.01, 1]
  );
  add(
    'machines',
    'link_speed',
    trans.__('Speed of the line to the data'),
    'Mbit/s',
    100,
    [0.1, 100000]
  );

  add(
    'cloud',
    'region_factor',
    trans.__('Prices of your region over those of the table'),
    trans.__('times'),
    1,
    [0.5, 3],
    trans.__('blogs: usually 1.1 to 1.3 in Europe'),
    '2026-11-23'
  );
  add(
    'cloud',
    'node_cores',
    trans.__('Cores of a machine of the table'),
    cores,
    4,
    [1, 192],
    trans.__('size of m6i.xlarge, c3x.dev'),
    '2026'
  );
  add(
    'cloud',
    'idle_nodes',
    trans.__('Machines of Kubernetes that always run'),
    trans.__('machines'),
    1,
    [0, 1000]
  );
  add(
    'cloud',
    'fargate_extras',
    trans.__('Addresses, logs and network of Fargate, over its compute'),
    share,
    0.47,
    [0, 5],
    trans.__('cloudburn.io: compute is about 68% of a bill (a vendor’s blog)'),
    '2026-04-01'
  );
  add(
    'cloud',
    'machine_extras',
    trans.__(
      'Disks, addresses, logs and network of machines, over their price'
    ),
    share,
    0.2,
    [0, 5]
  );
  add(
    'cloud',
    'fargate_spot_discount',
    trans.__('Discount of Fargate Spot'),
    share,
    0.5,
    [0, 0.95],
    trans.__('assumption; wring.co says up to 0.7'),
    '2026-03-10'
  );
  add(
    'cloud',
    'ec2_spot_discount',
    trans.__('Discount of EC2 Spot'),
    share,
    0.5,
    [0, 0.95],
    trans.__('assumption; AWS says up to 0.9'),
    '2026-11-23'
  );
  add(
    'cloud',
    'spot_repeat',
    trans.__('Work done again because spot machines were taken away'),
    share,
    0.1,
    [0, 5]
  );
  add(
    'cloud',
    'kept_gigabytes',
    trans.__('Disk that is kept at Saturn Cloud'),
    'GB',
    100,
    [0, 1e6]
  );

  add(
    'people',
    'hour_price',
    trans.__('Price of an hour of a person'),
    ofMoney,
    50,
    [0, 10000]
  );
  add(
    'people',
    'setup_months',
    trans.__('Months over which the set-up is spread'),
    trans.__('months'),
    24,
    [1, 240]
  );
  const names = optionNames(trans);
  for (const [name, setup, upkeep] of HOURS) {
    add(
      'people',
      `setup_${name}`,
      trans.__('Set-up of %1, once', names[name]),
      hours,
      setup,
      [0, 10000]
    );
    add(
      'people',
      `upkeep_${name}`,
      trans.__('Upkeep of %1, each month', names[name]),
      hours,
      upkeep,
      [0, 744]
    );
  }
  return all;
}

/** What the kinds of options are called. */
export function optionNames(trans: TranslationBundle): Record<string, string> {
  return {
    laptop: trans.__('a laptop'),
    server: trans.__('a server'),
    slurm: 'SLURM',
    kubernetes: 'Kubernetes (EKS)',
    fargate: 'Fargate',
    ec2: 'EC2',
    coiled: 'Coiled',
    saturn: 'Saturn Cloud'
  };
}
