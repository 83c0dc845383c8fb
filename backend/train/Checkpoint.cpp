// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/train/Checkpoint.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Check.h"
#include "backend/base/Text.h"
#include "backend/model/AdapterConfig.h"
#include "backend/model/Safetensors.h"
#include "backend/model/SafetensorsWriter.h"
#include "backend/train/CheckpointFolder.h"
#include "backend/train/Manifest.h"
#include "backend/train/ProgressFile.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <sys/statvfs.h>
#include <unistd.h>
#include <vector>

namespace dubito::train {

namespace {

namespace fs = std::filesystem;

constexpr const char* kConfig = "config.json";
constexpr const char* kWeights = "model.safetensors";
constexpr const char* kOptimizer = "state/optimizer.safetensors";
constexpr const char* kState = "state/state.json";
/// What a folder of a full model must hold, and one of an adapter.
struct Contents {
    const char* description;
    const char* weights;
    std::string_view prefix; ///< of the names of its tensors
};
constexpr Contents kFullContents { kConfig, kWeights, "" };
constexpr Contents kAdapterContents { model::kAdapterConfigFile, model::kAdapterWeightsFile, model::kAdapterPrefix };

/// As PyTorch calls the moments of Adam.
constexpr const char* kFirstMoment = "exp_avg.";
constexpr const char* kSecondMoment = "exp_avg_sq.";
constexpr std::size_t kLongestCompanion = std::size_t { 256 } << 20;

constexpr std::array kOptionalCompanions { "tokenizer_config.json", "special_tokens_map.json", "generation_config.json",
    "chat_template.jinja" };

Error notWritten(const fs::path& directory, const std::string& why)
{
    return { ErrorCode::Output,
        fmt::format("this checkpoint was not written: {}; older ones are untouched. Free some space or make the folder "
                    "writable, then save again",
            why),
        directory.string() };
}

void appendTensors(std::vector<model::TensorToWrite>& tensors, const model::ParameterLayout& layout,
    std::span<const float> block, const std::string& prefix)
{
    CHECK(block.size() == static_cast<std::size_t>(layout.blockSize()), "a block has the size of its layout");
    for (const model::Parameter& parameter : layout.parameters()) {
        tensors.push_back({ prefix + parameter.name, parameter.shape,
            block.subspan(static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count)) });
    }
}

/// A folder being written: what it holds so far, and gone again unless it was kept.
class PartialFolder {
public:
    explicit PartialFolder(fs::path path)
        : m_path(std::move(path))
    {
    }
    PartialFolder(const PartialFolder&) = delete;
    PartialFolder& operator=(const PartialFolder&) = delete;
    ~PartialFolder()
    {
        std::error_code ignored;
        fs::remove_all(m_path, ignored);
    }

    Result<void> create()
    {
        std::error_code problem;
        fs::remove_all(m_path, problem);
        fs::create_directories(m_path / "state", problem);
        return problem ? Result<void>(Error { ErrorCode::Output, problem.message(), m_path.string() }) : Result<void>();
    }

    Result<void> add(const std::string& name, std::string_view text)
    {
        auto file = AtomicFile::create(m_path / name);
        if (!file) {
            return file.error();
        }
        if (auto written = file->write(text); !written) {
            return written;
        }
        if (auto committed = file->commit(); !committed) {
            return committed;
        }
        m_manifest.files[name] = file->sum();
        return {};
    }

    Result<void> add(const std::string& name, const std::vector<model::TensorToWrite>& tensors)
    {
        auto written = model::writeSafetensors(m_path / name, tensors);
        if (!written) {
            return written.error();
        }
        m_manifest.files[name] = *written;
        return {};
    }

    /// Writes the manifest and says how many bytes there are in all.
    Result<std::int64_t> finish(std::int64_t step)
    {
        m_manifest.step = step;
        const auto manifest = writeManifest(m_path, m_manifest);
        if (!manifest) {
            return manifest.error();
        }
        std::uint64_t bytes = manifest->bytes;
        for (const auto& [name, sum] : m_manifest.files) {
            bytes += sum.bytes;
        }
        return static_cast<std::int64_t>(bytes);
    }

    /// Takes its name. One that has it already is exchanged for this in one step and then goes the way of the partial.
    Result<void> publish(const fs::path& target) const
    {
        std::error_code ignored;
        const bool replaces = fs::exists(fs::symlink_status(target, ignored));
        if (replaces && !fs::is_directory(fs::symlink_status(target, ignored))) {
            return Error { ErrorCode::Output, "something that is no folder has this name; move it away",
                target.string() };
        }
        const unsigned flags = replaces ? RENAME_EXCHANGE : RENAME_NOREPLACE;
        const bool isDone = ::renameat2(AT_FDCWD, m_path.c_str(), AT_FDCWD, target.c_str(), flags) == 0
            || (errno == EINVAL && renameWithoutFlags(target, replaces));
        if (!isDone) {
            return Error { ErrorCode::Output, std::strerror(errno), target.string() };
        }
        return syncDirectory(target.parent_path());
    }

private:
    /// File systems that cannot exchange: for a moment the name is free.
    bool renameWithoutFlags(const fs::path& target, bool replaces) const
    {
        const fs::path aside = m_path.string() + "-old";
        if (replaces && ::rename(target.c_str(), aside.c_str()) != 0) {
            return false;
        }
        const bool isDone = ::rename(m_path.c_str(), target.c_str()) == 0;
        const int number = errno;
        std::error_code ignored;
        if (replaces && !isDone) {
            fs::rename(aside, target, ignored);
        } else if (replaces) {
            fs::remove_all(aside, ignored);
        }
        errno = number;
        return isDone;
    }

    fs::path m_path;
    Manifest m_manifest;
};

/// Better refused at once than after gigabytes that then fill the disk for everybody.
Result<void> checkSpace(const fs::path& folder, const TrainStateView& state)
{
    struct statvfs disk { };
    if (::statvfs(folder.c_str(), &disk) != 0 || disk.f_blocks == 0) {
        return {};
    }
    const auto blocks = ::geteuid() == 0 ? disk.f_bfree : disk.f_bavail;
    const double free = static_cast<double>(blocks) * static_cast<double>(disk.f_frsize);
    const double needed = 3.0 * static_cast<double>(state.layout->count()) * sizeof(float);
    if (free < needed) {
        return Error { ErrorCode::Output,
            fmt::format("the disk has {} free and {} are needed", bytesToText(static_cast<std::int64_t>(free)),
                bytesToText(static_cast<std::int64_t>(needed))),
            folder.string() };
    }
    return {};
}

Result<std::int64_t> fillFolder(PartialFolder& folder, const TrainStateView& state, const CompanionFiles& companions)
{
    if (auto created = folder.create(); !created) {
        return created.error();
    }
    for (const auto& [name, text] : companions) {
        if (auto added = folder.add(name, text); !added) {
            return added.error();
        }
    }
    const Contents& contents = state.layout->isAdapter() ? kAdapterContents : kFullContents;
    std::vector<model::TensorToWrite> weights;
    appendTensors(weights, *state.layout, state.parameters, std::string(contents.prefix));
    if (auto added = folder.add(contents.weights, weights); !added) {
        return added.error();
    }
    std::vector<model::TensorToWrite> moments;
    appendTensors(moments, *state.layout, state.firstMoments, kFirstMoment);
    appendTensors(moments, *state.layout, state.secondMoments, kSecondMoment);
    if (auto added = folder.add(kOptimizer, moments); !added) {
        return added.error();
    }
    if (auto added = folder.add(kState, toStateJson(state.progress)); !added) {
        return added.error();
    }
    return folder.finish(state.progress.step);
}

/// Both a problem of ours (the layout) and a file of another model end here; the block is only touched when all fits.
Result<void> checkTensors(
    const model::Safetensors& file, const model::ParameterLayout& layout, const std::string& prefix)
{
    for (const model::Parameter& parameter : layout.parameters()) {
        const auto* tensor = file.find(prefix + parameter.name);
        if (tensor == nullptr || tensor->shape != parameter.shape || tensor->dtype != model::Dtype::F32) {
            return Error { ErrorCode::Model,
                fmt::format("does not belong to this model: {}{} {}", prefix, parameter.name,
                    tensor == nullptr ? "is missing"
                                      : fmt::format("is {} {} and not F32 {}", toWord(tensor->dtype),
                                          model::shapeToText(tensor->shape), model::shapeToText(parameter.shape))),
                file.path().string() };
        }
    }
    return {};
}

void readTensors(const model::Safetensors& file, const model::ParameterLayout& layout, const std::string& prefix,
    std::span<float> block)
{
    std::ranges::fill(block, 0.0F);
    for (const model::Parameter& parameter : layout.parameters()) {
        const auto* tensor = file.find(prefix + parameter.name);
        model::decode(tensor->dtype, file.bytes(*tensor),
            block.subspan(static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count)));
    }
}

} // namespace

Result<CompanionFiles> readCompanions(const fs::path& modelFolder, const model::ModelConfig& config)
{
    CompanionFiles files;
    files[kConfig] = model::toConfigJson(config);
    auto tokenizer = readText(modelFolder / "tokenizer.json", kLongestCompanion);
    if (!tokenizer) {
        return Error { ErrorCode::Model, tokenizer.error().message, tokenizer.error().where };
    }
    files["tokenizer.json"] = std::move(*tokenizer);
    for (const char* name : kOptionalCompanions) {
        if (auto text = readText(modelFolder / name, kLongestCompanion)) {
            files[name] = std::move(*text);
        }
    }
    return files;
}

Result<WrittenCheckpoint> writeCheckpoint(const fs::path& runFolder, const TrainStateView& state,
    const CompanionFiles& companions, const BeforePublish& beforePublish)
{
    CHECK(state.layout != nullptr, "a state has a layout");
    CHECK(companions.contains((state.layout->isAdapter() ? kAdapterContents : kFullContents).description),
        "a checkpoint holds the config of its model or adapter");
    const fs::path target = runFolder / checkpointName(state.progress.step);
    if (auto fits = checkSpace(runFolder, state); !fits) {
        return notWritten(target, fits.error().message);
    }
    PartialFolder folder(target.string() + ".partial-" + std::to_string(::getpid()));
    const auto bytes = fillFolder(folder, state, companions);
    if (!bytes) {
        return notWritten(target, toText(bytes.error()));
    }
    if (beforePublish) {
        if (auto done = beforePublish(); !done) {
            return notWritten(target, toText(done.error()));
        }
    }
    if (auto published = folder.publish(target); !published) {
        return notWritten(target, toText(published.error()));
    }
    return WrittenCheckpoint { target, state.progress.step, *bytes };
}

Result<TrainProgress> verifyCheckpoint(const fs::path& checkpoint)
{
    const auto manifest = readManifest(checkpoint);
    if (!manifest) {
        return manifest.error();
    }
    const auto damaged = [&](std::string how) {
        return Error { ErrorCode::Model, "is damaged: " + std::move(how), checkpoint.string() };
    };
    const bool isAdapter = manifest->files.contains(kAdapterContents.weights);
    const Contents& contents = isAdapter ? kAdapterContents : kFullContents;
    for (const char* name : { contents.description, contents.weights, kOptimizer, kState }) {
        if (!manifest->files.contains(name)) {
            return damaged(fmt::format("its manifest does not list {}", name));
        }
    }
    if (auto verified = verifyFiles(checkpoint, *manifest); !verified) {
        return verified.error();
    }
    const auto text = readText(checkpoint / kState);
    if (!text) {
        return damaged(toText(text.error()));
    }
    auto progress = parseStateJson(*text, (checkpoint / kState).string());
    if (progress && progress->step != manifest->step) {
        return damaged("manifest and state.json speak of different steps");
    }
    return progress;
}

Result<TrainProgress> loadCheckpoint(const fs::path& checkpoint, const TrainStateTarget& target)
{
    CHECK(target.layout != nullptr, "a state has a layout");
    auto progress = verifyCheckpoint(checkpoint);
    if (!progress) {
        return progress;
    }
    const bool isAdapter = target.layout->isAdapter();
    const Contents& contents = isAdapter ? kAdapterContents : kFullContents;
    std::error_code ignored;
    if (!fs::exists(checkpoint / contents.weights, ignored)) {
        return Error { ErrorCode::Model,
            isAdapter ? "holds a whole model, and this run trains an adapter; resume without training.lora_rank"
                      : "holds an adapter, and this run trains every weight; resume with its training.lora_rank",
            checkpoint.string() };
    }
    const auto weights = model::Safetensors::open(checkpoint / contents.weights);
    const auto optimizer = model::Safetensors::open(checkpoint / kOptimizer);
    for (const auto* file : { &weights, &optimizer }) {
        if (!*file) {
            return Error { ErrorCode::Model, file->error().message, file->error().where };
        }
    }
    for (const auto& [file, prefix] :
        { std::pair(&*weights, std::string(contents.prefix)), { &*optimizer, kFirstMoment }, { &*optimizer, kSecondMoment } }) {
        if (auto fits = checkTensors(*file, *target.layout, prefix); !fits) {
            return fits.error();
        }
    }
    readTensors(*weights, *target.layout, std::string(contents.prefix), target.parameters);
    readTensors(*optimizer, *target.layout, kFirstMoment, target.firstMoments);
    readTensors(*optimizer, *target.layout, kSecondMoment, target.secondMoments);
    return progress;
}

} // namespace dubito::train
