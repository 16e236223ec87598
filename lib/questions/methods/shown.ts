/** What the notebook of ways of tuning shows. */
export { answer, forestOf } from './answer';
export { frontiers } from './costs';
export { ordersOf, ranks } from './orders';
export { asPublished, memoryOf, tablesOf } from './tables';
