// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstdint>
#include <string>

/// Every value a user can set, with its default. Plain structs, one per YAML section; the field table that names, checks
/// and explains them is ConfigFields. Sizes ending in Gb/Mb are GiB/MiB, as everywhere.
namespace dubito::config {

enum class Switch : std::uint8_t { Off, On };

struct Log {
    std::string level = "info"; ///< debug, info, warn, error
    std::int64_t maxFileMb = 10; ///< the log file of a run is rotated at this size
    std::int64_t files = 3; ///< rotated files kept
};

/// How one JSONL field is called in the user's corpus; empty means the names of the documentation.
struct DataFields {
    std::string text;
    std::string prompt;
    std::string completion;
    std::string authority;
    std::string entropy;
    std::string id;
    std::string title;
    std::string year;
    std::string date;
    std::string sourceType;
    std::string publisher;
    std::string source;
    std::string url;
    std::string evidence;
};

enum class Unlabelled : std::uint8_t { Score, WeightOne };

struct Data {
    std::string path; ///< a JSONL file or a folder of them; empty: the embedded sample
    std::string validation; ///< held-out documents; empty: none (the sample brings its own)
    DataFields fields;
    Unlabelled unlabelled = Unlabelled::Score; ///< documents without authority and entropy
    std::int64_t maxLineMb = 16; ///< a longer line is refused, counted and named
    Switch shuffle = Switch::On;
};

enum class Profile : std::uint8_t { Compat };

struct Provenance {
    Profile profile = Profile::Compat;
    Switch priors = Switch::On; ///< mix the prior of a known source type in (70 : 30)
};

enum class WeightingMode : std::uint8_t { Monotone, Published, Affine, Hinge, Additive };
enum class Normalise : std::uint8_t { Dataset, Batch };

struct Distrust {
    WeightingMode weighting = WeightingMode::Monotone;
    Normalise normalise = Normalise::Dataset;
    double alpha = 2.7;
    double lambda = 1.0;
    double hingeFloor = 1.0;
    double essWarning = 0.2; ///< effective sample size below this share of the documents is warned of
};

struct Model {
    std::string path; ///< a Hugging Face directory or an adapter; empty: the embedded tiny model
    std::string base; ///< the base of an adapter; empty: where its adapter_config.json says
};

/// How weights that are not trained are kept; auto: as BF16 when they are stored so.
enum class FrozenWeights : std::uint8_t { Auto, F32, Bf16 };

enum class LossReduction : std::uint8_t { Token, Sample };
enum class Precision : std::uint8_t { F32, Bf16 };
enum class GradientCheckpointing : std::uint8_t { Off, On, Auto };

struct Training {
    std::int64_t steps = 600;
    std::int64_t batchSize = 4;
    std::int64_t seqLen = 128;
    std::int64_t accumulate = 1;
    double learningRate = 5e-5; ///< 2e-3 for the embedded model unless set
    std::int64_t warmupSteps = 20;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    double weightDecay = 0.01;
    Switch decayNorms = Switch::On; ///< weight decay also on norm weights and biases
    double clip = 1.0; ///< global norm; 0 = off
    LossReduction lossReduction = LossReduction::Token;
    std::int64_t seed = 42;
    std::int64_t threads = 0; ///< 0 = all processors
    std::int64_t loraRank = 0; ///< 0 = every weight is trained, or the adapter that model.path names
    double loraAlpha = 0; ///< 0 = twice the rank; updates are scaled by alpha / rank
    double loraDropout = 0;
    std::string loraTargets = "q_proj k_proj v_proj o_proj"; ///< projections with an adapter, or all-linear
    FrozenWeights frozenWeights = FrozenWeights::Auto;
    Precision precision = Precision::F32; ///< of the products' operands; everything else stays float32
    GradientCheckpointing gradientCheckpointing = GradientCheckpointing::Auto;
    std::string output; ///< run folder; empty: runs/<date-time>-<name>
    std::string metrics; ///< metrics file; empty: metrics.jsonl in the run folder
    Switch checkpointing = Switch::On;
    std::int64_t checkpointInterval = 500; ///< steps; 0 = only on stop and reload
    std::int64_t saveTotalLimit = 3;
    std::int64_t evaluationInterval = 100; ///< steps; 0 = only at the end
    std::int64_t evaluationDocuments = 200; ///< at most so many held-out documents each time; 0 = all
    std::int64_t earlyStopPatience = 0; ///< evaluations without a better held-out loss that end the run; 0 = off
    double memoryLeakThresholdMb = 1.0; ///< act threshold, MB per step
    std::int64_t reloadIntervalSteps = 0; ///< 0 = off; counted from the last reload
    double reloadMemoryThresholdGb = 0; ///< 0 = off; checked every step
    std::int64_t periodicCacheClearInterval = 10; ///< steps; 0 = off
};

struct Memory {
    double budgetGb = 0; ///< strict limit for tensors; 0 = off
    double cacheLimitGb = 0; ///< freed blocks kept for reuse; 0 = no limit of its own
    double pauseAvailableGb = 15; ///< capped at 15 % of the machine
    double abortAvailableGb = 10; ///< capped at 8 % of the machine
    double pauseTimeoutS = 3600; ///< a pause longer than this saves and ends with exit code 4
    double thresholdPercentage = 80; ///< of the machine: held for 30 s, the batch shrinks
    double batchSizeReductionFactor = 0.5;
    double alertPercentage = 70; ///< of the budget, or of what the machine lends
    double cleanupPercentage = 80;
    double criticalPercentage = 90;
    double leakWarnMb = 0.02; ///< MB per step; a lower bound above it is a warning
    Switch adaptiveLevels = Switch::On; ///< what is unusual for a phase of the run is an alert too
    Switch adaptiveCache = Switch::On; ///< the cache limit follows what steps use, unless cache_limit_gb says one
    Switch scopes = Switch::Off; ///< preparation, evaluation, checkpoints are measured and logged one by one
    Switch emergencyHandler = Switch::On; ///< SIGUSR1 drops caches
    Switch saveReports = Switch::On; ///< on a critical level and on a reload
    double reportRetentionDays = 7;
    std::int64_t reportLimit = 50; ///< reports kept in a run folder
};

enum class WhenRetained : std::uint8_t { Auto, Pause, Restart };

struct Reload {
    std::int64_t perHour = 3; ///< unplanned reloads
    std::int64_t cooldownSteps = 200; ///< between unplanned reloads
    WhenRetained whenRetained = WhenRetained::Auto; ///< auto: restart in a terminal, pause in the window
};

struct Metrics {
    std::int64_t maxFileMb = 1024; ///< metrics.jsonl is rotated at this size
};

struct Health {
    double staleAfterS = 60; ///< a module that was not heard of for so long is Silent
    double heartbeatS = 2; ///< how often the sign of life is written into the run folder
    double badLinesPercentage = 1; ///< share of refused corpus lines above which data is Degraded
};

struct Config {
    Log log;
    Data data;
    Provenance provenance;
    Distrust distrust;
    Model model;
    Training training;
    Memory memory;
    Reload reload;
    Metrics metrics;
    Health health;
};

} // namespace dubito::config
