// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/AdapterMerge.h"

#include "backend/base/AtomicFile.h"
#include "backend/model/AdapterFile.h"
#include "backend/model/MergedWeights.h"
#include "backend/model/ShardWriter.h"
#include "backend/model/WeightFiles.h"
#include "backend/train/Checkpoint.h"

#include <fmt/format.h>

#include <cmath>
#include <system_error>
#include <unistd.h>

namespace dubito::session {

namespace {

namespace fs = std::filesystem;

/// What is merged, opened and checked against each other.
struct Sources {
    fs::path base;
    model::ModelConfig config;
    model::WeightFiles weights;
    model::AdapterFile adapter;
    std::vector<std::string> notes;
};

/// Why a folder that holds no adapter is none, and which one was perhaps meant.
Error notAnAdapter(const fs::path& folder)
{
    std::error_code ignored;
    if (model::isAdapterFolder(folder / "final")) {
        return { ErrorCode::Model, fmt::format("is a run and no checkpoint; name one of its own: {}", (folder / "final").string()),
            folder.string() };
    }
    if (fs::exists(folder / "config.json", ignored)) {
        return { ErrorCode::Model, "is a whole model and no adapter; there is nothing to merge", folder.string() };
    }
    return { ErrorCode::NotFound, "holds no adapter (adapter_config.json); name the folder of one, or a checkpoint of a run "
                                  "with --lora-rank",
        folder.string() };
}

Result<Sources> openSources(const NamedModel& named)
{
    if (!model::isAdapterFolder(named.folder)) {
        return notAnAdapter(named.folder);
    }
    const auto description = model::readAdapterConfig(named.folder / model::kAdapterConfigFile);
    if (!description) {
        return description.error();
    }
    const auto base = model::findBase(named.folder, *description, named.base);
    if (!base) {
        return base.error();
    }
    auto config = model::readModelConfig(*base / "config.json");
    if (!config) {
        return config.error();
    }
    auto weights = model::WeightFiles::open(*base);
    if (!weights) {
        return weights.error().code == ErrorCode::NotFound
            ? Error { ErrorCode::Model, "has no weights; an adapter can only be merged into the weights it was trained on",
                  base->string() }
            : weights.error();
    }
    auto notes = weights->check(*config, model::ParameterLayout::of(*config));
    if (!notes) {
        return notes.error();
    }
    auto adapter = model::AdapterFile::open(named.folder, *config);
    if (!adapter) {
        return adapter.error();
    }
    return Sources { *base, std::move(*config), std::move(*weights), std::move(*adapter), std::move(*notes) };
}

/// A folder beside its place until it is whole; gone again unless it was kept.
class NewFolder {
public:
    explicit NewFolder(fs::path place)
        : m_place(std::move(place))
        , m_partial(fmt::format("{}.partial-{}", m_place.string(), ::getpid()))
    {
    }
    NewFolder(const NewFolder&) = delete;
    NewFolder& operator=(const NewFolder&) = delete;
    ~NewFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_partial, ignored);
    }

    Result<void> create()
    {
        std::error_code problem;
        const bool isThere = fs::exists(fs::symlink_status(m_place, problem));
        const bool isFree = !isThere || (fs::is_directory(m_place, problem) && fs::is_empty(m_place, problem));
        if (!isFree) {
            return Error { ErrorCode::Usage, "is there already and holds something; name a new folder with --output",
                m_place.string() };
        }
        fs::create_directories(m_partial, problem);
        return problem ? notMade(problem) : Result<void>();
    }

    Result<void> keep()
    {
        std::error_code problem;
        fs::rename(m_partial, m_place, problem);
        return problem ? notMade(problem) : syncDirectory(fs::absolute(m_place).parent_path());
    }

    const fs::path& partial() const { return m_partial; }

private:
    Result<void> notMade(const std::error_code& problem) const
    {
        return Error { ErrorCode::Output, fmt::format("cannot be made ({}); name another with --output", problem.message()),
            m_place.string() };
    }

    fs::path m_place;
    fs::path m_partial;
};

/// The merged numbers of one parameter after the other.
class Merging {
public:
    Merging(const Sources& sources, const MergeRequest& request)
        : m_sources(sources)
        , m_request(request)
        , m_layout(model::ParameterLayout::of(sources.config))
        , m_adapterLayout(model::ParameterLayout::ofAdapter(sources.config, sources.adapter.lora()))
        , m_adapter(static_cast<std::size_t>(m_adapterLayout.blockSize()))
    {
    }

    Result<void> readAdapter() { return m_sources.adapter.readAll(m_adapterLayout, m_adapter); }

    std::vector<model::TensorPlan> plans() const
    {
        std::vector<model::TensorPlan> plans;
        for (const model::Parameter& parameter : m_layout.parameters()) {
            const auto stored = m_sources.weights.find(parameter.name)->dtype;
            plans.push_back({ parameter.name, parameter.shape, m_request.dtype.value_or(stored) });
        }
        return plans;
    }

    Result<std::span<const float>> numbersOf(const model::TensorPlan& plan);

    std::int64_t adapted() const { return m_adapted; }
    double lost() const { return m_added > 0 ? std::sqrt(m_lost / m_added) : 0; }

private:
    Result<void> judge(const model::TensorPlan& plan);

    const Sources& m_sources;
    const MergeRequest& m_request;
    model::ParameterLayout m_layout;
    model::ParameterLayout m_adapterLayout;
    std::vector<float> m_adapter;
    std::vector<float> m_before;
    std::vector<float> m_merged;
    std::int64_t m_done = 0; ///< tensors
    std::int64_t m_adapted = 0;
    double m_added = 0; ///< sums of squares
    double m_lost = 0;
};

Result<std::span<const float>> Merging::numbersOf(const model::TensorPlan& plan)
{
    if (m_request.stop.stop_requested()) {
        return Error { ErrorCode::Refused, "the merge was stopped; nothing was written", "" };
    }
    if (m_request.onProgress) {
        m_request.onProgress(plan.name, static_cast<double>(m_done) / static_cast<double>(m_layout.parameters().size()));
    }
    ++m_done;
    const model::Parameter& parameter = *m_layout.find(plan.name);
    m_before.resize(static_cast<std::size_t>(parameter.count));
    if (auto read = m_sources.weights.readInto(plan.name, m_before); !read) {
        return read.error();
    }
    m_sources.weights.forget(plan.name);
    m_merged = m_before;
    model::addAdapter(parameter, { m_sources.adapter.lora(), m_adapterLayout, m_adapter }, m_merged);
    if (auto judged = judge(plan); !judged) {
        return judged.error();
    }
    return std::span<const float>(m_merged);
}

/// Counts what the adapter adds and what rounding takes away, and refuses what is too large to be stored.
Result<void> Merging::judge(const model::TensorPlan& plan)
{
    const auto rounded = [&](float value) {
        return plan.dtype == model::Dtype::BF16 ? model::fromBf16(model::toBf16(value))
            : plan.dtype == model::Dtype::F16   ? model::fromF16(model::toF16(value))
                                                : value;
    };
    double added = 0;
    for (std::size_t i = 0; i < m_merged.size(); ++i) {
        const float stored = rounded(m_merged[i]);
        if (!std::isfinite(stored)) {
            return Error { ErrorCode::Model,
                fmt::format("number {} of {} becomes {} with the adapter, which {} cannot hold; take --dtype f32", i, plan.name,
                    m_merged[i], model::toWord(plan.dtype)),
                m_request.named.folder.string() };
        }
        const double difference = static_cast<double>(m_merged[i]) - static_cast<double>(m_before[i]);
        const double error = static_cast<double>(stored) - static_cast<double>(m_merged[i]);
        added += difference * difference;
        m_lost += difference != 0 ? error * error : 0;
    }
    m_added += added;
    m_adapted += added > 0 ? 1 : 0;
    return {};
}

/// What other tools need beside the weights; config.json names the dtype when that is another now.
Result<void> writeCompanions(const fs::path& folder, const Sources& sources, std::optional<model::Dtype> dtype)
{
    auto companions = train::readCompanions(sources.base, sources.config);
    if (!companions) {
        return companions.error();
    }
    (*companions)["config.json"] = dtype ? model::toConfigJson(sources.config, *dtype) : sources.config.sourceText;
    for (const auto& [name, text] : *companions) {
        if (auto written = writeAtomically(folder / name, text); !written) {
            return written;
        }
    }
    return {};
}

} // namespace

Result<MergeReport> mergeAdapter(const MergeRequest& request)
{
    const auto sources = openSources(request.named);
    if (!sources) {
        return sources.error();
    }
    Merging merging(*sources, request);
    if (auto read = merging.readAdapter(); !read) {
        return read.error();
    }
    NewFolder folder(request.output);
    if (auto made = folder.create(); !made) {
        return made.error();
    }
    const auto bytes = model::writeWeightFiles(
        folder.partial(), merging.plans(), [&](const model::TensorPlan& plan) { return merging.numbersOf(plan); },
        request.largestFile > 0 ? request.largestFile : model::kLargestShard);
    if (!bytes) {
        return bytes.error();
    }
    if (auto written = writeCompanions(folder.partial(), *sources, request.dtype); !written) {
        return written.error();
    }
    if (auto kept = folder.keep(); !kept) {
        return kept.error();
    }
    MergeReport report { .base = sources->base,
        .lora = sources->adapter.lora(),
        .adapted = merging.adapted(),
        .bytes = *bytes,
        .lost = merging.lost(),
        .notes = sources->notes };
    if (report.adapted == 0) {
        report.notes.push_back("the adapter adds nothing: its B are all 0, as before the first step");
    }
    return report;
}

} // namespace dubito::session
