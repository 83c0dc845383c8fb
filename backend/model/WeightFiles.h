// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/model/ModelConfig.h"
#include "backend/model/Parameters.h"
#include "backend/model/Safetensors.h"

#include <cstddef>
#include <filesystem>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace dubito::model {

inline constexpr const char* kWeightsFile = "model.safetensors";
inline constexpr const char* kWeightsIndexFile = "model.safetensors.index.json";

/// The weights of a model directory: `model.safetensors`, or shards with `model.safetensors.index.json`.
///
/// Mapped; pages are read when a tensor is asked for. Every tensor is found by its Hugging Face name. Refuses, in a
/// sentence: an index that leads out of the directory, names a file or tensor that is not there or forgets one, and
/// the same tensor in two shards. Immutable after open(): any thread.
class WeightFiles {
public:
    /// ErrorCode::Model; NotFound when the directory holds neither file: such a model starts from random numbers, if
    /// its config.json is good.
    static Result<WeightFiles> open(const std::filesystem::path& directory);

    /// Whether the files hold exactly the parameters of the configuration, with their shapes, as F32, BF16 or F16.
    ///
    /// On success: sentences for the log about tensors that are there and not used. All problems are named (at most
    /// ten). Values are judged when they are read.
    Result<std::vector<std::string>> check(const ModelConfig& config, const ParameterLayout& layout) const;

    /// nullptr when there is none of that name.
    const StoredTensor* find(std::string_view name) const;

    /// Decoded; ErrorCode::Model names the tensor and the element when one is NaN or infinite.
    Result<void> readInto(std::string_view name, std::span<float> values) const;

    /// The same for numbers from `first` on, as many as `values` has; their pages are given back. A tensor that is kept as
    /// BF16 need never be there whole as float.
    Result<void> readPiece(std::string_view name, std::size_t first, std::span<float> values) const;

    /// Gives the pages of a tensor that has been read back to the system; reading it again reads the file again.
    void forget(std::string_view name) const;

    /// Every parameter to its place in one block; padding becomes 0. Requires: block.size() == layout.blockSize(),
    /// check() succeeded.
    Result<void> readAll(const ParameterLayout& layout, std::span<float> block) const;

    std::vector<std::string> names() const;

private:
    struct Place {
        std::size_t file;
        const StoredTensor* tensor;
    };

    Error noSuchTensor(std::string_view name) const;
    Result<void> addFile(const std::filesystem::path& path);
    Result<void> addShards(const std::filesystem::path& index);
    std::vector<std::string> problemsOf(const ModelConfig& config, const ParameterLayout& layout) const;

    std::filesystem::path m_directory;
    std::vector<Safetensors> m_files;
    std::map<std::string, Place, std::less<>> m_places;
};

} // namespace dubito::model
