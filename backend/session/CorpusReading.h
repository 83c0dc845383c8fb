// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "backend/base/Error.h"
#include "backend/base/Tally.h"
#include "backend/config/Config.h"
#include "backend/data/DocumentStore.h"
#include "backend/data/JsonlReader.h"
#include "backend/tokenizer/Tokenizer.h"

#include <cstdint>
#include <filesystem>
#include <functional>
#include <stop_token>
#include <string>
#include <vector>

namespace dubito::session {

/// What reading a split needs; references outlive the reading.
struct CorpusRequest {
    const config::Config& config;
    const tokenizer::Tokenizer& tokenizer;
    std::filesystem::path runFolder;
    Tally& tally;
    std::stop_token stop;
    const std::function<void(const std::string& activity, double share)>& onProgress;
};

/// A split, ready to be cut into batches.
struct Corpus {
    data::DocumentStore documents;
    data::ReadReport report;
    std::string checksum; ///< of all ids, labels and weights, in order
};

/// Reads, scores, weighs and encodes every document of a file or folder. ErrorCode::Refused when it was stopped,
/// ErrorCode::Data when nothing is left to train on.
Result<Corpus> readCorpus(const std::filesystem::path& path, const CorpusRequest& request);

/// Ids of a document, and how many of the first are a prompt's, on which nothing is trained. `ids` is replaced.
std::int64_t encodeDocument(
    const tokenizer::Tokenizer& tokenizer, const data::Document& document, std::vector<std::int32_t>& ids);

} // namespace dubito::session
