import { z } from 'zod';

/** A text column that holds JSON of a known shape. */
export function jsonColumn<S extends z.ZodType>(schema: S) {
  return z
    .string()
    .transform((text): unknown => JSON.parse(text))
    .pipe(schema);
}

/** An integer column that holds 0 or 1. */
export const booleanColumn = z.number().transform((value) => value === 1);
