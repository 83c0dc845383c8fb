// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/ShardWriter.h"

#include "backend/model/WeightFiles.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace dubito::model {

namespace {

/// So many plans, one after the other, for each file.
std::vector<std::size_t> cut(std::span<const TensorPlan> plans, std::uint64_t largest)
{
    std::vector<std::size_t> shards { 0 };
    std::uint64_t bytes = 0;
    for (const TensorPlan& plan : plans) {
        if (shards.back() > 0 && bytes + plan.bytes() > largest) {
            shards.push_back(0);
            bytes = 0;
        }
        ++shards.back();
        bytes += plan.bytes();
    }
    return shards;
}

} // namespace

Result<std::uint64_t> writeWeightFiles(const std::filesystem::path& folder, std::span<const TensorPlan> plans,
    const TensorNumbers& numbers, std::uint64_t largest)
{
    const auto shards = cut(plans, largest);
    nlohmann::ordered_json map = nlohmann::ordered_json::object();
    std::uint64_t bytes = 0;
    std::size_t begin = 0;
    for (std::size_t i = 0; i < shards.size(); ++i) {
        const auto some = plans.subspan(begin, shards[i]);
        begin += shards[i];
        const std::string name
            = shards.size() == 1 ? kWeightsFile : fmt::format("model-{:05}-of-{:05}.safetensors", i + 1, shards.size());
        if (auto written = streamSafetensors(folder / name, some, numbers); !written) {
            return written.error();
        }
        for (const TensorPlan& plan : some) {
            map[plan.name] = name;
            bytes += plan.bytes();
        }
    }
    if (shards.size() > 1) {
        const nlohmann::ordered_json index { { "metadata", { { "total_size", bytes } } }, { "weight_map", map } };
        if (auto written = writeAtomically(folder / kWeightsIndexFile, index.dump(2) + "\n"); !written) {
            return written.error();
        }
    }
    return bytes;
}

} // namespace dubito::model
