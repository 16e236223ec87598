/** jstat ships no types; this is what the project uses of it. */
declare module 'jstat' {
  export const jStat: {
    readonly studentt: { inv(probability: number, degreesOfFreedom: number): number };
    readonly normal: { inv(probability: number, mean: number, deviation: number): number };
  };
}
