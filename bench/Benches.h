// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <string>
#include <vector>

/// The benches that are programs of their own: each prints one JSON line and returns an exit code.
namespace dubito::bench {

/// What stands behind the subcommand.
using Arguments = std::vector<std::string>;

/// `--shape smollm-135m|tiny|FILE --mode full|lora --batch 4 --seq 256 --precision f32|bf16 --threads 2 --steps 8
/// --checkpointing off|on --frozen auto|f32|bf16`: JSON with the speed on stdout, processor time and page faults on stderr.
int runTrainStepBench(const Arguments& arguments);

/// `--output DIR --shape tinyllama-1.1b --seed 42 --shard-mb 500`: a model folder of random weights as BF16 shards with an
/// index, for measurements of large models; one tensor is held at a time. The shapes are those of `dubito plan`.
int runRandomModel(const Arguments& arguments);

/// `--clean 400 --leaky 40 --seed 1`: so many simulated traces per noise level and cell, judged as `dubito leak` does; one
/// JSON line per level and cell, and what an update costs.
int runLeakBench(const Arguments& arguments);

/// `[--roof]`: the roof of the machine (best products, memory), then every kernel beside it; one JSON line each.
int runKernelBench(const Arguments& arguments);

/// `--who all`: drills of every category, size and shape in a model that takes half a millisecond a step, each in a
/// process of its own, from step 600 on; one JSON line per drill, and exit code 10 when one misses its limit (bench/README.md).
int runDrillBench(const Arguments& arguments);

/// `--steps 10000 --model DIR`: trains with evaluation and checkpoints; one JSON line, exit code 10 when something grew.
int runSoakBench(const Arguments& arguments);

/// 2 GiB leak in one step: in the pool a reload gives them back in under two seconds, in the heap the run is RETAINED and
/// the supervisor's restart cures it. One JSON line each, exit code 10 when one does not.
int runRecoverBench(const Arguments& arguments);

/// What the seed systems promised (P6 to P30), measured: one JSON line per row, exit code 10 when one is not kept.
int runPromiseBench(const Arguments& arguments);

/// `--seconds 60 --rate 10 --warm-up 10 --minimised 0 --fail-above 0`: the whole window on a synthetic run of `rate` steps
/// a second, and what watching costs: event-loop stall, slope of the resident memory with its interval, drift, share of one
/// core. The first `warm-up` seconds are told apart. With `fail-above` (ms) a longer stall after them is exit code 10.
/// `--train 1`: beside the real training of the shipped model. `--open STEPS`: a recorded run is opened and zoomed through instead (OpenBench.h).
int runUiBench(const Arguments& arguments);

/// What a MemoryScope costs, measuring and switched off, beside what was promised; exit code 10 when it costs more.
int runScopeBench(const Arguments& arguments);

} // namespace dubito::bench
