// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/AdapterFile.h"

#include "backend/base/Check.h"
#include "backend/base/Text.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace dubito::model {

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kMostProblems = 10;

bool isThere(const fs::path& path)
{
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
}

bool isModelFolder(const fs::path& path)
{
    std::error_code ignored;
    return fs::is_regular_file(path / "config.json", ignored);
}

} // namespace

bool isAdapterFolder(const fs::path& folder) { return isThere(folder / kAdapterConfigFile); }

AdapterFile::AdapterFile(AdapterConfig config, Safetensors file)
    : m_config(std::move(config))
    , m_file(std::move(file))
{
}

Result<AdapterFile> AdapterFile::open(const fs::path& folder, const ModelConfig& base)
{
    auto config = readAdapterConfig(folder / kAdapterConfigFile);
    if (!config) {
        return config.error();
    }
    auto file = Safetensors::open(folder / kAdapterWeightsFile);
    if (!file) {
        return Error { ErrorCode::Model, file.error().message, file.error().where };
    }
    AdapterFile adapter(std::move(*config), std::move(*file));
    if (auto found = adapter.findTargets(); !found) {
        return found.error();
    }
    if (auto fits = adapter.check(base); !fits) {
        return fits.error();
    }
    return adapter;
}

/// What a pattern has selected stands in the file.
Result<void> AdapterFile::findTargets()
{
    if (m_config.lora.targets.any()) {
        return {};
    }
    for (std::size_t i = 0; i < kLoraTargetCount; ++i) {
        const std::string end = fmt::format(".{}{}", kLoraModules[i], kLoraA);
        m_config.lora.targets[i] = std::ranges::any_of(
            m_file.tensors(), [&](const StoredTensor& tensor) { return tensor.name.ends_with(end); });
    }
    if (m_config.lora.targets.none()) {
        return Error { ErrorCode::Model, "holds no adapter of a projection that is known here", m_file.path().string() };
    }
    return {};
}

Result<void> AdapterFile::check(const ModelConfig& base) const
{
    if (auto usable = checkLoraConfig(m_config.lora, base); !usable) {
        return Error { ErrorCode::Model, usable.error().message, m_file.path().string() };
    }
    const auto layout = ParameterLayout::ofAdapter(base, m_config.lora);
    std::vector<std::string> problems;
    for (const Parameter& wanted : layout.parameters()) {
        const std::string name = std::string(kAdapterPrefix) + wanted.name;
        const StoredTensor* found = m_file.find(name);
        if (found == nullptr) {
            problems.push_back(fmt::format("{} is missing", name));
        } else if (!isWeightDtype(found->dtype)) {
            problems.push_back(fmt::format("{} holds {} numbers; adapters are F32, BF16 or F16", name, toWord(found->dtype)));
        } else if (found->shape != wanted.shape) {
            problems.push_back(fmt::format("{} has the shape {}, and the base with rank {} asks for {}", name,
                shapeToText(found->shape), m_config.lora.rank, shapeToText(wanted.shape)));
        }
    }
    for (const StoredTensor& tensor : m_file.tensors()) {
        const bool isOurs = tensor.name.starts_with(kAdapterPrefix);
        if (!isOurs || layout.find(std::string_view(tensor.name).substr(kAdapterPrefix.size())) == nullptr) {
            problems.push_back(fmt::format("{} belongs to no projection of the base", dubito::quoted(tensor.name)));
        }
    }
    if (problems.empty()) {
        return {};
    }
    const std::size_t shown = std::min(problems.size(), kMostProblems);
    const std::string more = shown < problems.size() ? fmt::format("; and {} more", problems.size() - shown) : "";
    problems.resize(shown);
    return Error { ErrorCode::Model,
        fmt::format("this adapter does not fit its base: {}{}. Name the base that it was trained on with --base DIR",
            fmt::join(problems, "; "), more),
        m_file.path().string() };
}

Result<void> AdapterFile::readAll(const ParameterLayout& layout, std::span<float> block) const
{
    CHECK(static_cast<std::int64_t>(block.size()) == layout.blockSize(), "a block has the size of its layout");
    std::ranges::fill(block, 0.0F);
    for (const Parameter& parameter : layout.parameters()) {
        const StoredTensor* stored = m_file.find(std::string(kAdapterPrefix) + parameter.name);
        CHECK(stored != nullptr, "an adapter is read into another layout than its own");
        const auto values
            = block.subspan(static_cast<std::size_t>(parameter.offset), static_cast<std::size_t>(parameter.count));
        if (auto read = m_file.readInto(*stored, values); !read) {
            return read;
        }
        if (!std::ranges::all_of(values, [](float value) { return std::isfinite(value); })) {
            return Error { ErrorCode::Model,
                fmt::format("a number of tensor {} is NaN or infinite; fetch the adapter again, or go back to an older "
                            "checkpoint",
                    dubito::quoted(stored->name)),
                m_file.path().string() };
        }
    }
    return {};
}

Result<fs::path> findBase(const fs::path& adapter, const AdapterConfig& config, const fs::path& named)
{
    std::vector<fs::path> places;
    if (!named.empty()) {
        places = { named };
    } else if (!config.base.empty()) {
        const fs::path said(config.base);
        places = { said, adapter / said, adapter.parent_path() / said, adapter.parent_path() / said.filename() };
    }
    for (const fs::path& place : places) {
        if (isAdapterFolder(place) && place != places.front()) {
            continue; // a neighbour that only happens to have the name
        }
        if (isAdapterFolder(place)) {
            return Error { ErrorCode::Model,
                fmt::format("is an adapter, and cannot be the base of {}; merge it first (dubito merge)",
                    adapter.filename().string()),
                place.string() };
        }
        if (isModelFolder(place)) {
            return place;
        }
    }
    const std::string why = !named.empty() ? fmt::format("{} holds no config.json", named.string())
        : config.base.empty()              ? std::string("its adapter_config.json names none")
                                           : fmt::format("its adapter_config.json names {}, and there is no such folder "
                                                         "here or beside the adapter",
                                      dubito::quoted(config.base));
    return Error { ErrorCode::Model,
        fmt::format("the base of this adapter was not found: {}. Name its folder with --base DIR", why),
        adapter.string() };
}

} // namespace dubito::model
