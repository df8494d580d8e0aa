/** Catches what commands print from here on, one text for each call, until `jest.restoreAllMocks()`. */
export function catchPrinted(): string[] {
  const printed: string[] = [];
  jest.spyOn(process.stdout, "write").mockImplementation((text) => {
    printed.push(String(text).replace(/\n$/, ""));
    return true;
  });
  return printed;
}
