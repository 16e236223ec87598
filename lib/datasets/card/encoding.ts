import iconv from 'iconv-lite';

/** What text is written in where nothing is said. */
export const UTF8 = 'utf-8';

/** Names that iconv-lite knows and that are no encodings of text. */
const NO_TEXT = /^(base64|hex|binary|utf-?7)/i;

/** Whether `name` is that of an encoding of text. */
export const isEncoding = (name: string): boolean => iconv.encodingExists(name) && !NO_TEXT.test(name);
