/** What the notebook of ways of tuning shows: a notebook imports two modules of lib at most beside lib/notebook. */
export { answer, forestOf } from './answer';
export { frontiers } from './costs';
export { halvesOf, ordersOf, ranks } from './orders';
export { asPublished, memoryOf, tablesOf } from './tables';
