/**
 * The ways to have a cluster that are compared, as formulas. Pure data.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { PriceUnit } from '../../tokens';
import type { IQuantity } from './work';

/** A part of a bill. */
export interface ILine {
  label: string;
  formula: string;
}

/** Why an option cannot do the work: its formula must not be above 0. */
export interface ILimit {
  formula: string;
  /** In words, with `%1` for the value of the formula. */
  text: string;
}

/** A way to have a cluster. */
export interface IOption {
  id: string;
  label: string;
  /** Machines of one's own, machines by the hour, or a service. */
  kind: 'own' | 'rent' | 'service';
  /** Which assumptions tell people's hours: `setup_…` and `upkeep_…`. */
  hours: string;
  quantities: IQuantity[];
  bill: ILine[];
  limits: ILimit[];
  /** What is not a number: procurement, dependence, data. */
  notes: string[];
}

/** A price that formulas use, and which row of the table it is. */
export interface INeededPrice {
  name: string;
  provider: string;
  item: string;
  units: PriceUnit[];
}

const CORE: PriceUnit[] = ['core-hour', 'vCPU-hour'];

/** The prices that the options need. */
export const NEEDED: readonly INeededPrice[] = [
  { name: 'price_slurm_core', provider: 'slurm', item: 'core', units: CORE },
  {
    name: 'price_eks_control',
    provider: 'eks',
    item: 'control-plane',
    units: ['hour']
  },
  {
    name: 'price_machine',
    provider: 'ec2',
    item: 'm6i.xlarge',
    units: ['hour']
  },
  {
    name: 'price_fargate_core',
    provider: 'fargate',
    item: 'core',
    units: CORE
  },
  {
    name: 'price_fargate_memory',
    provider: 'fargate',
    item: 'memory',
    units: ['GB-hour']
  },
  {
    name: 'price_coiled_fee',
    provider: 'coiled',
    item: 'platform-fee',
    units: CORE
  },
  {
    name: 'price_coiled_basic',
    provider: 'coiled',
    item: 'plan-basic',
    units: ['month']
  },
  {
    name: 'price_coiled_pro',
    provider: 'coiled',
    item: 'plan-pro',
    units: ['month']
  },
  {
    name: 'price_coiled_free',
    provider: 'coiled',
    item: 'free-usage',
    units: ['month']
  },
  {
    name: 'price_saturn_worker',
    provider: 'saturn',
    item: 'worker',
    units: ['worker-hour', 'hour']
  },
  {
    name: 'price_saturn_disk',
    provider: 'saturn',
    item: 'disk',
    units: ['GB-month']
  }
];

const MACHINES = 'node_hours * price_machine * region_factor';
const SCHEDULER = 'cluster_hours * price_machine * region_factor';
const CORES = 'paid_hours * price_fargate_core * region_factor';
const MEMORY =
  'paid_hours * memory_per_core * price_fargate_memory * region_factor';
const FARGATE_SCHEDULER =
  'cluster_hours * (price_fargate_core + memory_per_core * price_fargate_memory) * region_factor';
const FEE = '(paid_hours + cluster_hours * node_cores) * price_coiled_fee';
const SPOT = '(1 + spot_repeat) * (1 - ec2_spot_discount)';
const FARGATE_SPOT = '(1 + spot_repeat) * (1 - fargate_spot_discount)';

/** The options in the order in which they are shown. */
export function options(trans: TranslationBundle): IOption[] {
  const machines = trans.__('Machines');
  const scheduler = trans.__('Schedulers');
  const extras = trans.__('Disks, addresses, logs, network');
  const machineExtras = (machine: string): ILine => ({
    label: extras,
    formula: `(${machine} + ${SCHEDULER}) * machine_extras`
  });
  const ec2: ILine[] = [
    { label: machines, formula: MACHINES },
    { label: scheduler, formula: SCHEDULER },
    machineExtras(MACHINES)
  ];
  const ec2Spot: ILine[] = [
    { label: machines, formula: `${MACHINES} * ${SPOT}` },
    { label: scheduler, formula: SCHEDULER },
    machineExtras(MACHINES)
  ];
  const fargateExtras = (part: string): ILine => ({
    label: extras,
    formula: `(${part} + ${FARGATE_SCHEDULER}) * fargate_extras`
  });
  const seats = (count: number): ILimit => ({
    formula: `people - ${count}`,
    text: trans._n(
      'The plan has %1 seat: %2 more are needed.',
      'The plan has %1 seats: %2 more are needed.',
      count,
      '%1'
    )
  });
  const tooSlow: ILimit = {
    formula: 'transfer_hours - month_hours',
    text: trans.__(
      'Your line would need %1 hours more than a month has to bring the data.',
      '%1'
    )
  };
  const open = trans.__(
    'Open source throughout: others can have the same without a contract, as a digital public good should allow.'
  );
  const cloud = trans.__(
    'Needs an account with the cloud and its procurement; the set-up can be given to others as code.'
  );
  const service = trans.__(
    'Needs a contract with one more company; the code runs elsewhere unchanged, the way to start clusters does not.'
  );
  const near = trans.__('The data is read where it lies, in the cloud.');
  return [
    own('laptop', trans.__('A laptop'), [open], tooSlow, trans, {
      work: 'work_hours / laptop_cores * laptop_watts / 1000 * power_price'
    }),
    own('server', trans.__('A server of your own'), [open], tooSlow, trans, {
      work: 'server_count * month_hours * server_watts / 1000 * power_price'
    }),
    {
      id: 'slurm',
      label: trans.__('A SLURM cluster that is there'),
      kind: 'own',
      hours: 'slurm',
      quantities: [],
      bill: [
        {
          label: trans.__('Internal rate'),
          formula: 'paid_hours * price_slurm_core'
        }
      ],
      limits: [tooSlow],
      notes: [
        open,
        trans.__('Jobs wait in a queue: a peak may not be done in time.')
      ]
    },
    {
      id: 'kubernetes',
      label: trans.__('Kubernetes on AWS (EKS)'),
      kind: 'rent',
      hours: 'kubernetes',
      quantities: [],
      bill: [
        {
          label: trans.__('Control plane'),
          formula: 'month_hours * price_eks_control'
        },
        {
          label: trans.__('Machines that always run'),
          formula: 'idle_nodes * month_hours * price_machine * region_factor'
        },
        { label: machines, formula: MACHINES },
        {
          label: extras,
          formula: `(idle_nodes * month_hours * price_machine * region_factor + ${MACHINES}) * machine_extras`
        }
      ],
      limits: [],
      notes: [
        near,
        cloud,
        open,
        trans.__('Schedulers run on the machines that always run.')
      ]
    },
    {
      id: 'fargate',
      label: trans.__('Fargate, on demand'),
      kind: 'rent',
      hours: 'fargate',
      quantities: [],
      bill: [
        { label: trans.__('Cores'), formula: CORES },
        { label: trans.__('Memory'), formula: MEMORY },
        { label: scheduler, formula: FARGATE_SCHEDULER },
        fargateExtras(`${CORES} + ${MEMORY}`)
      ],
      limits: [],
      notes: [near, cloud]
    },
    {
      id: 'fargate-spot',
      label: trans.__('Fargate, spot'),
      kind: 'rent',
      hours: 'fargate',
      quantities: [],
      bill: [
        { label: trans.__('Cores'), formula: `${CORES} * ${FARGATE_SPOT}` },
        { label: trans.__('Memory'), formula: `${MEMORY} * ${FARGATE_SPOT}` },
        { label: scheduler, formula: FARGATE_SCHEDULER },
        fargateExtras(`${CORES} + ${MEMORY}`)
      ],
      limits: [],
      notes: [near, cloud, trans.__('Workers can be taken away at any time.')]
    },
    {
      id: 'ec2',
      label: trans.__('EC2, on demand'),
      kind: 'rent',
      hours: 'ec2',
      quantities: [],
      bill: ec2,
      limits: [],
      notes: [near, cloud]
    },
    {
      id: 'ec2-spot',
      label: trans.__('EC2, spot'),
      kind: 'rent',
      hours: 'ec2',
      quantities: [],
      bill: ec2Spot,
      limits: [],
      notes: [near, cloud, trans.__('Workers can be taken away at any time.')]
    },
    {
      id: 'coiled-free',
      label: trans.__('Coiled, free plan'),
      kind: 'service',
      hours: 'coiled',
      quantities: [],
      bill: ec2,
      limits: [
        {
          formula: `${FEE} - price_coiled_free`,
          text: trans.__(
            'The fee would be %1 more than the free plan includes.',
            '%1'
          )
        },
        seats(1)
      ],
      notes: [near, service]
    },
    {
      id: 'coiled-basic',
      label: trans.__('Coiled, basic plan'),
      kind: 'service',
      hours: 'coiled',
      quantities: [],
      bill: [
        { label: trans.__('Plan'), formula: 'price_coiled_basic' },
        { label: trans.__('Fee'), formula: FEE },
        ...ec2
      ],
      limits: [seats(2)],
      notes: [
        near,
        service,
        trans.__('The fee is taken to come on top of the plan.')
      ]
    },
    {
      id: 'coiled-pro',
      label: trans.__('Coiled, pro plan on spot'),
      kind: 'service',
      hours: 'coiled',
      quantities: [],
      bill: [
        { label: trans.__('Plan'), formula: 'price_coiled_pro' },
        { label: trans.__('Fee'), formula: `${FEE} * (1 + spot_repeat)` },
        ...ec2Spot
      ],
      limits: [seats(6)],
      notes: [
        near,
        service,
        trans.__('The fee is taken to come on top of the plan.')
      ]
    },
    {
      id: 'saturn',
      label: trans.__('Saturn Cloud, hosted'),
      kind: 'service',
      hours: 'saturn',
      quantities: [],
      bill: [
        { label: machines, formula: 'node_hours * price_saturn_worker' },
        {
          label: trans.__('Disk that is kept'),
          formula: 'kept_gigabytes * price_saturn_disk'
        }
      ],
      limits: [],
      notes: [
        near,
        service,
        trans.__('Can be bought in the marketplace of AWS.')
      ]
    }
  ];
}

/** An option with machines that were bought. */
function own(
  id: 'laptop' | 'server',
  label: string,
  notes: string[],
  limit: ILimit,
  trans: TranslationBundle,
  formulas: { work: string }
): IOption {
  return {
    id,
    label,
    kind: 'own',
    hours: id,
    quantities: [
      {
        name: `${id}_count`,
        label: trans.__('%1: how many are needed', label),
        unit: trans.__('machines'),
        formula: `max(1, ceil(needed_cores / ${id}_cores))`
      }
    ],
    bill: [
      {
        label: trans.__('Purchase, spread over their life'),
        formula: `${id}_count * ${id}_price / (${id}_years * 12)`
      },
      { label: trans.__('Power'), formula: formulas.work }
    ],
    limits:
      id === 'laptop'
        ? [
            limit,
            {
              formula: 'laptop_count - 1',
              text: trans.__('%1 more laptops would be needed.', '%1')
            }
          ]
        : [limit],
    notes: [...notes, trans.__('The machine is there also when it idles.')]
  };
}
