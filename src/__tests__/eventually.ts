/** Wait until a check holds; its own error when it never does. */
export async function eventually(check: () => void): Promise<void> {
  const deadline = Date.now() + 25_000;
  for (;;) {
    try {
      check();
      return;
    } catch (error) {
      if (Date.now() > deadline) {
        throw error;
      }
      await new Promise(resolve => setTimeout(resolve, 5));
    }
  }
}
