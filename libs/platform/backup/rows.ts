const NEWLINE = 10;

/** Passes COPY's text format on, and says how many rows went by: a line break inside a value is written as two characters. */
export const countingRows = (progress: (rows: number) => void) =>
  async function* (source: AsyncIterable<Buffer>): AsyncIterable<Buffer> {
    for await (const chunk of source) {
      let rows = 0;
      for (let at = chunk.indexOf(NEWLINE); at !== -1; at = chunk.indexOf(NEWLINE, at + 1)) rows++;
      progress(rows);
      yield chunk;
    }
  };
