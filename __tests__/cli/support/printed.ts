/** Captures stdout, one element per write, until `jest.restoreAllMocks()`. */
export function catchPrinted(): string[] {
  const printed: string[] = [];
  jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed.push(String(text).replace(/\n$/, ""));
    return true;
  });
  return printed;
}
