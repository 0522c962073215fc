/** Commands of kplan that draw the gallery; the last word of each is the file. */
export const COMMANDS: readonly string[];
