// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunPlanner.h"

#include "backend/base/Check.h"
#include "backend/base/Parallel.h"
#include "backend/base/Text.h"
#include "backend/config/ConfigFile.h"
#include "backend/config/ConfigFolders.h"
#include "backend/data/JsonlReader.h"
#include "backend/memory/MemoryLevels.h"
#include "backend/memory/MemoryProbe.h"
#include "backend/session/Resources.h"

#include <fmt/format.h>

#include <utility>

namespace dubito::session {

namespace {

/// Enough of a corpus to tell whether it is one.
constexpr std::int64_t kLookedAtBytes = 256 * 1024;

Result<void> layProfile(const std::string& name, config::Config& config)
{
    if (name.empty()) {
        return {};
    }
    const auto file = config::findConfig(name, config::ConfigKind::Profile, config::standardConfigFolders());
    if (!file) {
        return file.error();
    }
    const config::FileReading reading = config::readConfigFile(*file);
    if (!reading.problems.empty()) {
        return reading.problems.front();
    }
    for (const config::FileValue& value : reading.values) {
        value.field->set(config, value.value);
    }
    return {};
}

/// Looks at the beginning of the corpus, and says what is there.
Result<std::string> lookAtCorpus(const config::Config& config, const std::stop_token& stop)
{
    std::filesystem::path path = config.data.path;
    if (path.empty()) {
        const auto shipped = shippedRun();
        if (!shipped) {
            return shipped.error();
        }
        path = shipped->corpus;
    }
    auto reader = data::JsonlReader::open(path, config.data);
    if (!reader) {
        return reader.error();
    }
    data::Document document;
    bool isWhole = false;
    while (!isWhole && reader->report().bytes < kLookedAtBytes) {
        if (stop.stop_requested()) {
            return Error { ErrorCode::Refused, "the plan was given up", "" };
        }
        const auto step = reader->next(document);
        if (!step) {
            return step.error();
        }
        isWhole = *step == data::JsonlReader::Step::End;
    }
    const auto& report = reader->report();
    if (auto any = data::requireDocuments(report, path); !any) {
        return any.error();
    }
    const std::string text = countOf(report.documents, "document") + ", " + countOf(report.refused, "line") + " refused";
    return isWhole ? text : text + fmt::format(", in its first {}", bytesToText(kLookedAtBytes));
}

} // namespace

std::vector<std::string> profileNames()
{
    std::vector<std::string> names;
    for (const config::StartingPoint& point : config::startingPoints(config::standardConfigFolders())) {
        if (point.kind == config::ConfigKind::Profile) {
            names.push_back(point.name);
        }
    }
    return names;
}

Result<PlannedRun> planRun(const RunWish& wish, std::stop_token stop)
{
    PlannedRun planned;
    planned.config = wish.base;
    if (auto laid = layProfile(wish.profile, planned.config); !laid) {
        return laid.error();
    }
    planned.config.model.path = wish.model;
    planned.config.data.path = wish.data;
    const auto& training = planned.config.training;
    const auto model = modelToPlan(planned.config);
    if (!model) {
        return model.error();
    }
    if (training.seqLen > model->config.maxPositions) {
        return Error { ErrorCode::Model,
            fmt::format("training.seq_len is {}, but the model knows {} positions; set it to {} or less", training.seqLen,
                model->config.maxPositions, model->config.maxPositions),
            wish.model };
    }
    auto corpus = lookAtCorpus(planned.config, stop);
    if (!corpus) {
        return corpus.error();
    }
    planned.corpus = std::move(*corpus);
    // As the trainer itself will count them.
    memory::LinuxMemoryProbe probe;
    const PlannedMachine machine { Parallel(static_cast<int>(training.threads)).threads(),
        memory::levelBase(planned.config.memory, probe.machine()) };
    planned.model = describePlan(planned.config, *model, machine);
    planned.plan = planTraining(planned.config, *model, machine);
    planned.allowance = allowanceOf(planned.config.memory, probe.machine());
    if (!planned.fits()) {
        planned.suggestions = suggestFits(planned.config, *model, machine.threads, planned.allowance.bytes);
    }
    return planned;
}

RunPlanner::RunPlanner(RunWish wish)
    : m_worker(
          "planner",
          [this, wished = std::move(wish)](std::stop_token stop) {
              auto kept = std::make_shared<Result<PlannedRun>>(planRun(wished, std::move(stop)));
              m_planned.update([&](auto& planned) { planned = std::move(kept); });
          },
          [this](const Error& error) {
              auto kept = std::make_shared<Result<PlannedRun>>(error);
              m_planned.update([&](auto& planned) { planned = std::move(kept); });
          })
{
}

bool RunPlanner::isDone() const
{
    return m_planned.read([](const auto& planned) { return planned != nullptr; });
}

Result<PlannedRun> RunPlanner::take()
{
    const auto planned = m_planned.update([](auto& waiting) { return std::exchange(waiting, nullptr); });
    CHECK(planned != nullptr, "a plan was taken before it was made, or twice");
    return std::move(*planned);
}

} // namespace dubito::session
