/** What a queue's handler is given: the payload as it was added, to be parsed before use. */
export type QueueProcess = (payload: unknown) => Promise<string>;

export type WorkOptions = {
  /** How many jobs this process runs at once. */
  readonly concurrency: number;
  /** How long a killed process keeps its jobs before another may have them. */
  readonly lockMs: number;
};

export type QueueWorker = {
  /** Stops taking jobs, waits for the running ones; `force` does not wait. */
  close(force: boolean): Promise<void>;
};

/** How a job is added. */
export type AddOptions = {
  /** Jobs with the same value are one while they wait; one that comes while it runs makes exactly one more run. */
  readonly coalesceOn: string;
  /** Instead: at most one job with that value in so many milliseconds. */
  readonly coalesceMs?: number;
  readonly attemptsMax: number;
};

export type QueueCounts = { readonly waiting: number; readonly active: number };

export type OneQueue = {
  add(payload: Record<string, string>, options: AddOptions): Promise<void>;
  counts(): Promise<QueueCounts>;
  close(): Promise<void>;
};

/** One kind of server that a queue can live on. */
export type QueueConnection = {
  readonly backend: "redis" | "postgres";
  /** Resolves when the server answers and is ready for queues; rejects when it cannot be had now. */
  open(): Promise<void>;
  /** Whether a command may be sent at this moment without waiting for a connection. */
  isUp(): boolean;
  queue(name: string, onError: (error: Error) => void): OneQueue;
  worker(name: string, process: QueueProcess, options: WorkOptions, onError: (error: Error) => void): QueueWorker;
  close(): Promise<void>;
};
