/** `1,234` */
export const whole = (count: number): string => count.toLocaleString('en');

/** `1 claim`, `2 claims` */
export const counted = (count: number, thing: string): string => `${count} ${thing}${count === 1 ? '' : 's'}`;
