import { toPython } from '../cluster/literal';
import type { IConnection } from '../tokens';

/** Every Dask client that is made here carries this in its id. */
export const CLIENT_NAME = 'seasonal-monitor';

/**
 * The code that connects a notebook to a cluster.
 *
 * @param connection - How to reach the cluster.
 * @param name - The cluster's name. It stands in a comment if it consists of
 * harmless ASCII characters, and is left out otherwise.
 *
 * @returns Python that needs nothing but the cluster's own client package. It
 * can run again: it closes the client of its last run and no other, or keeps
 * a gateway connection that is still good.
 *
 * #### Notes
 * Values enter as literals of the one encoder. No key material stands in it:
 * the credentials are read from a file that goes with the cluster.
 */
export function connectionCode(connection: IConnection, name?: string): string {
  const lines =
    connection.kind === 'gateway'
      ? Private.gateway(connection)
      : Private.scheduler(connection);
  const title =
    name && Private.HARMLESS.test(name) ? [`# Dask cluster ${name}`] : [];
  return [...title, ...lines, 'client'].join('\n');
}

namespace Private {
  /** What may stand in a comment: nothing that ends a line or starts a magic. */
  export const HARMLESS = /^[A-Za-z0-9](?:[A-Za-z0-9 ._-]{0,62}[A-Za-z0-9])?$/;

  export function scheduler(connection: IConnection): string[] {
    const tls = connection.credentials !== undefined;
    const lines = [
      tls
        ? 'from distributed import Client, Security'
        : 'from distributed import Client',
      ''
    ];
    if (connection.credentials !== undefined) {
      lines.push(
        `pem = ${toPython(connection.credentials)}`,
        'security = Security(',
        '    require_encryption=True,',
        '    tls_ca_file=pem,',
        '    tls_client_cert=pem,',
        '    tls_client_key=pem,',
        ')'
      );
    }
    lines.push(
      // The name marks the clients made here, so that no other one is closed.
      `if ${toPython(`Client-${CLIENT_NAME}`)} in str(getattr(globals().get("client"), "id", "")):`,
      '    client.close()',
      'client = Client(',
      `    ${toPython(connection.address)},`,
      `    name=${toPython(CLIENT_NAME)},`,
      ...(tls ? ['    security=security,'] : []),
      ')'
    );
    return lines;
  }

  export function gateway(connection: IConnection): string[] {
    const address = connection.gateway ? toPython(connection.gateway) : '';
    return [
      'from dask_gateway import Gateway',
      '',
      `name = ${toPython(connection.address)}`,
      'if getattr(globals().get("cluster"), "name", None) != name or cluster.status != "running":',
      `    cluster = Gateway(${address}).connect(name)`,
      '    client = cluster.get_client()'
    ];
  }
}
