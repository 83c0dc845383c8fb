// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/CheckpointWriter.h"

#include <algorithm>
#include <exception>
#include <utility>

namespace dubito::train {

namespace {

std::span<const float> floatsOf(const Block& block, std::size_t count)
{
    return { reinterpret_cast<const float*>(block.data()), count };
}

Result<Block> copied(std::span<const float> values, TensorMemory& memory)
{
    auto block = memory.allocate(values.size_bytes(), Category::History);
    if (block) {
        std::ranges::copy(std::as_bytes(values), block->data());
    }
    return block;
}

} // namespace

/// A state of its own: nothing in it is shared with the trainer, which may be destroyed meanwhile.
struct CheckpointWriter::Copy {
    model::ParameterLayout layout;
    std::vector<Block> blocks; ///< parameters, first and second moments
    TrainProgress progress;
    std::vector<CheckpointLink> links;
    std::int64_t saveTotalLimit = 0;

    TrainStateView view() const
    {
        const auto count = static_cast<std::size_t>(layout.blockSize());
        return { &layout, floatsOf(blocks[0], count), floatsOf(blocks[1], count), floatsOf(blocks[2], count),
            progress };
    }
};

CheckpointWriter::CheckpointWriter(CheckpointRules rules, CompanionFiles companions, TensorMemory& memory)
    : m_rules(std::move(rules))
    , m_companions(std::move(companions))
    , m_memory(memory)
    , m_worker(
          "writer", [this](std::stop_token stop) { serve(std::move(stop)); },
          [this](Error error) {
              m_desk.update([&](Desk& desk) {
                  desk.isWriting = false;
                  desk.isClosed = true;
                  desk.result = std::move(error);
              });
          })
{
}

CheckpointWriter::~CheckpointWriter() = default;

Result<void> CheckpointWriter::submit(const TrainStateView& state, std::vector<CheckpointLink> links)
{
    if (isBusy()) {
        return Error { ErrorCode::Refused, "the checkpoint before this one is still being written",
            m_rules.runFolder.string() };
    }
    if (m_desk.read([](const Desk& desk) { return desk.isClosed; })) {
        return Error { ErrorCode::Refused, "the thread that writes checkpoints has failed",
            m_rules.runFolder.string() };
    }
    auto copy = std::make_unique<Copy>();
    copy->layout = *state.layout;
    copy->progress = state.progress;
    copy->links = std::move(links);
    copy->saveTotalLimit = m_rules.saveTotalLimit;
    for (const auto values : { state.parameters, state.firstMoments, state.secondMoments }) {
        auto block = copied(values, m_memory);
        if (!block) {
            return block.error();
        }
        copy->blocks.push_back(std::move(*block));
    }
    m_desk.update([&](Desk& desk) {
        desk.submitted = std::move(copy);
        desk.isWriting = true;
        desk.result.reset();
    });
    return {};
}

Result<SavedCheckpoint> CheckpointWriter::writeNow(
    const TrainStateView& state, const std::vector<CheckpointLink>& links)
{
    m_desk.waitFor({}, std::chrono::hours(24 * 365), [](const Desk& desk) { return !desk.isWriting; });
    return write(state, links, m_rules.saveTotalLimit);
}

bool CheckpointWriter::isBusy() const
{
    return m_desk.read([](const Desk& desk) { return desk.isWriting; });
}

std::optional<Result<SavedCheckpoint>> CheckpointWriter::poll()
{
    return m_desk.update([](Desk& desk) { return std::exchange(desk.result, std::nullopt); });
}

std::optional<Result<SavedCheckpoint>> CheckpointWriter::wait()
{
    m_desk.waitFor({}, std::chrono::hours(24 * 365), [](const Desk& desk) { return !desk.isWriting; });
    return poll();
}

void CheckpointWriter::serve(std::stop_token stop)
{
    const auto isSubmitted = [](const Desk& desk) { return desk.submitted != nullptr; };
    // A stop does not lose what was submitted: waitFor() says whether something lies there even then.
    while (m_desk.waitFor(stop, std::chrono::hours(24), isSubmitted) || !stop.stop_requested()) {
        auto copy = m_desk.update([](Desk& desk) { return std::move(desk.submitted); });
        if (copy == nullptr) {
            continue;
        }
        auto result = write(copy->view(), copy->links, copy->saveTotalLimit);
        copy.reset();
        m_desk.update([&](Desk& desk) {
            desk.isWriting = false;
            desk.result = std::move(result);
        });
    }
}

Result<SavedCheckpoint> CheckpointWriter::write(
    const TrainStateView& state, const std::vector<CheckpointLink>& links, std::int64_t limit) const
try {
    const auto begin = std::chrono::steady_clock::now();
    const std::int64_t step = state.progress.step;
    const auto written = [&]() -> Result<WrittenCheckpoint> {
        if (auto removed = removePartials(m_rules.runFolder); !removed) {
            return removed.error();
        }
        return writeCheckpoint(m_rules.runFolder, state, m_companions,
            m_rules.beforePublish ? BeforePublish([&] { return m_rules.beforePublish(step); }) : BeforePublish());
    }();
    if (!written) {
        return written.error();
    }
    SavedCheckpoint saved { written->directory, step, written->bytes, {}, {} };
    for (const CheckpointLink link : links) {
        if (auto pointed = pointLink(m_rules.runFolder, link, step); !pointed) {
            saved.warnings.push_back(pointed.error());
        }
    }
    if (auto limited = applyLimit(m_rules.runFolder, step, limit); !limited) {
        saved.warnings.push_back(limited.error());
    }
    saved.took = std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() - begin);
    return saved;
} catch (const std::exception& e) {
    // The thread must live on for the next checkpoint, so nothing is left to the Worker's last net.
    return Error { ErrorCode::Output, std::string("this checkpoint was not written: ") + e.what(),
        (m_rules.runFolder / checkpointName(state.progress.step)).string() };
}

} // namespace dubito::train
