/**
 * The flag that gives a process the heap of a function of so much memory: V8 lets a heap grow to half of the machine's memory, and its young
 * part with it. A machine that measures has more, and would let garbage lie for longer.
 */
export const heapOf = (memoryMegabytes: number): string =>
  `--max-heap-size=${Math.floor(memoryMegabytes / 2)}`
