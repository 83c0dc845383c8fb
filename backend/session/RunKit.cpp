// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/session/RunKit.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Text.h"
#include "backend/config/ConfigYaml.h"
#include "backend/log/Log.h"
#include "backend/memory/HeapSettings.h"
#include "backend/memory/MemoryLevels.h"
#include "backend/metrics/MetricsFile.h"
#include "backend/metrics/MetricsReading.h"
#include "backend/session/ModelSource.h"
#include "backend/train/CheckpointFolder.h"

#include <fmt/format.h>

namespace dubito::session {

namespace {

/// A cursor and a batch that a run can have had: nothing here is trusted, because the next batch is cut by it.
bool isAPlaceIn(const train::TrainProgress& progress, std::int64_t documents)
{
    constexpr std::int64_t kMostRows = 1'000'000;
    constexpr std::int64_t kMostDealt = 1'000'000'000'000'000;
    const auto isCount = [](std::int64_t rows) { return rows >= 1 && rows <= kMostRows; };
    return progress.position >= 0 && progress.position <= documents && progress.epoch >= 0
        && progress.epoch <= kMostDealt / documents && isCount(progress.batchSize) && isCount(progress.accumulate)
        && isCount(progress.batchSize * progress.accumulate);
}

/// Builds the kit piece by piece; what fails says so, and nothing half-made is left.
class Assembly {
public:
    Assembly(const RunParts& parts, RunJournal& journal, std::stop_token stop)
        : m_parts(parts)
        , m_journal(journal)
        , m_stop(std::move(stop))
        , m_kit(std::make_unique<RunKit>())
    {
        m_kit->config = parts.boards.configStore.takeNextStart();
    }

    Result<std::unique_ptr<RunKit>> run()
    {
        using Piece = Result<void> (Assembly::*)();
        for (const Piece piece : { &Assembly::openFolder, &Assembly::prepareCorpus, &Assembly::buildModel,
                 &Assembly::fillModel, &Assembly::keepSettings, &Assembly::openMetrics, &Assembly::keepCheckpoints }) {
            if (m_stop.stop_requested()) {
                return Error { ErrorCode::Refused, "the preparation was stopped", "" };
            }
            if (auto done = (this->*piece)(); !done) {
                return done.error();
            }
        }
        return std::move(m_kit);
    }

private:
    Result<void> openFolder();
    Result<void> startHeartbeat();
    Result<void> prepareCorpus();
    Result<void> buildModel();
    Result<void> fillModel();
    Result<void> keepSettings();
    void sayKeptBatch();
    Result<void> openMetrics();
    Result<void> keepCheckpoints();

    const RunParts& m_parts;
    RunJournal& m_journal;
    std::stop_token m_stop;
    std::unique_ptr<RunKit> m_kit;
    std::filesystem::path m_resumedFrom;
};

Result<void> Assembly::openFolder()
{
    auto inputs = inputsOf(*m_kit->config);
    if (!inputs) {
        return inputs.error();
    }
    if (auto there = requireThere(*inputs); !there) {
        return there.error();
    }
    auto folder = RunFolder::open(
        m_kit->config->training, inputs->model.filename().string(), m_parts.boards.clock, m_parts.resuming);
    if (!folder) {
        return folder.error();
    }
    m_kit->folder = std::make_unique<RunFolder>(std::move(*folder));
    const auto& path = m_kit->folder->path();
    m_parts.boards.run.update([&](train::RunStatus& status) {
        status.runName = m_kit->folder->name();
        status.runFolder = path.string();
    });
    if (auto removed = train::removePartials(path); !removed) {
        return removed;
    }
    if (auto opened = m_parts.boards.events.openFile(m_kit->folder->events()); !opened) {
        return opened;
    }
    const auto& log = m_kit->config->log;
    if (auto logging = log::openFile(m_kit->folder->log(), log.maxFileMb, log.files); !logging) {
        return logging;
    }
    if (auto beating = startHeartbeat(); !beating) {
        return beating;
    }
    // A run that is gone on with keeps its run.yaml until its checkpoint has been taken with these settings.
    return m_parts.resuming == Resuming::Yes ? Result<void>() : keepSettings();
}

Result<void> Assembly::keepSettings() { return writeRunYaml(m_parts.boards, *m_kit); }

/// Before the first beat covers what the last one said.
Result<void> Assembly::startHeartbeat()
{
    auto& boards = m_parts.boards;
    const auto& path = m_kit->folder->path();
    const auto told = m_parts.resuming == Resuming::Yes ? explainEnd(path) : std::nullopt;
    boards.postMortem.update([&](std::optional<PostMortem>& shown) { shown = told; });
    if (told) {
        m_journal.add(EventKind::Alert, "died", "the run before: " + told->headline);
    }
    if (auto opened = boards.heartbeat.open(path); !opened) {
        return opened;
    }
    boards.heartbeat.beat(vitalsOf(boards));
    return {};
}

Result<void> Assembly::prepareCorpus()
{
    auto prepared = prepare({ *m_kit->config, m_kit->folder->path(), m_parts.boards.tally, m_stop,
        [&](const std::string& activity, double share) {
            m_journal.say(activity, share);
            m_parts.boards.health.beat(Module::Data, activity);
        } });
    if (!prepared) {
        return prepared.error();
    }
    m_kit->prepared = std::make_unique<Prepared>(std::move(*prepared));
    m_parts.boards.run.update([&](train::RunStatus& status) { status.modelName = m_kit->prepared->modelName; });
    m_parts.boards.weightScale.update([&](data::WeightScale& scale) { scale = m_kit->prepared->scale; });
    m_parts.boards.corpus.update([&](std::shared_ptr<const CorpusOverview>& shown) {
        shown = overviewOf(*m_kit->prepared, m_kit->config->distrust);
    });
    return {};
}

Result<void> Assembly::buildModel()
{
    m_journal.say("builds the model", 1);
    m_kit->parallel = std::make_unique<Parallel>(static_cast<int>(m_kit->config->training.threads));
    m_kit->guardian = std::make_unique<Guardian>(m_parts.boards, m_parts.pool, m_parts.probe, *m_kit->config);
    const Prepared& prepared = *m_kit->prepared;
    if (prepared.lora.isOn()) {
        auto base = readBase(prepared.model, prepared.weights, prepared.frozen,
            static_cast<std::uint64_t>(m_kit->config->training.seed), m_parts.pool);
        if (!base) {
            return base.error();
        }
        m_kit->base = std::make_unique<model::FrozenWeights<float>>(std::move(*base));
        m_parts.pool.keepLiveBlocks();
    }
    m_parts.pool.clearCache();
    memory::trimHeap();
    m_kit->baselineEmpty = m_parts.probe.process().anonymous();
    m_kit->roomBytes = memory::levelBase(m_kit->config->memory, m_parts.probe.machine());
    auto trainer = session::buildTrainer(*m_kit, m_parts.pool);
    if (!trainer) {
        return trainer.error();
    }
    m_kit->trainer = std::move(*trainer);
    return {};
}

Result<void> Assembly::fillModel()
{
    auto& trainer = *m_kit->trainer;
    if (m_parts.resuming == Resuming::Yes) {
        const auto newest = train::newestGood(m_kit->folder->path());
        if (!newest && newest.error().code != ErrorCode::NotFound) {
            return newest.error();
        }
        if (newest) {
            for (const Error& damaged : newest->damaged) {
                m_journal.add(EventKind::Alert, "damaged", "a damaged checkpoint was passed over: " + toText(damaged));
            }
            m_resumedFrom = newest->directory;
            auto restored = restoreTrainer(trainer, newest->directory, *m_kit->prepared);
            if (restored) {
                sayKeptBatch();
            }
            return restored;
        }
        m_journal.add(EventKind::Alert, "checkpoint",
            "there is no checkpoint in " + m_kit->folder->path().string() + " to go on from: the run begins anew");
    }
    if (m_kit->prepared->adapter) {
        return trainer.load(*m_kit->prepared->adapter);
    }
    if (m_kit->prepared->weights && !m_kit->prepared->lora.isOn()) {
        return trainer.load(*m_kit->prepared->weights);
    }
    trainer.initialise(static_cast<std::uint64_t>(m_kit->config->training.seed));
    return {};
}

/// A checkpoint brings its batch along: the curve stays one. Who asked for another one is told.
void Assembly::sayKeptBatch()
{
    const auto& progress = m_kit->trainer->progress();
    const auto& training = m_kit->config->training;
    if (progress.batchSize != training.batchSize || progress.accumulate != training.accumulate) {
        m_journal.add(EventKind::Alert, "batch",
            fmt::format("goes on with the batch of the checkpoint, {} × {}, not with {} × {} as configured; begin a new run "
                        "to change it",
                progress.batchSize, progress.accumulate, training.batchSize, training.accumulate));
    }
}

Result<void> Assembly::openMetrics()
{
    const std::int64_t step = m_kit->trainer->progress().step;
    const auto path = m_kit->folder->metrics();
    const std::int64_t atMost = m_kit->config->metrics.maxFileMb * kMiB;
    m_parts.boards.rolledBack.update([lost = step > 0 ? readRolledBack(path, step) : RolledBack()](RolledBack& shown) { shown = lost; });
    auto file = step > 0 ? metrics::MetricsFile::resume(path, atMost, step) : metrics::MetricsFile::create(path, atMost);
    if (!file) {
        return file.error();
    }
    if (step > 0) {
        // The window shows the whole run, not only what follows.
        std::chrono::milliseconds earlier { 0 };
        const auto read = metrics::readMetrics(path, [&](const metrics::MetricsLine& line) {
            earlier = line.time;
            m_parts.boards.metrics.update([&](metrics::MetricBoard& board) {
                for (const auto& [metric, value] : line.values) {
                    board.add(metric, { line.step, line.time, value });
                }
            });
        });
        if (!read) {
            return read.error();
        }
        m_journal.addEarlierTime(earlier);
    }
    const auto* validation = m_kit->prepared->validation ? &*m_kit->prepared->validation : nullptr;
    m_kit->recorder = std::make_unique<StepRecorder>(
        m_parts.boards, std::move(*file), m_kit->prepared->documents, validation);
    return {};
}

Result<void> Assembly::keepCheckpoints()
{
    m_kit->keeper = std::make_unique<CheckpointKeeper>(
        CheckpointKeeper::Parts { .boards = m_parts.boards,
            .memory = m_parts.pool,
            .runFolder = m_kit->folder->path(),
            .companions = m_kit->prepared->companions,
            .syncMetrics = [path = m_kit->recorder->path()] { return metrics::syncFile(path); },
            .runTime = [&journal = m_journal] { return journal.time(); } },
        m_kit->config->training);
    const auto& progress = m_kit->trainer->progress();
    if (!m_resumedFrom.empty()) {
        m_kit->keeper->remember(progress.step, m_resumedFrom);
    }
    m_journal.publishStart(progress.step, progress.totalSteps, progress.tokensSeen);
    m_kit->baselineLoaded = m_parts.probe.process().anonymous();
    m_kit->guardian->noteFresh(m_kit->baselineLoaded);
    return {};
}

} // namespace

Result<void> writeRunYaml(RunBoards& boards, const RunKit& kit)
{
    const auto origins = boards.configStore.status().origins;
    return writeAtomically(kit.folder->effectiveConfig(), config::effectiveYaml(*kit.config, origins));
}

Result<std::unique_ptr<RunKit>> assembleRun(const RunParts& parts, RunJournal& journal, std::stop_token stop)
{
    return Assembly(parts, journal, std::move(stop)).run();
}

Result<std::unique_ptr<train::Trainer>> buildTrainer(const RunKit& kit, memory::TensorPool& pool)
{
    const Prepared& prepared = *kit.prepared;
    auto trainer = train::Trainer::create({ .model = prepared.model,
        .documents = prepared.documents,
        .training = kit.config->training,
        .distrust = kit.config->distrust,
        .shuffle = kit.config->data.shuffle,
        .scale = prepared.scale,
        .weightMean = prepared.weightMean,
        .fingerprint = prepared.fingerprint,
        .memory = pool,
        .parallel = *kit.parallel,
        .lora = prepared.lora,
        .base = kit.base.get(),
        .roomBytes = kit.roomBytes });
    if (!trainer) {
        return trainer.error();
    }
    return std::make_unique<train::Trainer>(std::move(*trainer));
}

Result<void> restoreTrainer(train::Trainer& trainer, const std::filesystem::path& checkpoint, const Prepared& prepared)
{
    const auto progress = train::loadCheckpoint(checkpoint, trainer.target());
    if (!progress) {
        return progress.error();
    }
    if (progress->fingerprint != prepared.fingerprint) {
        return Error { ErrorCode::Data,
            "this checkpoint was trained on another corpus, or with another seed, length or weighting; resume with the "
            "same ones (run.yaml in the run folder says which), or begin a new run with another --output",
            checkpoint.string() };
    }
    if (!isAPlaceIn(*progress, prepared.documents.size())) {
        return Error { ErrorCode::Data,
            fmt::format("state.json says epoch {}, document {} of {}, batch {} × {}: no run on this corpus can stand there; the "
                        "file was changed by hand or is damaged. Remove this checkpoint and resume from the one before it",
                progress->epoch, progress->position, prepared.documents.size(), progress->batchSize, progress->accumulate),
            checkpoint.string() };
    }
    trainer.restore(*progress);
    return {};
}

} // namespace dubito::session
