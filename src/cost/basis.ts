/**
 * On what a cost is based, in words: which prices, of when, and what is left out.
 */
import type { TranslationBundle } from '@jupyterlab/translation';
import type { ILack, IPrice, IUsage } from '../tokens';
import { formatPrice } from './money';
import { describePrice } from './prices';
import { IPlace, IRate, lacksMemory, regionsWithout } from './rate';

/** Where spot machines can be had in the place of those on demand. */
const HAVE_SPOT = new Set(['fargate', 'ec2', 'coiled']);

/** What the sentences are made of. */
export interface IBasis {
  rate: IRate;
  place: IPlace;
  usage: IUsage;
  /** The owner did not count: the page did, from when it saw the cluster. */
  observed: boolean;
  locale?: string;
}

/** Why a cluster has no price: its region has none, or its kind. No other is guessed. */
export function describeLack(
  prices: readonly IPrice[],
  place: IPlace,
  trans: TranslationBundle
): ILack {
  const { provider, region = '' } = place;
  const regions = regionsWithout(prices, place);
  return regions.length > 0
    ? {
        short: trans.__('no price set for %1', region),
        text: trans.__(
          'No price is set for %1: the prices of %2 are for %3. Add rows for %1 in the settings, under Dask cluster prices.',
          region,
          provider,
          regions.join(', ')
        )
      }
    : {
        short: trans.__('no price set'),
        text: trans.__(
          'No price is set for clusters of this kind (%1). Prices stand in the settings, under Dask cluster prices.',
          provider
        )
      };
}

/** Sentences for a tip or a list. */
export function describeBasis(
  { rate, place, usage, observed, locale }: IBasis,
  trans: TranslationBundle
): string[] {
  const prices = [...new Set(rate.parts.map(({ price }) => price))];
  const sentences = prices.map(price =>
    describePrice(
      price,
      formatPrice(price.price, price.currency, locale),
      trans
    )
  );
  if (rate.spotAtListPrice) {
    sentences.push(trans.__('Spot machines; their discount is not counted.'));
  } else if (prices.some(({ item }) => item.endsWith('-spot'))) {
    sentences.push(trans.__('Spot machines, at the spot price that is set.'));
  } else if (HAVE_SPOT.has(place.provider)) {
    sentences.push(trans.__('On demand: no spot machines.'));
  }
  if (place.region === undefined && prices.some(({ region }) => region)) {
    sentences.push(trans.__('The cluster does not tell its region.'));
  }
  sentences.push(
    rate.parts.some(part => part.of === 'scheduler')
      ? trans.__('The scheduler is counted.')
      : trans.__('The scheduler is not counted.')
  );
  if (prices.some(({ item }) => item === 'platform-fee')) {
    sentences.push(
      trans.__('Your own bill of the cloud comes on top of the fee.')
    );
  }
  if (lacksMemory(rate, usage)) {
    sentences.push(
      trans.__('Memory is not counted: the workers do not tell their limit.')
    );
  }
  if (observed) {
    sentences.push(
      trans.__(
        'Counted by this page: from when it first saw the cluster, and as if nothing changed while no page was open.'
      )
    );
  }
  sentences.push(
    trans.__(
      'Not counted: machines while they start, disks, storage and network.'
    )
  );
  return sentences;
}
