import { ClusterError } from '../tokens';

/** Any rejection as an error that can be shown. */
export function toClusterError(reason: unknown): ClusterError {
  return reason instanceof ClusterError
    ? reason
    : new ClusterError(messageOf(reason));
}

/** What any rejection says happened, whatever was thrown; never empty. */
export function messageOf(reason: unknown): string {
  const told =
    typeof reason === 'object' && reason !== null && 'message' in reason
      ? reason.message
      : reason;
  if (typeof told === 'string' && told !== '') {
    return told;
  }
  if (reason instanceof Error) {
    return reason.name;
  }
  try {
    return (typeof told === 'object' && JSON.stringify(told)) || String(told);
  } catch {
    return typeof told;
  }
}

/** What any rejection says happened and, where it is known, what to do. */
export function inWords(reason: unknown): string {
  const hint = reason instanceof ClusterError ? reason.hint : undefined;
  return [messageOf(reason), hint].filter(Boolean).join(' ');
}
