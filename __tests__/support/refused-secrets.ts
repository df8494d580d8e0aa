/** Parts of the planted secrets that no message may contain, in any case. */
const SECRET = "Zq7Planted4Xw";
const WORD = "correcthorse";

/** Texts with a secret for fields that refuse them, and the check that a message does not repeat it. */
export const refusedSecrets = {
  /** Texts in the place of a value or a key. The last ones also change the display of what surrounds them. */
  texts: [
    `https://splunk.example.com/services?token=${WORD}`,
    `app:${WORD}@HOST`,
    `payments?password=${WORD}`,
    `u:${WORD}@registry/x:v1`,
    `host=db user=app password=${WORD}`,
    `ghp_${SECRET}0123456789abcdefghij`,
    `eyJhbGciOiJIUzI1NiJ9.${SECRET}.c2ln`,
    `v${SECRET}${SECRET}`,
    `first line\n\u001b[2K\u202e\ufeff${SECRET}`,
  ],
  /** Returns true for a message with the secret, or with a character that is not visible. */
  isShown: (message: string): boolean =>
    /zq7planted4xw|correcthorse/i.test(message) || /[\u001b\u00ad\u200b\u202e\u2066\ufeff]/.test(message),
};
