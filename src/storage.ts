/** What this browser keeps for this origin; null where it keeps nothing. */
export function browserStorage(): Storage | null {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}
