/** Characters that terminals and browsers do not show, or that change the display of other characters. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * Makes every character of a text visible. Control characters, zero-width characters and those that reverse the
 * direction of text become \uXXXX, which JSON reads as the same character. Line ends and tabs stay.
 */
export function visible(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(UNSEEN, (sign) => (/[\n\t]/.test(sign) ? sign : escaped(sign)));
}

/** Makes every character visible in one line, for a cell of a table. */
export function visibleLine(text: string): string {
  return text.replace(UNSEEN, escaped);
}

function escaped(sign: string): string {
  return [...Array(sign.length).keys()]
    .map((index) => `\\u${sign.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
}
