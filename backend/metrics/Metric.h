// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace dubito::metrics {

/// Every number that has a history. The order is the order of the table below.
enum class Metric : std::uint8_t {
    CrossEntropy,
    WeightedCrossEntropy,
    DistrustTerm,
    PublishedTotal,
    Validation,
    LearningRate,
    GradientNorm,
    EffectiveSampleSize,
    Tokens,
    TokensPerSecond,
    StepMilliseconds,
    Resident,
    Anonymous,
    Active,
    Cache,
    Untracked,
    Available,
    Weights,
    Gradients,
    Optimizer,
    Activations,
    Data,
    History,
    LeakNaive,
    LeakEstimate,
    LeakLow,
    LeakHigh,
    LeakFloor,
    SharePatent,
    ShareLabNotebook,
    ShareMeasurement,
    ShareArchive,
    ShareOralHistory,
    ShareCorrespondence,
    ShareAcademicPaper,
    ShareTextbook,
    ShareNews,
    ShareWiki,
    ShareGovernment,
    ShareBlog,
    ShareOther,
};

inline constexpr std::size_t kMetricCount = static_cast<std::size_t>(Metric::ShareOther) + 1;

/// One row per metric: the key of metrics.jsonl, what a person calls it, and its unit.
struct MetricRow {
    Metric metric;
    std::string_view key;
    std::string_view title;
    std::string_view unit;
};

inline constexpr std::array<MetricRow, kMetricCount> kMetricRows { {
    { Metric::CrossEntropy, "ce", "cross-entropy", "nats per token" },
    { Metric::WeightedCrossEntropy, "weighted_ce", "weighted cross-entropy", "nats per token" },
    { Metric::DistrustTerm, "distrust", "published distrust term", "" },
    { Metric::PublishedTotal, "published_total", "published total", "" },
    { Metric::Validation, "validation_ce", "validation cross-entropy", "nats per token" },
    { Metric::LearningRate, "lr", "learning rate", "" },
    { Metric::GradientNorm, "grad_norm", "gradient norm", "" },
    { Metric::EffectiveSampleSize, "ess", "effective sample size", "share" },
    { Metric::Tokens, "tokens", "targets", "tokens" },
    { Metric::TokensPerSecond, "tokens_per_s", "speed", "tokens per second" },
    { Metric::StepMilliseconds, "step_ms", "step time", "ms" },
    { Metric::Resident, "rss_mb", "RSS", "MiB" },
    { Metric::Anonymous, "anonymous_mb", "anonymous", "MiB" },
    { Metric::Active, "tensor_mb", "tensors", "MiB" },
    { Metric::Cache, "cache_mb", "cache", "MiB" },
    { Metric::Untracked, "untracked_mb", "untracked", "MiB" },
    { Metric::Available, "available_mb", "available", "MiB" },
    { Metric::Weights, "weights_mb", "weights", "MiB" },
    { Metric::Gradients, "gradients_mb", "gradients", "MiB" },
    { Metric::Optimizer, "optimizer_mb", "optimizer", "MiB" },
    { Metric::Activations, "activations_mb", "activations", "MiB" },
    { Metric::Data, "data_mb", "data", "MiB" },
    { Metric::History, "history_mb", "history", "MiB" },
    { Metric::LeakNaive, "leak_naive_mb_per_step", "single-step difference", "MB/step" },
    { Metric::LeakEstimate, "leak_mb_per_step", "leak estimate", "MB/step" },
    { Metric::LeakLow, "leak_low", "lower bound", "MB/step" },
    { Metric::LeakHigh, "leak_high", "upper bound", "MB/step" },
    { Metric::LeakFloor, "leak_floor", "smallest visible leak", "MB/step" },
    { Metric::SharePatent, "share_patent", "patent", "share" },
    { Metric::ShareLabNotebook, "share_lab_notebook", "lab notebook", "share" },
    { Metric::ShareMeasurement, "share_measurement", "measurement", "share" },
    { Metric::ShareArchive, "share_archive", "archive", "share" },
    { Metric::ShareOralHistory, "share_oral_history", "oral history", "share" },
    { Metric::ShareCorrespondence, "share_correspondence", "correspondence", "share" },
    { Metric::ShareAcademicPaper, "share_academic_paper", "academic paper", "share" },
    { Metric::ShareTextbook, "share_textbook", "textbook", "share" },
    { Metric::ShareNews, "share_news", "news", "share" },
    { Metric::ShareWiki, "share_wiki", "wiki", "share" },
    { Metric::ShareGovernment, "share_government", "government", "share" },
    { Metric::ShareBlog, "share_blog", "blog", "share" },
    { Metric::ShareOther, "share_other", "other", "share" },
} };

constexpr const MetricRow& row(Metric metric) { return kMetricRows[static_cast<std::size_t>(metric)]; }

constexpr std::optional<Metric> toMetric(std::string_view key)
{
    for (const auto& candidate : kMetricRows) {
        if (candidate.key == key) {
            return candidate.metric;
        }
    }
    return std::nullopt;
}

/// Some neighbouring samples folded into one: the extremes are kept, so that peaks survive.
struct Bucket {
    std::int64_t firstStep = 0;
    std::int64_t lastStep = 0;
    std::chrono::milliseconds firstTime { 0 }; ///< since the run began
    std::chrono::milliseconds lastTime { 0 };
    double minimum = 0;
    double maximum = 0;
    double sum = 0;
    std::int64_t samples = 0; ///< finite ones
    std::int64_t nonFinite = 0; ///< NaN or infinite ones: marked, never dropped

    double mean() const { return samples > 0 ? sum / static_cast<double>(samples) : 0.0; }

    friend bool operator==(const Bucket&, const Bucket&) = default;
};

struct Sample {
    std::int64_t step = 0;
    std::chrono::milliseconds time { 0 }; ///< since the run began
    double value = 0;

    friend bool operator==(const Sample&, const Sample&) = default;
};

inline constexpr std::size_t kMaxBuckets = 512;
inline constexpr std::size_t kMaxLatest = 1000;

/// The history of one metric as one sees it from outside: the whole run folded, and the newest samples raw.
struct Series {
    Metric metric = Metric::CrossEntropy;
    std::vector<Bucket> buckets; ///< at most kMaxBuckets, the whole run
    std::vector<Sample> latest; ///< at most kMaxLatest, raw

    friend bool operator==(const Series&, const Series&) = default;
};

} // namespace dubito::metrics
