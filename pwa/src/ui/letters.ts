/** By how many letters a text is too long, counted as the server counts: an emoji is one. */
export const lettersOver = (text: string, most: number): number => [...text].length - most
