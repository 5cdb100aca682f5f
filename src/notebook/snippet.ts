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
 * can run again: it closes the client of its last run and no other. Closing the
 * client of a gateway's cluster leaves the cluster as it is.
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
      ...CLOSING,
      'client = Client(',
      `    ${toPython(connection.address)},`,
      `    name=${toPython(CLIENT_NAME)},`,
      ...(tls ? ['    security=security,'] : []),
      ')'
    );
    return lines;
  }

  export function gateway(connection: IConnection): string[] {
    const name = toPython(connection.address);
    return [
      'from dask_gateway import Gateway',
      'from distributed import Client',
      '',
      // They are kept: when one is collected, dask_gateway waits for the very
      // thread that may be collecting it.
      'gateway_clusters = [',
      '    *globals().get("gateway_clusters", []),',
      `    Gateway(${signIn(connection)}).connect(${name}),`,
      ']',
      ...CLOSING,
      `client = Client(gateway_clusters[-1], name=${toPython(CLIENT_NAME)})`
    ];
  }

  /** The name marks the clients made here, so that no other one is closed. */
  const CLOSING = [
    `if ${toPython(`Client-${CLIENT_NAME}`)} in str(getattr(globals().get("client"), "id", "")):`,
    '    client.close()'
  ];

  /** What the environment does not say about the gateway. */
  function signIn(connection: IConnection): string {
    const given = Object.entries({
      proxy_address: connection.gatewayProxy,
      auth: connection.gatewayAuth
    }).flatMap(([argument, value]) =>
      value === undefined ? [] : [`${argument}=${toPython(value)}`]
    );
    const address = connection.gateway;
    return [...(address ? [toPython(address)] : []), ...given].join(', ');
  }
}
