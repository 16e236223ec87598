import iconv from 'iconv-lite';

/** The encoding of text by default. */
export const UTF8 = 'utf-8';

/** Names of iconv-lite for other things than encodings of text. */
const NO_TEXT = /^(base64|hex|binary|utf-?7)/i;

/** Whether `name` is an encoding of text. */
export const isEncoding = (name: string): boolean => iconv.encodingExists(name) && !NO_TEXT.test(name);
