/** Characters that no terminal and no browser shows, or that change how others are shown. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}\p{Default_Ignorable_Code_Point}]/gu;

/**
 * A text in which every character is seen: control characters, zero-width ones and those that turn the direction of
 * text around are written as \uXXXX, which JSON reads as the same character. Line ends and tabs stay.
 */
export function visible(text: string): string {
  return text
    .replaceAll("\r\n", "\n")
    .replace(UNSEEN, (sign) => (/[\n\t]/.test(sign) ? sign : escaped(sign)));
}

/** The same in one line, for a cell of a table. */
export function visibleLine(text: string): string {
  return text.replace(UNSEEN, escaped);
}

function escaped(sign: string): string {
  return [...Array(sign.length).keys()]
    .map((index) => `\\u${sign.charCodeAt(index).toString(16).padStart(4, "0")}`)
    .join("");
}
