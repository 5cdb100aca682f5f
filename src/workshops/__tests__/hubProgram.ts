import { nullTranslator } from '@jupyterlab/translation';
import { startProgram } from '../../notebook/__tests__/programs';
import { serviceAddress } from '../../providers/gateway/hub';
import { ClassService } from '../service';

/** A real hub with the service for classes. */
export type Hub = Awaited<ReturnType<typeof startProgram>>;

/** Start it; `told` has its address and the tokens of its people by their names. */
export function startHub(): Promise<Hub> {
  return startProgram(`${__dirname}/../../../tests/deploy/hub_program.py`);
}

/** The service as the page of somebody asks it. */
export function serviceOf(
  { told }: Hub,
  name: string,
  service = 'workshop'
): ClassService {
  return new ClassService({
    address: serviceAddress({ prefix: '/hub/' }, service, told.url),
    authorization: () => `token ${told[name]}`,
    trans: nullTranslator.load('')
  });
}
