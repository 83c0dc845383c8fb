// SPDX-License-Identifier: GPL-3.0-or-later
#include "backend/model/WeightFiles.h"

#include "backend/base/AtomicFile.h"
#include "backend/base/Check.h"
#include "backend/base/Text.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <set>

namespace dubito::model {

namespace {

namespace fs = std::filesystem;

constexpr const char* kEmbedding = "model.embed_tokens.weight";
constexpr const char* kHead = "lm_head.weight";
constexpr std::size_t kMostShards = 10'000;
constexpr std::size_t kMostProblems = 10;

/// Tensor to shard, as the index says.
using WeightMap = std::map<std::string, std::string>;

/// A name that stays in the directory: no separator, no "..", nothing hidden.
bool isPlainName(const std::string& name)
{
    return !name.empty() && !name.starts_with('.') && name.find_first_of(std::string_view("/\\\0", 3)) == name.npos;
}

Result<WeightMap> readIndex(const fs::path& path)
{
    const auto refuse = [&](std::string sentence) {
        return Error { ErrorCode::Model, std::move(sentence), path.string() };
    };
    const auto text = readText(path);
    if (!text) {
        return refuse(text.error().message);
    }
    const auto json = jsonDepth(*text) > kDeepestJson ? nlohmann::json() : nlohmann::json::parse(*text, nullptr, false);
    if (!json.is_object() || !json.contains("weight_map") || !json["weight_map"].is_object()) {
        return refuse("is no index of shards: it has no weight_map; fetch it again");
    }
    WeightMap map;
    for (const auto& [name, shard] : json["weight_map"].items()) {
        if (!shard.is_string() || !isPlainName(shard.get<std::string>())) {
            return refuse(fmt::format("sends {} to {}, which is no file of this directory", dubito::quoted(name),
                dubito::quoted(shard.is_string() ? shard.get<std::string>() : shard.dump())));
        }
        map[name] = shard.get<std::string>();
    }
    if (map.empty()) {
        return refuse("names no tensor");
    }
    return map;
}

/// The sentence that explains a wrong shape of the two tensors whose rows are the vocabulary.
std::string explainShape(const Parameter& wanted, const StoredTensor& found, const ModelConfig& config)
{
    const std::string shapes = fmt::format("{} has the shape {} and config.json asks for {}", wanted.name,
        shapeToText(found.shape), shapeToText(wanted.shape));
    const bool isVocabulary = wanted.name == kEmbedding || wanted.name == kHead;
    if (isVocabulary && found.shape.size() == 2 && found.shape[1] == wanted.shape[1]) {
        return shapes
            + fmt::format(" (vocab_size is {} and the weights know {} tokens)", config.vocabulary, found.shape[0]);
    }
    const bool isTransposed = found.shape.size() == 2 && wanted.shape.size() == 2 && found.shape[0] == wanted.shape[1]
        && found.shape[1] == wanted.shape[0];
    return isTransposed ? shapes + " (it is stored transposed)" : shapes;
}

/// Layers of which at least one tensor is stored, counted from the first without a gap.
std::int64_t storedLayers(const std::vector<std::string>& sortedNames)
{
    std::int64_t layers = 0;
    for (;; ++layers) {
        const std::string prefix = fmt::format("model.layers.{}.", layers);
        const auto found = std::ranges::lower_bound(sortedNames, prefix);
        if (found == sortedNames.end() || !found->starts_with(prefix)) {
            return layers;
        }
    }
}

/// Buffers of old checkpoints that are computed anew and never read.
bool isKnownBuffer(std::string_view name)
{
    return name.ends_with("rotary_emb.inv_freq") || name.ends_with("self_attn.masked_bias");
}

std::string listed(const std::vector<std::string>& sentences)
{
    const std::size_t shown = std::min(sentences.size(), kMostProblems);
    std::string text
        = fmt::format("{}", fmt::join(sentences.begin(), sentences.begin() + static_cast<long>(shown), "; "));
    return shown == sentences.size() ? text : text + fmt::format("; and {} more", sentences.size() - shown);
}

/// The first number that is NaN or infinite; its exponent is all ones. By pieces, so that the test is vectorised.
std::size_t firstNonFinite(std::span<const float> values)
{
    constexpr std::size_t kPiece = 4096;
    constexpr std::uint32_t kAllOnes = 0x7f800000U;
    const auto magnitude = [](float value) { return std::bit_cast<std::uint32_t>(value) & 0x7fffffffU; };
    for (std::size_t begin = 0; begin < values.size(); begin += kPiece) {
        const auto piece = values.subspan(begin, std::min(kPiece, values.size() - begin));
        std::uint32_t largest = 0;
        for (const float value : piece) {
            largest = std::max(largest, magnitude(value));
        }
        if (largest >= kAllOnes) {
            const auto bad = std::ranges::find_if(piece, [&](float value) { return magnitude(value) >= kAllOnes; });
            return begin + static_cast<std::size_t>(bad - piece.begin());
        }
    }
    return values.size();
}

/// `values` are those of the tensor from number `first` on.
Result<void> checkFinite(const Safetensors& file, std::string_view name, std::size_t first, std::span<const float> values)
{
    const std::size_t i = firstNonFinite(values);
    if (i == values.size()) {
        return {};
    }
    return Error { ErrorCode::Model,
        fmt::format("number {} of tensor {} is {}; a model with such a weight cannot be trained: fetch it again, "
                    "or go back to an older checkpoint",
            first + i, dubito::quoted(name), std::isnan(values[i]) ? "NaN" : "infinite"),
        file.path().string() };
}

/// Present in any form, also as a link that leads nowhere: such weights are an error and no reason to begin at random.
bool isThere(const fs::path& path)
{
    std::error_code ignored;
    return fs::exists(fs::symlink_status(path, ignored));
}

/// Why a directory without our two names holds no weights that can be used: other formats are named.
Error noWeights(const fs::path& directory)
{
    std::error_code problem;
    for (fs::directory_iterator entry(directory, problem), end; !problem && entry != end; entry.increment(problem)) {
        const std::string name = entry->path().filename().string();
        for (const char* other : { ".safetensors", ".bin", ".gguf", ".pt", ".pth", ".npz" }) {
            if (name.ends_with(other)) {
                return { ErrorCode::Model,
                    fmt::format("holds {} but neither {} nor {}; save the model as safetensors, with its index when it "
                                "is in shards",
                        dubito::quoted(name), kWeightsFile, kWeightsIndexFile),
                    directory.string() };
            }
        }
    }
    return { ErrorCode::NotFound, fmt::format("holds no weights: neither {} nor {} is there", kWeightsFile, kWeightsIndexFile),
        directory.string() };
}

} // namespace

Result<WeightFiles> WeightFiles::open(const fs::path& directory)
{
    WeightFiles files;
    files.m_directory = directory;
    const auto added = isThere(directory / kWeightsFile) ? files.addFile(directory / kWeightsFile)
        : isThere(directory / kWeightsIndexFile)              ? files.addShards(directory / kWeightsIndexFile)
                                                   : Result<void>(noWeights(directory));
    if (!added) {
        return added.error();
    }
    return files;
}

Result<void> WeightFiles::addFile(const fs::path& path)
{
    auto file = Safetensors::open(path);
    if (!file) {
        return Error { ErrorCode::Model, file.error().message, file.error().where };
    }
    m_files.push_back(std::move(*file));
    for (const StoredTensor& tensor : m_files.back().tensors()) {
        const auto [place, isNew] = m_places.emplace(tensor.name, Place { m_files.size() - 1, &tensor });
        if (!isNew) {
            return Error { ErrorCode::Model,
                fmt::format("holds the tensor {}, which is also in {}", dubito::quoted(tensor.name),
                    m_files[place->second.file].path().filename().string()),
                path.string() };
        }
    }
    return {};
}

Result<void> WeightFiles::addShards(const fs::path& index)
{
    const auto refuse = [&](std::string sentence) {
        return Error { ErrorCode::Model, std::move(sentence), index.string() };
    };
    const auto map = readIndex(index);
    if (!map) {
        return map.error();
    }
    std::set<std::string> shards;
    for (const auto& [name, shard] : *map) {
        shards.insert(shard);
    }
    if (shards.size() > kMostShards) {
        return refuse(fmt::format("names {} shards, and {} are the most", shards.size(), kMostShards));
    }
    m_files.reserve(shards.size());
    for (const std::string& shard : shards) {
        if (auto added = addFile(m_directory / shard); !added) {
            return added;
        }
    }
    for (const auto& [name, shard] : *map) {
        const auto place = m_places.find(name);
        if (place == m_places.end() || m_files[place->second.file].path().filename() != shard) {
            return refuse(fmt::format("says that {} holds {}, and it does not", shard, dubito::quoted(name)));
        }
    }
    for (const auto& [name, place] : m_places) {
        if (!map->contains(name)) {
            return refuse(fmt::format("does not name {}, which is in {}; the index and the shards do not belong "
                                      "together",
                dubito::quoted(name), m_files[place.file].path().filename().string()));
        }
    }
    return {};
}

Result<std::vector<std::string>> WeightFiles::check(const ModelConfig& config, const ParameterLayout& layout) const
{
    const auto refuse = [&](const std::string& why) {
        return Error { ErrorCode::Model, "the weights do not fit config.json: " + why, m_directory.string() };
    };
    if (const std::int64_t layers = storedLayers(names()); layers != config.layers) {
        return refuse(fmt::format("num_hidden_layers is {} and the weights hold {} layers", config.layers, layers));
    }
    const auto problems = problemsOf(config, layout);
    if (!problems.empty()) {
        return refuse(listed(problems));
    }
    std::vector<std::string> unused;
    for (const auto& [name, place] : m_places) {
        if (layout.find(name) != nullptr || isKnownBuffer(name)) {
            continue;
        }
        // Left out, it would make another model: a bias, a norm or an expert that this architecture does not have.
        if (name.starts_with("model.layers.")) {
            return refuse(fmt::format(
                "{} is stored, and a {} model has no such part", dubito::quoted(name), toWord(config.architecture)));
        }
        const bool isTiedHead = config.tiedHead && name == kHead;
        unused.push_back(dubito::quoted(name) + (isTiedHead ? " (the head is tied to the embedding)" : ""));
    }
    if (unused.empty()) {
        return unused;
    }
    return std::vector { fmt::format("{} tensors are stored and not used: {}", unused.size(), listed(unused)) };
}

std::vector<std::string> WeightFiles::problemsOf(const ModelConfig& config, const ParameterLayout& layout) const
{
    std::vector<std::string> problems;
    for (const Parameter& wanted : layout.parameters()) {
        const StoredTensor* found = find(wanted.name);
        if (found == nullptr) {
            problems.push_back(wanted.name == kHead
                    ? fmt::format("{} is missing, and config.json does not tie it to the embedding", wanted.name)
                    : fmt::format("{} is missing", wanted.name));
        } else if (!isWeightDtype(found->dtype)) {
            problems.push_back(
                fmt::format("{} holds {} numbers; weights are F32, BF16 or F16", wanted.name, toWord(found->dtype)));
        } else if (found->shape != wanted.shape) {
            problems.push_back(explainShape(wanted, *found, config));
        }
    }
    return problems;
}

const StoredTensor* WeightFiles::find(std::string_view name) const
{
    const auto place = m_places.find(name);
    return place == m_places.end() ? nullptr : place->second.tensor;
}

Result<void> WeightFiles::readInto(std::string_view name, std::span<float> values) const
{
    const auto place = m_places.find(name);
    if (place == m_places.end()) {
        return noSuchTensor(name);
    }
    const Safetensors& file = m_files[place->second.file];
    const auto read = file.readInto(*place->second.tensor, values);
    return read ? checkFinite(file, name, 0, values) : read;
}

Result<void> WeightFiles::readPiece(std::string_view name, std::size_t first, std::span<float> values) const
{
    const auto place = m_places.find(name);
    if (place == m_places.end()) {
        return noSuchTensor(name);
    }
    const Safetensors& file = m_files[place->second.file];
    const auto read = file.readPiece(*place->second.tensor, first, values);
    return read ? checkFinite(file, name, first, values) : read;
}

Error WeightFiles::noSuchTensor(std::string_view name) const
{
    return { ErrorCode::Model, fmt::format("has no tensor {}", dubito::quoted(name)), m_directory.string() };
}

void WeightFiles::forget(std::string_view name) const
{
    if (const auto place = m_places.find(name); place != m_places.end()) {
        m_files[place->second.file].forget(*place->second.tensor);
    }
}

Result<void> WeightFiles::readAll(const ParameterLayout& layout, std::span<float> block) const
{
    CHECK(block.size() == static_cast<std::size_t>(layout.blockSize()), "a block has the size of its layout");
    std::int64_t end = 0;
    const auto at = [&](std::int64_t offset) { return block.begin() + offset; };
    for (const Parameter& parameter : layout.parameters()) {
        std::fill(at(end), at(parameter.offset), 0.0F);
        end = parameter.offset + parameter.count;
        if (auto read = readInto(parameter.name, { at(parameter.offset), at(end) }); !read) {
            return read;
        }
        // The files stay open as long as the run; read once, they need not stay resident.
        forget(parameter.name);
    }
    std::fill(at(end), block.end(), 0.0F);
    return {};
}

std::vector<std::string> WeightFiles::names() const
{
    std::vector<std::string> names;
    for (const auto& [name, place] : m_places) {
        names.push_back(name);
    }
    return names;
}

} // namespace dubito::model
