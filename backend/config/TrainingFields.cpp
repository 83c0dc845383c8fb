// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/config/FieldRows.h"

#include <array>

namespace dubito::config {

namespace {

template <auto Member>
constexpr Field training(Field field)
{
    return row<&Config::training, Member>(field);
}

constexpr std::array kTrainingFields {
    training<&Training::steps>({ .key = "training.steps",
        .help = "Optimizer steps of the whole run. The learning rate reaches zero at the last one.",
        .type = Type::Steps, .range = { 1, 1e9 }, .unit = "steps" }),
    training<&Training::batchSize>({ .key = "training.batch_size",
        .help = "Documents in one micro-batch. Lower it when memory is short and raise training.accumulate in return.",
        .type = Type::Integer, .range = { 1, 65536 }, .unit = "documents" }),
    training<&Training::seqLen>({ .key = "training.seq_len",
        .help = "Documents are cut at this many tokens. Activations grow in proportion to it, attention faster.",
        .type = Type::Integer, .range = { 2, 1048576 }, .unit = "tokens" }),
    training<&Training::accumulate>({ .key = "training.accumulate",
        .help = "Micro-batches whose gradients are summed before the optimizer moves. Raises the effective batch "
                "without raising memory.",
        .type = Type::Integer, .range = { 1, 65536 }, .unit = "micro-batches" }),
    training<&Training::learningRate>({ .key = "training.learning_rate",
        .help = "Peak learning rate of AdamW, reached after the warm-up. The embedded tiny model uses 0.002 unless "
                "this is set.",
        .type = Type::Number, .range = { 0, 10 } }),
    training<&Training::warmupSteps>({ .key = "training.warmup_steps",
        .help = "Steps over which the learning rate rises from zero. A default that is longer than the run is "
                "shortened to it.",
        .type = Type::Steps, .range = { 0, 1e9 }, .unit = "steps" }),
    training<&Training::beta1>({ .key = "training.beta1",
        .help = "Decay of AdamW's mean of gradients. Rarely changed.",
        .type = Type::Share, .range = { 0, 0.999999 } }),
    training<&Training::beta2>({ .key = "training.beta2",
        .help = "Decay of AdamW's mean of squared gradients. Lower it when the loss spikes late in a run.",
        .type = Type::Share, .range = { 0, 0.99999999 } }),
    training<&Training::epsilon>({ .key = "training.epsilon",
        .help = "Added to AdamW's denominator. Rarely changed.",
        .type = Type::Number, .range = { 1e-16, 1 } }),
    training<&Training::weightDecay>({ .key = "training.weight_decay",
        .help = "Decoupled weight decay of AdamW; 0 turns it off.",
        .type = Type::Number, .range = { 0, 10 } }),
    training<&Training::decayNorms>({ .key = "training.decay_norms",
        .help = "Whether weight decay also acts on norm weights and biases, as plain AdamW does.",
        .type = Type::Switch }),
    training<&Training::clip>({ .key = "training.clip",
        .help = "Gradients are scaled down to this global norm; 0 turns clipping off.",
        .type = Type::Number, .range = { 0, 1e6 } }),
    training<&Training::lossReduction>({ .key = "training.loss_reduction",
        .help = "token: every target token counts the same. sample: every document counts the same, however long.",
        .type = Type::Choice }),
    training<&Training::seed>({ .key = "training.seed",
        .help = "Seed of everything random: initial weights and the order of documents. The same seed, machine and "
                "thread count give the same run, bit for bit.",
        .type = Type::Integer, .range = { 0, 9007199254740991.0 } }),
    training<&Training::threads>({ .key = "training.threads",
        .help = "Threads that compute; 0 means one for each processor this process may use.",
        .type = Type::Integer, .range = { 0, 1024 }, .unit = "threads" }),
    training<&Training::loraRank>({ .key = "training.lora_rank",
        .help = "Rank of the adapters (LoRA) that are trained in place of the weights; 0 trains every weight. When the "
                "model is an adapter, 0 goes on with that one.",
        .type = Type::Integer, .range = { 0, 4096 } }),
    training<&Training::loraAlpha>({ .key = "training.lora_alpha",
        .help = "What an adapter adds is scaled by this over the rank; 0 means twice the rank.",
        .type = Type::Number, .range = { 0, 65536 } }),
    training<&Training::loraDropout>({ .key = "training.lora_dropout",
        .help = "Share of an adapter's inputs that is left out at random while training, by the seed of the run.",
        .type = Type::Share, .range = { 0, 0.95 } }),
    training<&Training::loraTargets>({ .key = "training.lora_targets",
        .help = "Projections that get an adapter: some of q_proj k_proj v_proj o_proj gate_proj up_proj down_proj, or "
                "all-linear.",
        .type = Type::Text }),
    training<&Training::frozenWeights>({ .key = "training.frozen_weights",
        .help = "How the weights below an adapter are kept. auto: as BF16 (half the memory) when they are stored so, "
                "else as f32; bf16 rounds them.",
        .type = Type::Choice }),
    training<&Training::precision>({ .key = "training.precision",
        .help = "Numbers that go into matrix products. bf16 is several times as fast on a processor that has it "
                "(avx512_bf16 or AMX; refused elsewhere); sums, weights and moments stay float32.",
        .type = Type::Choice }),
    training<&Training::gradientCheckpointing>({ .key = "training.gradient_checkpointing",
        .help = "on: keep only the input of each layer and compute the rest again on the way back: the same gradients "
                "bit for bit, less memory, about a quarter more time. auto: on when the plan does not fit the memory.",
        .type = Type::Choice }),
    training<&Training::output>({ .key = "training.output",
        .help = "Folder of the run: checkpoints, metrics, events, log. Empty: runs/<date-time>-<name>.",
        .type = Type::Path }),
    training<&Training::metrics>({ .key = "training.metrics",
        .help = "File that gets one JSON line per step. Empty: metrics.jsonl in the run folder.",
        .type = Type::Path }),
    training<&Training::checkpointing>({ .key = "training.checkpointing",
        .help = "Whether checkpoints are written. Without them no reload is possible and a stopped run is lost.",
        .type = Type::Switch }),
    training<&Training::checkpointInterval>({ .key = "training.checkpoint_interval",
        .help = "Steps between two checkpoints; 0 saves on stop and on reload alone. A kill loses at most the steps "
                "since the last one.",
        .type = Type::Steps, .range = { 0, 1e9 }, .unit = "steps", .when = When::NextStep }),
    training<&Training::saveTotalLimit>({ .key = "training.save_total_limit",
        .help = "Checkpoints that are kept; the oldest go. The best one is kept beside them.",
        .type = Type::Integer, .range = { 1, 10000 }, .unit = "checkpoints", .when = When::NextStep }),
    training<&Training::evaluationInterval>({ .key = "training.evaluation_interval",
        .help = "Steps between two evaluations on the held-out documents; 0 evaluates at the end alone.",
        .type = Type::Steps, .range = { 0, 1e9 }, .unit = "steps", .when = When::NextStep }),
    training<&Training::evaluationDocuments>({ .key = "training.evaluation_documents",
        .help = "Held-out documents that are read at each evaluation, at most; 0 reads all of them.",
        .type = Type::Integer, .range = { 0, 1e9 }, .unit = "documents" }),
    training<&Training::earlyStopPatience>({ .key = "training.early_stop_patience",
        .help = "The run ends when so many evaluations, one after the other, have not bettered the held-out loss; 0 "
                "turns it off. The best checkpoint is kept as checkpoint-best.",
        .type = Type::Integer, .range = { 0, 1e6 }, .unit = "evaluations", .when = When::NextStep }),
    training<&Training::memoryLeakThresholdMb>({ .key = "training.memory_leak_threshold_mb",
        .help = "A leak that is certain to be faster than this acts: the model is reloaded. MiB per step; see also "
                "memory.leak_warn_mb.",
        .type = Type::Mebibytes, .range = { 0.001, 1048576 }, .unit = "MiB per step", .when = When::NextStep }),
    training<&Training::reloadIntervalSteps>({ .key = "training.reload_interval_steps",
        .help = "The model is reloaded every so many steps, counted from the last reload; 0 turns it off. Nothing is "
                "lost by a reload but its seconds.",
        .type = Type::Steps, .range = { 0, 1e9 }, .unit = "steps", .when = When::NextStep }),
    training<&Training::reloadMemoryThresholdGb>({ .key = "training.reload_memory_threshold_gb",
        .help = "The model is reloaded when the process holds more than this, looked at in every step; 0 turns it "
                "off. A threshold that even a fresh model exceeds is recognised and reported.",
        .type = Type::Gibibytes, .range = { 0, 16384 }, .unit = "GiB", .when = When::NextStep }),
    training<&Training::periodicCacheClearInterval>({ .key = "training.periodic_cache_clear_interval",
        .help = "Steps between two clears of the tensor cache; 0 turns it off. Gives back only what no step has "
                "used since the last clear, so that it costs nothing in steady state.",
        .type = Type::Steps, .range = { 0, 1e9 }, .unit = "steps", .when = When::NextStep }),
};

} // namespace

std::span<const Field> trainingFields() { return kTrainingFields; }

} // namespace dubito::config
