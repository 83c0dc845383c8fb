// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

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
    ValidationPatent,
    ValidationLabNotebook,
    ValidationMeasurement,
    ValidationArchive,
    ValidationOralHistory,
    ValidationCorrespondence,
    ValidationAcademicPaper,
    ValidationTextbook,
    ValidationNews,
    ValidationWiki,
    ValidationGovernment,
    ValidationBlog,
    ValidationOther,
};

inline constexpr std::size_t kMetricCount = static_cast<std::size_t>(Metric::ValidationOther) + 1;

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
    { Metric::ValidationPatent, "validation_patent", "validation, patent", "nats per token" },
    { Metric::ValidationLabNotebook, "validation_lab_notebook", "validation, lab notebook", "nats per token" },
    { Metric::ValidationMeasurement, "validation_measurement", "validation, measurement", "nats per token" },
    { Metric::ValidationArchive, "validation_archive", "validation, archive", "nats per token" },
    { Metric::ValidationOralHistory, "validation_oral_history", "validation, oral history", "nats per token" },
    { Metric::ValidationCorrespondence, "validation_correspondence", "validation, correspondence", "nats per token" },
    { Metric::ValidationAcademicPaper, "validation_academic_paper", "validation, academic paper", "nats per token" },
    { Metric::ValidationTextbook, "validation_textbook", "validation, textbook", "nats per token" },
    { Metric::ValidationNews, "validation_news", "validation, news", "nats per token" },
    { Metric::ValidationWiki, "validation_wiki", "validation, wiki", "nats per token" },
    { Metric::ValidationGovernment, "validation_government", "validation, government", "nats per token" },
    { Metric::ValidationBlog, "validation_blog", "validation, blog", "nats per token" },
    { Metric::ValidationOther, "validation_other", "validation, other", "nats per token" },
} };

constexpr const MetricRow& row(Metric metric) { return kMetricRows[static_cast<std::size_t>(metric)]; }

/// The source classes that have a share and a held-out loss of their own; every other one counts as the last.
inline constexpr std::array<std::string_view, 13> kSourceWords { "patent", "lab_notebook", "measurement", "archive",
    "oral_history", "correspondence", "academic_paper", "textbook", "news", "wiki", "government", "blog", "other" };

/// The place of a source class in kSourceWords.
constexpr std::size_t sourcePlace(std::string_view sourceClass)
{
    for (std::size_t i = 0; i < kSourceWords.size(); ++i) {
        if (kSourceWords[i] == sourceClass) {
            return i;
        }
    }
    return kSourceWords.size() - 1;
}

/// The share of the gradient weight, and the held-out loss, of the class at a place.
constexpr Metric shareMetric(std::size_t place)
{
    return static_cast<Metric>(static_cast<std::size_t>(Metric::SharePatent) + place);
}
constexpr Metric validationMetric(std::size_t place)
{
    return static_cast<Metric>(static_cast<std::size_t>(Metric::ValidationPatent) + place);
}

constexpr std::optional<Metric> toMetric(std::string_view key)
{
    for (const auto& candidate : kMetricRows) {
        if (candidate.key == key) {
            return candidate.metric;
        }
    }
    return std::nullopt;
}

} // namespace dubito::metrics
