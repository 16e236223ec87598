/** Metric name (`HR@5`, `MRR@5/full`, `Acc`, …) to its value, in [0, 1]; `LogLoss` and `LogLoss/popularity`, in nats, have no upper end. */
export type Metrics = Readonly<Record<string, number>>;
