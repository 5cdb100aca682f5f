/** Wait until a check holds; its own error when it does not in time, in ms. */
export async function eventually(
  check: () => void | Promise<void>,
  within = 25_000
): Promise<void> {
  const deadline = Date.now() + within;
  for (;;) {
    try {
      await check();
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }
}
